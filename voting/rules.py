"""The rules of one ballot: its limits, the projects on it and the budget they compete for."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from voting.canonical import INTEGER_BOUND
from voting.errors import RuleProblem, RuleProblemKind, RulesError
from voting.limits import BallotType, Limits

PROJECT_ID_LENGTH_MAX = 64
COMBINATIONS_MAX = 50_000
"""Different sums tried in search of a basket that fits; so many sums leave hardly a gap."""


@dataclass(frozen=True, kw_only=True)
class BallotRules:
    """Limits and projects together, as frozen in the rule sheet when voting opens.

    `costs_minor`: the cost of each project on the ballot. Raises RulesError if a project could
    never be chosen, or if no ballot with a choice on it could obey the limits.
    """

    limits: Limits
    budget_minor: int
    costs_minor: Mapping[str, int]

    def __post_init__(self) -> None:
        frozen = MappingProxyType(dict(sorted(self.costs_minor.items())))
        object.__setattr__(self, "costs_minor", frozen)
        problems = [*self._problems_of_projects()] or [*self._impossibilities()]
        if problems:
            raise RulesError(problems)

    @property
    def ballot_type(self) -> BallotType:
        """How a voter says what is wanted."""
        return self.limits.ballot_type

    @property
    def number_max(self) -> int:
        """The most projects that one ballot can hold; never more than there are."""
        count = len(self.costs_minor)
        return count if self.limits.number_max is None else min(self.limits.number_max, count)

    @property
    def cost_max_minor(self) -> int | None:
        """What the chosen projects may cost together; None if their cost does not matter."""
        if self.ballot_type is BallotType.KNAPSACK:
            return self.budget_minor
        return self.limits.sum_cost_max_minor

    def to_canonical(self) -> dict[str, Any]:
        """Return the part of the rule sheet from which these rules can be read again."""
        return {
            "limits": self.limits.to_canonical(),
            "budget_minor": self.budget_minor,
            # Pairs, since the keys of a canonical object are ASCII and project ids need not be.
            "costs_minor": [list(pair) for pair in self.costs_minor.items()],
        }

    @classmethod
    def from_canonical(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_canonical` wrote."""
        return cls(
            limits=Limits.from_canonical(data["limits"]),
            budget_minor=data["budget_minor"],
            costs_minor=dict(data["costs_minor"]),
        )

    def _problems_of_projects(self) -> Iterator[RuleProblem]:
        if not _is_amount(self.budget_minor):
            yield RuleProblem(RuleProblemKind.TOO_LOW, "budget_minor", limit=1)
        if not self.costs_minor:
            yield RuleProblem(RuleProblemKind.NO_PROJECTS, "costs_minor")
        malformed = tuple(project for project in self.costs_minor if not _is_id(project))
        if malformed:
            yield RuleProblem(RuleProblemKind.PROJECT_ID_MALFORMED, "costs_minor", malformed)
        unpriced = tuple(p for p, cost in self.costs_minor.items() if not _is_amount(cost))
        if unpriced:
            yield RuleProblem(RuleProblemKind.TOO_LOW, "costs_minor", unpriced, limit=1)

    def _impossibilities(self) -> Iterator[RuleProblem]:
        number_min, count = self.limits.number_min, len(self.costs_minor)
        if number_min > count:
            yield RuleProblem(
                RuleProblemKind.NUMBER_MIN_ABOVE_PROJECTS,
                "number_min",
                limit=count,
                actual=number_min,
            )
        else:
            yield from self._unaffordable()
            yield from self._unreachable_points()

    def _unaffordable(self) -> Iterator[RuleProblem]:
        low, high = self.limits.sum_cost_min_minor, self.cost_max_minor
        costs = sorted(self.costs_minor.values())
        if high is not None:
            too_dear = tuple(p for p, cost in self.costs_minor.items() if cost > high)
            if too_dear:
                yield RuleProblem(
                    RuleProblemKind.PROJECT_TOO_DEAR, "costs_minor", too_dear, limit=high
                )
                return
            cheapest = sum(costs[: self.limits.number_min])
            if cheapest > high:
                yield RuleProblem(
                    RuleProblemKind.CHEAPEST_TOO_DEAR, "number_min", limit=high, actual=cheapest
                )
                return
        if low is not None:
            yield from self._unreachable_cost(costs, low, high)

    def _unreachable_cost(
        self, costs: list[int], low: int, high: int | None
    ) -> Iterator[RuleProblem]:
        dearest = sum(costs[-self.number_max :])
        if dearest < low:
            yield RuleProblem(
                RuleProblemKind.DEAREST_TOO_CHEAP, "sum_cost_min_minor", limit=dearest, actual=low
            )
        elif high is not None and not self._some_basket_fits(costs, low, high):
            yield RuleProblem(
                RuleProblemKind.NO_COMBINATION, "sum_cost_min_minor", limit=high, actual=low
            )

    def _some_basket_fits(self, costs: list[int], low: int, high: int) -> bool:
        """Whether some allowed number of projects costs from `low` to `high` together.

        Tries all sums; gives up with True beyond COMBINATIONS_MAX of them.
        """
        reached = {(0, 0)}  # how many projects, what they cost together
        for cost in costs:
            longer = {(number + 1, total + cost) for number, total in reached}
            reached |= {
                (number, total)
                for number, total in longer
                if number <= self.number_max and total <= high
            }
            if len(reached) > COMBINATIONS_MAX:
                return True
        return any(number >= self.limits.number_min and total >= low for number, total in reached)

    def _unreachable_points(self) -> Iterator[RuleProblem]:
        low, each = self.limits.sum_points_min, self.limits.project_points_max
        if low is not None and each is not None and each * self.number_max < low:
            yield RuleProblem(
                RuleProblemKind.POINTS_MIN_OUT_OF_REACH,
                "sum_points_min",
                limit=each * self.number_max,
                actual=low,
            )


def _is_amount(value: object) -> bool:
    return type(value) is int and 0 < value < INTEGER_BOUND


def _is_id(project: str) -> bool:
    """Whether an id can stand in a record, in a form field's name and in a Pabulib list."""
    return (
        0 < len(project) <= PROJECT_ID_LENGTH_MAX
        and project.isprintable()
        and project == project.strip()
        and "," not in project
        and unicodedata.is_normalized("NFC", project)
    )
