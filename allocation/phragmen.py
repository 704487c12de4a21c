"""Phragmén's sequential rule for projects with costs: buy what is paid for soonest.

Every voter earns money at the same pace and spends it on the next project that its supporters can
pay together. A voter's *load* is what has been spent, in minor units; a project is bought at the
load at which its supporters are level: their loads and its cost, divided by their number.

Source: Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a Systematization",
IJCAI 2022. Where it ends is as in pabutools 1.2.3: at the first round in which one of the projects
that are due does not fit the money left.
"""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import BallotTable
from allocation.contest import Contest
from allocation.outcome import Outcome
from allocation.tie_breaking import Tie

Places = NDArray[np.int64]


def phragmen(contest: Contest) -> Outcome:
    """Buy projects by rising load; one without votes, or dearer than the budget, never."""
    projects = contest.instance.projects
    ids = [project.id for project in projects]
    loads = Loads(contest.instance.table, [project.cost for project in projects])
    for_sale = {
        place
        for place, project in enumerate(projects)
        if loads.supporters[place] and project.cost <= contest.instance.budget
    }
    winners: list[str] = []
    ties: list[Tie] = []
    left = contest.instance.budget
    while for_sale:
        due = loads.due(for_sale)
        if any(projects[place].cost > left for place in due):
            break
        chosen = due[0]
        if len(due) > 1:
            tie = contest.tie_breaker.break_tie(
                [ids[place] for place in due],
                stage="phragmen",
                round_number=len(winners) + 1,
                value=loads.load_of_buying(chosen),
            )
            ties.append(tie)
            chosen = next(place for place in due if ids[place] == tie.chosen)
        loads.buy(chosen)
        for_sale.remove(chosen)
        winners.append(ids[chosen])
        left -= projects[chosen].cost
    return Outcome(
        sheet=contest.sheet,
        winners=tuple(winners),
        total_cost=contest.instance.budget - left,
        ties=tuple(ties),
    )


class Loads:
    """The loads of all voters, exactly.

    Voters whose last bought project is the same have the same load, so a round adds one load to
    those that occur. Loads are whole numbers of 1/`denominator` of a minor unit. `supporters`
    counts for each project the ballots that approve of it.
    """

    def __init__(self, table: BallotTable, costs: list[int]) -> None:
        self._costs = costs
        self._content, self._project = _approvals(table)
        self._ballots = table.ballots_of_content
        of_approvals = self._ballots[self._content]
        self.supporters: list[int] = _sums(self._project, of_approvals, len(costs)).tolist()
        # Contents in the order of their approvals, so that those of a project are found at once.
        by_project = np.argsort(self._project, kind="stable")
        ends = np.cumsum(np.bincount(self._project, minlength=len(costs)))
        self._contents_of = np.split(self._content[by_project], ends[:-1]) if costs else []
        self._starts = np.searchsorted(self._content, np.arange(len(self._ballots) + 1))
        self._round_of = np.zeros(len(self._ballots), dtype=np.int64)
        self._denominator = 1
        self._load_of_round = [0]
        # For each project the loads of its supporters together.
        self._sum = [0] * len(costs)

    def due(self, projects: Iterable[int]) -> list[int]:
        """List the projects that would be bought at the lowest load, in listed order."""
        best: list[int] = []
        for project in sorted(projects):
            if best:
                mine = self._needed(project) * self.supporters[best[0]]
                other = self._needed(best[0]) * self.supporters[project]
                if mine > other:
                    continue
                if mine < other:
                    best = []
            best.append(project)
        return best

    def load_of_buying(self, project: int) -> Fraction:
        """Give the load that its supporters would have, in minor units."""
        return Fraction(self._needed(project), self.supporters[project] * self._denominator)

    def buy(self, project: int) -> None:
        """Bring all supporters of a project to one load."""
        load = self._refine(self.load_of_buying(project))
        self._load_of_round.append(load)
        movers = self._contents_of[project]
        before = self._round_of[movers]
        rounds = len(self._load_of_round)
        for project_of, round_of, ballots in self._moved(movers, before, rounds):
            self._sum[project_of] += ballots * (load - self._load_of_round[round_of])
        self._round_of[movers] = rounds - 1

    def _needed(self, project: int) -> int:
        return self._sum[project] + self._costs[project] * self._denominator

    def _refine(self, load: Fraction) -> int:
        """Make a load a whole number of the (finer) denominator and return it."""
        finer = math.lcm(self._denominator, load.denominator)
        factor = finer // self._denominator
        if factor > 1:
            self._denominator = finer
            self._load_of_round = [known * factor for known in self._load_of_round]
            self._sum = [known * factor for known in self._sum]
        return load.numerator * (finer // load.denominator)

    def _moved(self, movers: Places, before: Places, rounds: int) -> Iterable[tuple[int, int, int]]:
        """Count, by project and round of the last purchase, the supporters who are moved."""
        lengths = self._starts[movers + 1] - self._starts[movers]
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        approvals = np.repeat(self._starts[movers], lengths) + offsets
        key = self._project[approvals] * rounds + np.repeat(before, lengths)
        ballots = np.repeat(self._ballots[movers], lengths)
        counts = _sums(key, ballots, len(self._costs) * rounds)
        found = np.flatnonzero(counts)
        return zip(
            (found // rounds).tolist(),
            (found % rounds).tolist(),
            counts[found].tolist(),
            strict=True,
        )


def _approvals(table: BallotTable) -> tuple[Places, Places]:
    """List which content approves of which project, by rising content, each pair once."""
    content = np.repeat(np.arange(len(table.starts) - 1), np.diff(table.starts))
    pairs = np.unique(content * max(1, len(table.ids)) + table.choices)
    return pairs // max(1, len(table.ids)), pairs % max(1, len(table.ids))


def _sums(places: Places, numbers: Places, length: int) -> NDArray[Any]:
    """Add up whole numbers by place."""
    sums = np.zeros(length, dtype=np.int64)
    np.add.at(sums, places, numbers)
    return sums
