"""The kinds of ballot and the limits that a clerk sets for them, before projects are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from voting.canonical import INTEGER_BOUND
from voting.errors import RuleProblem, RuleProblemKind, RulesError


class BallotType(StrEnum):
    """How a voter says what is wanted."""

    APPROVAL = "approval"  # any of the projects
    KNAPSACK = "knapsack"  # a basket that the budget can pay
    POINTS = "points"  # a sum of points to spread
    RANKING = "ranking"  # an order, best first
    SCORES = "scores"  # a score for each project, whatever the others get


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one ballot may hold. None: no such limit. Raises RulesError if it contradicts itself.

    A blank ballot obeys all limits if `blank_allowed`: to want none of it is an answer.

    >>> Limits(ballot_type=BallotType.POINTS, sum_points_max=10, sum_points_min=10).must_spend_all
    True
    """

    ballot_type: BallotType
    blank_allowed: bool = True
    number_min: int = 0
    """Projects on a ballot that is not blank."""
    number_max: int | None = None
    sum_cost_min_minor: int | None = None
    """Cost of all approved projects together; the basket has the budget as its maximum instead."""
    sum_cost_max_minor: int | None = None
    sum_points_min: int | None = None
    sum_points_max: int | None = None
    """The points that each voter has."""
    project_points_max: int | None = None
    score_min: int | None = None
    score_max: int | None = None
    score_default: int | None = None
    """What a project without a score counts; it may lie below `score_min`. None: 0."""

    def __post_init__(self) -> None:
        problems = [*self._problems_of_fields()] or [*self._contradictions()]
        if problems:
            raise RulesError(problems)

    @property
    def must_spend_all(self) -> bool:
        """Whether every point has to be given to some project."""
        return self.sum_points_max is not None and self.sum_points_min == self.sum_points_max

    def to_canonical(self) -> dict[str, Any]:
        """Return the limits that are set, as they stand in the rule sheet."""
        every = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in every.items() if value is not None}

    @classmethod
    def from_canonical(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_canonical` wrote."""
        return cls(**{**data, "ballot_type": BallotType(data["ballot_type"])})

    def _given(self) -> dict[str, Any]:
        not_numbers = {"ballot_type", "blank_allowed"}
        return {
            name: value for name, value in self.to_canonical().items() if name not in not_numbers
        }

    def _problems_of_fields(self) -> Iterator[RuleProblem]:
        given = self._given()
        for name in sorted(given.keys() - _FIELDS[self.ballot_type]):
            yield RuleProblem(RuleProblemKind.LIMIT_FOREIGN, name)
        for name in sorted(_REQUIRED.get(self.ballot_type, frozenset()) - given.keys()):
            yield RuleProblem(RuleProblemKind.LIMIT_MISSING, name)
        for name, value in given.items():
            lowest = _LOWEST.get(name, 1 - INTEGER_BOUND)
            if type(value) is not int or value >= INTEGER_BOUND:
                yield RuleProblem(RuleProblemKind.NOT_INTEGER, name)
            elif value < lowest:
                yield RuleProblem(RuleProblemKind.TOO_LOW, name, limit=lowest, actual=value)

    def _contradictions(self) -> Iterator[RuleProblem]:
        given = self._given()
        for low, high in _ORDERED:
            if low in given and high in given and given[low] > given[high]:
                yield RuleProblem(
                    RuleProblemKind.MIN_ABOVE_MAX, low, limit=given[high], actual=given[low]
                )


_NUMBER = frozenset({"number_min", "number_max"})
_FIELDS: Mapping[BallotType, frozenset[str]] = {
    BallotType.APPROVAL: _NUMBER | {"sum_cost_min_minor", "sum_cost_max_minor"},
    BallotType.KNAPSACK: _NUMBER,
    BallotType.POINTS: _NUMBER | {"sum_points_min", "sum_points_max", "project_points_max"},
    BallotType.RANKING: _NUMBER,
    BallotType.SCORES: _NUMBER | {"score_min", "score_max", "score_default"},
}
_REQUIRED: Mapping[BallotType, frozenset[str]] = {
    BallotType.POINTS: frozenset({"sum_points_max"}),
    BallotType.SCORES: frozenset({"score_min", "score_max"}),
}
_LOWEST: Mapping[str, int] = {
    "number_min": 0,
    "number_max": 1,
    "sum_cost_min_minor": 0,
    "sum_cost_max_minor": 1,
    "sum_points_min": 0,
    "sum_points_max": 1,
    "project_points_max": 1,
}
_ORDERED = (
    ("number_min", "number_max"),
    ("sum_cost_min_minor", "sum_cost_max_minor"),
    ("sum_points_min", "sum_points_max"),
    ("number_min", "sum_points_max"),  # a project on the ballot has at least one point
    ("score_min", "score_max"),
    ("score_default", "score_max"),  # silence must not beat the best score
)
