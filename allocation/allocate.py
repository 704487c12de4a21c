"""The way into counting: one function for every rule."""

from fractions import Fraction

from allocation.comparison import take_preferred
from allocation.completion import Progress, completed_equal_shares
from allocation.contest import Contest, prepare
from allocation.greedy import greedy
from allocation.instance import Instance
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.phragmen import phragmen
from allocation.rule_sheet import RuleSheet


def _silent(_runs: int, _spent: Fraction) -> None:
    """Progress that nobody watches."""


def allocate(instance: Instance, sheet: RuleSheet, *, progress: Progress = _silent) -> Outcome:
    """Decide which projects are funded.

    `progress` is told after each run of equal shares how many were made and what share of the
    budget the last one spent. Raises an AllocationError when the rule sheet does not fit the
    ballots, a tie is left open, constraints clash or a solver fails.
    """
    contest = prepare(instance, sheet)
    if contest.sheet.rule is Rule.EQUAL_SHARES:
        return take_preferred(contest, completed_equal_shares(contest, progress))
    if contest.sheet.rule is Rule.GREEDY:
        return greedy(contest)
    if contest.sheet.rule is Rule.PHRAGMEN:
        return phragmen(contest)
    return _with_heavy_libraries(contest)


def _with_heavy_libraries(contest: Contest) -> Outcome:
    """Count with PuLP or pabutools, which take time to load and which most counts never need."""
    if contest.sheet.rule is Rule.KNAPSACK:
        from allocation.knapsack import knapsack  # noqa: PLC0415 (see above)

        return knapsack(contest)
    from allocation.pabutools_rules import maximin  # noqa: PLC0415 (see above)

    return maximin(contest)
