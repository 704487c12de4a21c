"""Margins once more by trying everything, as an oracle: for elections of a few ballots."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from literal_counting import literal_run, votes_of

from allocation.errors import TieUnresolvedError
from allocation.instance import Ballot, Instance
from allocation.options import Completion
from allocation.rule_sheet import RuleSheet
from allocation.tie_breaking import TieBreaker


@dataclass(frozen=True)
class FixedCount:
    """Counting at an endowment that is held fixed, with the fill if the rule sheet has one."""

    sheet: RuleSheet
    endowment: Fraction

    def funds(self, instance: Instance, id_: str, endowment: Fraction | None = None) -> bool:
        try:
            return id_ in self._winners(instance, endowment or self.endowment)
        except TieUnresolvedError:
            return False

    def _winners(self, instance: Instance, endowment: Fraction) -> list[str]:
        votes = {p.id: votes_of(instance, p.id) for p in instance.projects}
        tie_breaker = TieBreaker(instance, votes, self.sheet.ties, self.sheet.lot_seed)

        def choose(tied: list[str]) -> str:
            return tie_breaker.break_tie(tied, stage="", round_number=1).chosen

        winners = literal_run(instance, self.sheet.utility, endowment, choose)
        if self.sheet.completion not in {Completion.UTILITARIAN, Completion.ADD1U}:
            return winners
        while fitting := [
            p.id
            for p in instance.projects
            if p.id not in winners and instance.cost_of([*winners, p.id]) <= instance.budget
        ]:
            most = max(votes[id_] for id_ in fitting)
            tied = [id_ for id_ in fitting if votes[id_] == most]
            winners.append(tied[0] if len(tied) == 1 else choose(tied))
        return winners


def greatest_cost(count: FixedCount, instance: Instance, id_: str, costs: range) -> int | None:
    return max((c for c in costs if count.funds(costing(instance, id_, c), id_)), default=None)


def costing(instance: Instance, id_: str, cost: int) -> Instance:
    projects = (replace(p, cost=cost) if p.id == id_ else p for p in instance.projects)
    return replace(instance, projects=tuple(projects))


def outcomes_by_number(
    count: FixedCount, instance: Instance, id_: str, *, adding: bool
) -> dict[int, set[bool]]:
    """Whether the project is funded, for every choice of so many ballots that start or stop
    naming it.
    """
    found: dict[int, set[bool]] = {}
    for number, changed in _choices(instance, id_, adding=adding):
        found.setdefault(number, set()).add(count.funds(changed, id_))
    return found


def choices_of_ballots(instance: Instance, id_: str, *, adding: bool) -> int:
    """Count what `outcomes_by_number` would try."""
    product = 1
    for copies in _kinds(instance, id_, adding=adding).values():
        product *= copies + 1
    return product


def _kinds(instance: Instance, id_: str, *, adding: bool) -> "Counter[Kind]":
    return Counter(
        Kind(ballot.choices, ballot.points)
        for ballot in instance.ballots
        if adding != _names(ballot, id_)
    )


@dataclass(frozen=True)
class Kind:
    choices: tuple[str, ...]
    points: tuple[Fraction, ...]


def _names(ballot: Ballot, id_: str) -> bool:
    points = dict(zip(ballot.choices, ballot.points or [1] * len(ballot.choices), strict=True))
    return points.get(id_, 0) > 0


def _choices(instance: Instance, id_: str, *, adding: bool) -> Iterator[tuple[int, Instance]]:
    kinds = _kinds(instance, id_, adding=adding)
    change = _naming if adding else _not_naming
    for numbers in itertools.product(*(range(copies + 1) for copies in kinds.values())):
        left = dict(zip(kinds, numbers, strict=True))
        ballots = []
        for ballot in instance.ballots:
            kind = Kind(ballot.choices, ballot.points)
            if left.get(kind):
                left[kind] -= 1
                ballot = change(ballot, id_)  # noqa: PLW2901
            ballots.append(ballot)
        yield sum(numbers), replace(instance, ballots=tuple(ballots))


def _naming(ballot: Ballot, id_: str) -> Ballot:
    return replace(ballot, choices=(*ballot.choices, id_))


def _not_naming(ballot: Ballot, id_: str) -> Ballot:
    kept = [place for place, choice in enumerate(ballot.choices) if choice != id_]
    points = tuple(ballot.points[place] for place in kept) if ballot.points else ()
    return replace(ballot, choices=tuple(ballot.choices[place] for place in kept), points=points)


def funded_with_new(count: FixedCount, instance: Instance, id_: str, number: int) -> bool:
    """Count with new ballots for the project alone; what was dealt out is divided among all."""
    old = len(instance.ballots)
    new = tuple(Ballot((id_,)) for _ in range(number))
    changed = replace(instance, ballots=(*instance.ballots, *new))
    return count.funds(changed, id_, count.endowment * old / (old + number))
