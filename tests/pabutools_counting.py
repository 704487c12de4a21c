"""Equal shares counted by pabutools with our tie list, for comparison with our own count.

Its search for an endowment starts at the plain share and always stops when exhaustive, and it never
looks whether everything is affordable at once: `RuleSheet`s for a comparison say the same.
"""

from dataclasses import dataclass
from fractions import Fraction

from pabutools.rules import BudgetAllocation
from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme

from allocation.contest import Contest
from allocation.options import APPROVALS
from allocation.pabutools_adapter import (
    AlignedTies,
    exact,
    id_of,
    profile_and_satisfaction,
    to_pabutools,
)


@dataclass(frozen=True)
class TheirCount:
    """Winners in the order of purchase; each tie as the tied ids and the chosen one."""

    winners: tuple[str, ...]
    ties: tuple[tuple[tuple[str, ...], str], ...]
    endowment: Fraction


def their_count(contest: Contest, *, increment: Fraction | None = None) -> TheirCount:
    """One run at the plain share, or a search in steps of `increment` minor units.

    After a search the ties are left out: pabutools tells those of every run that it made.
    """
    instance, projects = to_pabutools(contest.instance)
    profile, measure = profile_and_satisfaction(contest, instance, projects)
    ties = AlignedTies(contest, "run")
    funded = method_of_equal_shares_scheme(
        instance,
        profile,
        profile.as_sat_profile(measure),
        exact(contest.plain_endowment),
        BudgetAllocation(),
        ties,
        voter_budget_increment=increment and exact(increment),
        binary_sat=contest.utility in APPROVALS,
        analytics=True,
    )
    ids = [project.id for project in contest.instance.projects]
    start = funded.details.iterations[0].voters_budget[0]
    return TheirCount(
        winners=tuple(id_of(project, ids) for project in funded),
        ties=() if increment else tuple((tie.between, tie.chosen) for tie in ties.ties),
        endowment=Fraction(int(start.numerator), int(start.denominator)),
    )
