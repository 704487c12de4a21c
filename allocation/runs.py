"""Runs of equal shares as the completion asks for them: compiled, or by the plain rational code."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from allocation.contest import Contest
from allocation.equal_shares import Run, equal_shares


@dataclass(frozen=True, slots=True)
class Stretch:
    """Endowments `first`, `first + step`, ... up to `last` with the same winners in the same order.

    `cost` is what these cost together, in minor units.
    """

    first: Fraction
    last: Fraction
    winners: tuple[int, ...]
    cost: int


class Runs(Protocol):
    """`made` counts the runs, `decided_exactly` the decisions that bounds could not certify."""

    made: int
    decided_exactly: int

    @property
    def supported(self) -> Set[str]:
        """The projects that are worth something to somebody."""

    def at(self, endowment: Fraction) -> Run:
        """Run at one endowment. Raises TieUnresolvedError."""

    def stretch(self, first: Fraction, step: Fraction) -> Stretch:
        """Run from `first` on, by steps, and say how far the winners are surely the same.

        May pass over endowments before: surely not the search's end, since their winners are
        affordable and leave something to be bought.
        """


@dataclass
class PlainRuns:
    """The plain rational code, one endowment after the other: the yardstick of the other."""

    contest: Contest
    made: int = 0
    decided_exactly: int = 0
    _last: Run | None = None

    def at(self, endowment: Fraction) -> Run:
        if self._last is None or self._last.endowment != endowment:
            contest = self.contest
            self._last = equal_shares(
                contest.electorate, endowment, contest.tie_breaker, self._exclusive
            )
            self.made += 1
        return self._last

    def stretch(self, first: Fraction, step: Fraction) -> Stretch:  # noqa: ARG002 (one at a time)
        run = self.at(first)
        return Stretch(first, first, run.winners, run.cost)

    @cached_property
    def supported(self) -> Set[str]:
        electorate = self.contest.electorate
        return {
            id_
            for id_, count in zip(electorate.ids, electorate.supporter_counts, strict=True)
            if count
        }

    @cached_property
    def _exclusive(self) -> Sequence[frozenset[int]]:
        index = {id_: place for place, id_ in enumerate(self.contest.electorate.ids)}
        return [frozenset(index[id_] for id_ in group) for group in self.contest.exclusive]


def runs_of(contest: Contest) -> Runs:
    """Choose the compiled code, unless the rule sheet or numbers beyond doubles forbid it."""
    if contest.sheet.exact_only:
        return PlainRuns(contest)
    # Loaded only where equal shares is counted: it takes a moment.
    from allocation.engine.certified import certified_runs  # noqa: PLC0415

    return certified_runs(contest) or PlainRuns(contest)
