"""A quick recount: it begins at the first endowment at which a changed project may matter.

Completion raises the endowment step by step. Until a changed project is bought, every run is as it
was without the change. So where it stays clearly too dear to be bought, by estimates in doubles
with a margin that covers their rounding, the search goes on as before; from the first endowment at
which that is not clear, runs are made as always. The estimates only say where to begin.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocation.completion import FILLS_UP, RAISES_ENDOWMENT
from allocation.contest import Contest
from allocation.equal_shares import Run
from allocation.errors import AllocationError
from allocation.greedy import fund_in_order
from allocation.near_run import near_payments
from allocation.options import Comparison
from allocation.recount import changed as changed_contest
from allocation.recount import with_cost
from allocation.replay import Replay
from allocation.runs import Runs, Stretch, runs_of
from allocation.utilities import UTILITIES_WITH_COST

if TYPE_CHECKING:
    from allocation.engine.edits import Edits

# Above this a search leaps, and looking at every endowment would be the slow way.
ENDOWMENTS_MAX = 300
# Groups times projects; a table of so many doubles is made.
TABLE_MAX = 8_000_000
CLEARLY_TOO_LITTLE = 1 - 1e-6


@dataclass(frozen=True)
class ChangedProject:
    """One project with other data: who supports it (group -> ballots), and how many new ballots
    name it and nothing else. `votes` None: they are as before, and so are the supporters.

    `lost`: it was not funded without the change, so most runs may be as they were.
    """

    project: int
    cost: int
    supporters: Mapping[int, int]
    new_ballots: int = 0
    votes: Fraction | None = None
    lost: bool = True


@dataclass(frozen=True, eq=False)
class _Step:
    """A run in doubles: per round the winner, its price level, and the payment per share."""

    run: Run
    winners: NDArray[np.int64]
    levels: NDArray[np.float64]
    payments: NDArray[np.float64]


@dataclass(eq=False)
class SearchPath:
    """The runs of a search for an endowment, kept for quick recounts of one contest."""

    contest: Contest
    replay: Replay
    runs: Runs
    kept: Run
    _steps: dict[Fraction, _Step] = field(default_factory=dict)
    _alike_for: frozenset[int] | None = None
    _kind_of_group: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def funds(self, changed: ChangedProject, whole: Callable[[], Contest]) -> bool | None:
        """Recount the contest with a changed project; None: there is no quick way here.

        `whole` gives the changed contest with all ballots, for where one is needed. A count that is
        refused for an open tie funds nobody.
        """
        first = self._first(changed)
        if first is None:
            return None
        contest = self._contest(changed)
        begin = self._begin(contest, changed, first) if changed.lost else first
        try:
            runs = self.runs_with(changed, whole)
            return self._funded_from(contest, runs, begin, changed.project)
        except AllocationError:
            return False

    def runs_with(self, changed: ChangedProject, whole: Callable[[], Contest]) -> Runs:
        """Prepare runs of the contest with a changed project, if possible by editing arrays."""
        # Loaded only where equal shares is counted: it takes a moment.
        from allocation.engine.certified import CertifiedRuns  # noqa: PLC0415

        if self._edits is None or not isinstance(self.runs, CertifiedRuns):
            return runs_of(whole())
        contest = self._contest(changed)
        if changed.votes is None:
            election = self._edits.with_cost(contest)
            return self.runs.with_costs(contest, election) if election else runs_of(whole())
        election = self._edits.with_supporters(
            contest, changed.project, changed.supporters, changed.new_ballots
        )
        return CertifiedRuns(contest, election) if election else runs_of(whole())

    @cached_property
    def _edits(self) -> "Edits | None":
        from allocation.engine.certified import CertifiedRuns  # noqa: PLC0415
        from allocation.engine.edits import Edits  # noqa: PLC0415

        if not isinstance(self.runs, CertifiedRuns):
            return None
        return Edits(self.contest, self.runs.election, self.replay.electorate)

    def _contest(self, changed: ChangedProject) -> Contest:
        """Give the contest with other costs and votes, over the same ballots."""
        id_ = self.contest.instance.projects[changed.project].id
        instance = with_cost(self.contest.instance, id_, changed.cost)
        return changed_contest(self.contest, instance, id_, changed.votes)

    def _first(self, changed: ChangedProject) -> Fraction | None:
        """Give the endowment at which the search begins, if the quick way is open."""
        sheet, instance = self.contest.sheet, self.contest.instance
        if sheet.completion not in RAISES_ENDOWMENT or sheet.comparison is not Comparison.NONE:
            return None
        if self.contest.exclusive or self._table is None:
            return None
        others = instance.cost_of(set(instance.project_by_id))
        if others - instance.projects[changed.project].cost + changed.cost <= instance.budget:
            return None
        unit = instance.minor_per_unit
        share = Fraction(instance.budget, self.replay.electorate.ballots + changed.new_ballots)
        first = Fraction(share // unit * unit) if sheet.integral_start else share
        steps = (self.kept.endowment - first) / self._increment
        return first if steps.denominator == 1 and 0 <= steps <= ENDOWMENTS_MAX else None

    @cached_property
    def _increment(self) -> Fraction:
        return self.contest.sheet.increment * self.contest.instance.minor_per_unit

    def _begin(self, contest: Contest, changed: ChangedProject, first: Fraction) -> Fraction:
        """Find an endowment up to which all runs are as they were and none ended the search."""
        number = int((self.kept.endowment - first) / self._increment) + 1
        endowments = [first + place * self._increment for place in range(number)]
        steps = [self._step(endowment) for endowment in endowments]
        costs = np.array([float(project.cost) for project in contest.instance.projects])
        stays = (
            changed.project not in step.run.winners and self._goes_on(costs, step) for step in steps
        )
        ends = next((place for place, same in enumerate(stays) if not same), number - 1)
        first_bought = self._first_affordable(contest, changed, steps[: ends + 1])
        ends = ends if first_bought < 0 else min(ends, first_bought)
        # The run before an overspending one is kept, so it is made again.
        return endowments[max(0, ends - 1)]

    def _goes_on(self, costs: NDArray[np.float64], step: _Step) -> bool:
        """Say whether the search goes on after a run that is as it was."""
        left = self.contest.instance.budget - step.run.cost
        fits = costs <= left
        fits[step.winners] = False
        return left >= 0 and bool(fits.any())

    def _first_affordable(
        self, contest: Contest, changed: ChangedProject, steps: Sequence[_Step]
    ) -> int:
        """Estimate in which of the runs the changed project may first be bought; -1: in none."""
        # Loaded only where it is used: the compiler takes a moment.
        from allocation.first_affordable import first_affordable  # noqa: PLC0415

        table = self._table
        if table is None:
            raise ValueError("there is no quick way without the table")
        groups, shares, ballots = self._alike(changed, table)
        rounds = max(len(step.winners) for step in steps) + 1
        winners = np.zeros((len(steps), rounds), dtype=np.int64)
        levels = np.full((len(steps), rounds), np.inf)
        payments = np.zeros((len(steps), rounds))
        for place, step in enumerate(steps):
            winners[place, : len(step.winners)] = step.winners
            levels[place, : len(step.winners)] = step.levels
            payments[place, : len(step.winners)] = step.payments
        unit = changed.cost if contest.utility in UTILITIES_WITH_COST else 1
        return first_affordable(
            np.array([float(step.run.endowment) for step in steps]),
            np.array([len(step.winners) for step in steps]),
            winners,
            levels * unit,
            payments,
            table[:, groups],
            shares,
            ballots,
            float(changed.new_ballots),
            changed.cost * CLEARLY_TOO_LITTLE,
        )

    def _alike(
        self, changed: ChangedProject, table: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Put supporters together that pay alike in all runs: a group of each, shares, ballots."""
        number = len(changed.supporters)
        groups = np.fromiter(changed.supporters, dtype=np.int64, count=number)
        ballots = np.fromiter(changed.supporters.values(), dtype=np.float64, count=number)
        shares = table[changed.project][groups]
        shares[shares == 0] = 1.0  # those who name it only now, with a cross
        if not number or shares.min() != shares.max():
            return groups, shares, ballots
        kinds, firsts, places = np.unique(
            self._payers_alike(table)[groups], return_index=True, return_inverse=True
        )
        together = np.bincount(places, weights=ballots, minlength=len(kinds)).astype(np.float64)
        return groups[firsts], shares[firsts], together

    def _payers_alike(self, table: NDArray[np.float64]) -> NDArray[np.int64]:
        """Number the groups by what they give the projects that any run so far has bought."""
        bought = frozenset[int]().union(*(step.run.winners for step in self._steps.values()))
        if bought != self._alike_for:
            _, places = np.unique(table[sorted(bought)], axis=1, return_inverse=True)
            self._kind_of_group, self._alike_for = places.ravel(), bought
        return self._kind_of_group

    def _step(self, endowment: Fraction) -> _Step:
        if endowment not in self._steps:
            run = self.runs.at(endowment)
            winners = np.array(run.winners, dtype=np.int64)
            payments = near_payments(self.replay, run)
            levels = payments / self.replay.arrays.units[winners]
            self._steps[endowment] = _Step(run, winners, levels, payments)
        return self._steps[endowment]

    @cached_property
    def _table(self) -> NDArray[np.float64] | None:
        """The share that a ballot of each group gives each project: project by group."""
        electorate = self.replay.electorate
        size = (len(electorate.ids), len(electorate.groups))
        if size[0] * size[1] > TABLE_MAX:
            return None
        table = np.zeros(size)
        for project, entries in enumerate(electorate.supporters):
            for group, share, _ in entries:
                table[project, group] = share
        return table

    def _funded_from(self, contest: Contest, runs: Runs, endowment: Fraction, project: int) -> bool:
        """Search on from an endowment, as the completion does."""
        step, budget = self._increment, contest.instance.budget
        reached = runs.stretch(endowment, step)
        while reached.cost <= budget and self._raises(contest, runs, reached):
            reached = runs.stretch(reached.last + step, step)
        winners = reached.winners
        if reached.cost > budget:  # never at the start itself
            winners = runs.at(reached.first - step).winners
        if project in winners or contest.sheet.completion not in FILLS_UP:
            return project in winners
        projects = contest.instance.projects
        bought = [projects[place].id for place in winners]
        added, _ = fund_in_order(contest, contest.votes, bought, stage="fill")
        return projects[project].id in added

    def _raises(self, contest: Contest, runs: Runs, reached: Stretch) -> bool:
        bought = set(reached.winners)
        still_open = [p for i, p in enumerate(contest.instance.projects) if i not in bought]
        left = contest.instance.budget - reached.cost
        if contest.sheet.exhaustive_stop and not any(p.cost <= left for p in still_open):
            return False
        return any(project.id in runs.supported for project in still_open)
