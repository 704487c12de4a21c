"""Equal shares by the compiled kernel; what its bounds leave open is decided in fractions."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allocation.contest import Contest
from allocation.engine import kernel, search
from allocation.engine.book import Book, new_book
from allocation.engine.bounds import bounds_of
from allocation.engine.election import Election, build_election
from allocation.engine.replay import Replay
from allocation.equal_shares import Purchase, Run
from allocation.runs import Stretch
from allocation.tie_breaking import Tie

CLASSES_FIRST = 4096
# Room for lists of supporters that are kept: some runs' worth, or less where that is very much.
POOL_PER_ENTRY = 4
POOL_MAX = 2**22
# A waiting person sees progress after runs that together look at so many entries at most.
ENTRIES_BETWEEN_REPORTS = 2**25
NO_ANSWERS: Mapping[int, int] = {}


class CompiledRun(NamedTuple):
    """What `kernel.run` returns."""

    status: int
    winners: NDArray[np.int64]
    reach: float
    contenders: NDArray[np.int64]
    exact_ties: int
    tied: tuple[NDArray[np.int64], NDArray[np.int64]]

    def ties(self) -> list[tuple[int, list[int]]]:
        """Give the rounds (from 0) of certain ties, with the projects."""
        pairs = zip(self.tied[0].tolist(), self.tied[1].tolist(), strict=True)
        by_round = groupby(pairs, key=itemgetter(0))
        ties = [(round_, [project for _, project in members]) for round_, members in by_round]
        if self.status == kernel.UNRESOLVED_TIE:
            ties.append((len(self.winners), self.contenders.tolist()))
        return ties


@dataclass
class CertifiedRuns:
    """Runs of one contest: at one endowment, or over a stretch of them at once.

    `made` counts the runs, `decided_exactly` the decisions that bounds could not certify.
    `book_before` is one of an election with the same ballots, whose purchases are taken up.
    """

    contest: Contest
    election: Election
    made: int = 0
    decided_exactly: int = 0
    book_before: Book | None = None
    _book: Book = field(init=False)
    _pace: NDArray[np.int64] = field(init=False)
    _last: Run | None = None

    def __post_init__(self) -> None:
        self._book = self.book_before or self._new_book(CLASSES_FIRST)
        self._pace = search.new_pace()

    @cached_property
    def supported(self) -> Set[str]:
        return {self.election.ids[p] for p in self.election.ballots.supported}

    def with_costs(self, contest: Contest, election: Election) -> "CertifiedRuns":
        """Prepare runs of an election with the same ballots and other costs."""
        return CertifiedRuns(contest, election, book_before=self._book)

    def at(self, endowment: Fraction) -> Run:
        """Run at one endowment, to the end. Raises TieUnresolvedError."""
        if self._last is None or self._last.endowment != endowment:
            self._last = self._at(endowment)
        return self._last

    def stretch(self, first: Fraction, step: Fraction) -> Stretch:
        """Pass over endowments from `first` on, by steps, to the next that asks for a look."""
        bounds = np.array(bounds_of(first)), np.array(bounds_of(step))
        sheet, budget = self.contest.sheet, float(self.contest.instance.budget)
        while True:
            made, ties = self._pace[search.MADE], self._pace[search.TIES]
            status, begin, end, winners = search.search(
                self.election.ballots,
                self._book,
                *bounds,
                budget,
                sheet.exhaustive_stop,
                self._pace,
                1 + ENTRIES_BETWEEN_REPORTS // (1 + len(self.election.ballots.groups)),
            )
            self.made += int(self._pace[search.MADE] - made)
            self.decided_exactly += int(self._pace[search.TIES] - ties)
            if status == kernel.DONE:
                return Stretch(
                    first + begin * step, first + (end - 1) * step, *self._winners(winners)
                )
            if status == kernel.NO_ROOM:
                self._book = self._new_book(2 * self._book.tree.shape[1])
                first += begin * step
                bounds = np.array(bounds_of(first)), bounds[1]
                continue
            alone = self.at(first + begin * step)
            return Stretch(alone.endowment, alone.endowment, alone.winners, alone.cost)

    def _at(self, endowment: Fraction) -> Run:
        answers: dict[int, int] = {}
        ties: dict[int, Tie] = {}
        self.made += 1
        run = self._decided(endowment, answers, ties)
        self.decided_exactly += run.exact_ties + len(answers)
        replay = Replay(self.election, self._book, endowment)
        for round_, projects in run.ties():
            replay.follow(run.winners[:round_].tolist())
            offer = replay.offer(projects[0])
            if offer is None:
                raise ValueError(f"a tie in round {round_ + 1} of a project that nobody can pay")
            value = offer.price_level * self.election.scale
            ties[round_] = self._break(projects, round_, endowment, value)
        winners, cost = self._winners(run.winners)

        def purchases() -> tuple[Purchase, ...]:
            # Other runs have used the book since, so this one is entered again.
            again = self._decided(endowment, dict(answers), {})
            if self._winners(again.winners)[0] != winners:
                raise ValueError(f"two runs at {endowment} differ")
            replay = Replay(self.election, self._book, endowment)
            replay.follow(again.winners.tolist())
            return tuple(replay.purchases)

        in_order = tuple(ties[round_] for round_ in sorted(ties))
        return Run(endowment, winners, in_order, cost, purchases)

    def _decided(
        self, endowment: Fraction, answers: dict[int, int], ties: dict[int, Tie]
    ) -> CompiledRun:
        """Run at one endowment, and add an answer, perhaps a tie, for each round left undecided."""
        while True:
            run = self._compiled(endowment, endowment, answers)
            if run.status != kernel.UNDECIDED:
                return run
            answers[len(run.winners)] = self._decide(run, endowment, ties)

    def _compiled(
        self, first: Fraction, last: Fraction, answers: Mapping[int, int] = NO_ANSWERS
    ) -> CompiledRun:
        given = np.full(len(self.election.ids) + 1, kernel.NO_ANSWER, dtype=np.int64)
        for round_, answer in answers.items():
            given[round_] = answer
        ends = (*bounds_of(first), *bounds_of(last))
        while True:
            run = CompiledRun(*kernel.run(self.election.ballots, self._book, *ends, given))
            if run.status != kernel.NO_ROOM:
                return run
            self._book = self._new_book(2 * self._book.tree.shape[1])

    def _new_book(self, classes: int) -> Book:
        ballots = self.election.ballots
        return new_book(ballots, classes, min(POOL_PER_ENTRY * len(ballots.groups), POOL_MAX))

    def _decide(self, run: CompiledRun, endowment: Fraction, ties: dict[int, Tie]) -> int:
        """Answer a question of the kernel exactly: the winner of the round, or NOBODY."""
        replay = Replay(self.election, self._book, endowment)
        replay.follow(run.winners.tolist())
        projects = run.contenders.tolist()
        offers = {p: offer for p in projects if (offer := replay.offer(p)) is not None}
        if not offers:
            return kernel.NOBODY
        best = min(offer.price_level for offer in offers.values())
        tied = [p for p, offer in offers.items() if offer.price_level == best]
        if len(tied) == 1:
            return int(tied[0])
        round_ = len(run.winners)
        ties[round_] = self._break(tied, round_, endowment, best * self.election.scale)
        return self.election.ids.index(ties[round_].chosen)

    def _break(self, projects: list[int], round_: int, endowment: Fraction, value: Fraction) -> Tie:
        return self.contest.tie_breaker.break_tie(
            [self.election.ids[p] for p in projects],
            stage="run",
            round_number=round_ + 1,
            value=value,
            endowment=endowment,
        )

    def _winners(self, winners: NDArray[np.int64]) -> tuple[tuple[int, ...], int]:
        """Give winners by their places in the file, and what they cost together."""
        listed = tuple(self.election.listed[winners].tolist())
        return listed, sum(self.election.costs[project] for project in winners.tolist())


def certified_runs(contest: Contest) -> CertifiedRuns | None:
    """Prepare compiled runs; None if the numbers of the contest are too large for doubles."""
    election = build_election(contest)
    return None if election is None else CertifiedRuns(contest, election)
