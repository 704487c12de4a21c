"""Phragmén and maximin support, as pabutools counts them, with our tie list.

Phragmén is exact. Maximin support solves linear programs in floating point, so its outcome is not
exact and close calls may go either way; the outcome says so.
"""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pabutools.rules import maximin_support, sequential_phragmen

from allocation.contest import Contest
from allocation.outcome import Outcome
from allocation.pabutools_adapter import (
    AlignedTies,
    approval_list_profile,
    approval_profile,
    id_of,
    to_pabutools,
)


def phragmen(contest: Contest) -> Outcome:
    """Count by Phragmén's sequential rule: the next project is the one paid for soonest."""
    return _count(contest, sequential_phragmen, approval_profile)


def maximin(contest: Contest) -> Outcome:
    """Count by maximin support: each project keeps the heaviest burden on a ballot smallest."""
    with warnings.catch_warnings():
        # pabutools 1.2.3 uses names that PuLP 4 will drop; PuLP is pinned below 4.
        warnings.filterwarnings("ignore", message=".*PuLP 4", category=DeprecationWarning)
        outcome = _count(contest, maximin_support, approval_list_profile)
    return replace(outcome, exact=False)


def _count(contest: Contest, rule: Callable[..., Any], to_profile: Callable[..., Any]) -> Outcome:
    contest = contest.without_unsupported()  # pabutools would fund the others last
    instance, projects = to_pabutools(contest.instance)
    ties = AlignedTies(contest, contest.sheet.rule.value)
    funded = rule(instance, to_profile(contest.instance, instance, projects), tie_breaking=ties)
    ids = [project.id for project in contest.instance.projects]
    winners = tuple(id_of(project, ids) for project in funded)
    return Outcome(
        sheet=contest.sheet,
        winners=winners,
        total_cost=contest.instance.cost_of(winners),
        ties=tuple(ties.ties),
    )
