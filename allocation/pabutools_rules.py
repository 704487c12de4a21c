"""Maximin support, as pabutools counts it, with our tie list.

It solves linear programs in floating point, so its outcome is not exact and close calls may go
either way; the outcome says so.
"""

import warnings

from pabutools.rules import maximin_support

from allocation.contest import Contest
from allocation.outcome import Outcome
from allocation.pabutools_adapter import (
    AlignedTies,
    approval_list_profile,
    id_of,
    to_pabutools,
)


def maximin(contest: Contest) -> Outcome:
    """Count by maximin support: each project keeps the heaviest burden on a ballot smallest."""
    contest = contest.without_unsupported()  # pabutools would fund the others last
    instance, projects = to_pabutools(contest.instance)
    profile = approval_list_profile(contest.instance, instance, projects)
    ties = AlignedTies(contest, contest.sheet.rule.value)
    with warnings.catch_warnings():
        # pabutools 1.2.3 uses names that PuLP 4 will drop; PuLP is pinned below 4.
        warnings.filterwarnings("ignore", message=".*PuLP 4", category=DeprecationWarning)
        funded = maximin_support(instance, profile, tie_breaking=ties)
    ids = [project.id for project in contest.instance.projects]
    winners = tuple(id_of(project, ids) for project in funded)
    return Outcome(
        sheet=contest.sheet,
        winners=winners,
        total_cost=contest.instance.cost_of(winners),
        ties=tuple(ties.ties),
        exact=False,
    )
