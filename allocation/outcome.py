"""What a count returns: the winners and everything needed to check and explain them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from allocation.equal_shares import Run
from allocation.options import Comparison
from allocation.rule_sheet import RuleSheet
from allocation.tie_breaking import Tie


class SearchEnd(StrEnum):
    """Why the search for an endowment ended with the run that was kept."""

    SINGLE_RUN = "single-run"  # the completion asks for one run only
    ALL_AFFORDABLE = "all-affordable"  # all projects together fit the budget
    EXHAUSTIVE = "exhaustive"  # no further project fits the money left
    ALL_SUPPORTED_FUNDED = "all-supported-funded"  # nothing else has a vote
    NEXT_OVERSPENDS = "next-overspends"  # the next step costs more than the budget


@dataclass(frozen=True, slots=True)
class Search:
    """The run of equal shares that was kept, and the one that ended the search, if any.

    `runs` counts the runs made, one over a whole stretch of endowments as one; `decided_exactly`
    the decisions in them that error bounds could not certify, so that exact numbers decided.
    """

    kept: Run
    end: SearchEnd
    ended_by: Run | None
    runs: int
    decided_exactly: int


@dataclass(frozen=True, slots=True)
class ComparisonReport:
    """How many ballots prefer which of two outcomes, and in what they differ.

    `prefer_completed` ballots are better off under completed equal shares, `prefer_greedy` under
    greedy. The greedy outcome is taken only if strictly more prefer it.
    """

    measure: Comparison
    prefer_completed: int
    prefer_greedy: int
    only_completed: tuple[str, ...]
    only_greedy: tuple[str, ...]

    @property
    def greedy_taken(self) -> bool:
        return self.prefer_greedy > self.prefer_completed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Winners in the order in which they were chosen; amounts in minor units.

    `sheet` is the rule sheet as counted, its utility filled in. `endowment` is what a ballot
    started with in the accepted run; None where the winners do not come from equal shares.
    `added` are the winners of the fill. `objective`, `bound`, `proven_optimal` and `unique` belong
    to knapsack. `costs` are what the winners with an adjustable cost were given; None where no
    project has one. `exact` is False where floats took part (maximin support).
    """

    sheet: RuleSheet
    winners: tuple[str, ...]
    total_cost: int
    endowment: Fraction | None = None
    added: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    runs: int = 0
    decided_exactly: int = 0
    search: Search | None = None
    comparison: ComparisonReport | None = None
    objective: Fraction | None = None
    bound: Fraction | None = None
    proven_optimal: bool | None = None
    unique: bool | None = None
    costs: Mapping[str, int] | None = None
    exact: bool = True
