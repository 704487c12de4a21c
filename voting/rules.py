"""The rules of one ballot: its limits, the projects on it and the budget they compete for."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from voting.canonical import INTEGER_BOUND
from voting.errors import RuleProblem, RuleProblemKind, RulesError
from voting.feasibility import find_impossibility
from voting.limits import BallotType, Limits

PROJECT_ID_LENGTH_MAX = 64


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
        problems = [*self._problems_of_projects()]
        if problems:
            raise RulesError(problems)
        impossibility = find_impossibility(
            self.limits,
            self.costs_minor,
            number_max=self.number_max,
            cost_max_minor=self.cost_max_minor,
        )
        if impossibility:
            raise RulesError([impossibility])

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
