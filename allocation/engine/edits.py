"""An election in which one project has changed, made of the arrays of the one before.

A margin asks for many counts in each of which only one project costs something else, or has other
supporters. Reading and sorting all ballots again would take longer than such a count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from allocation.contest import Contest
from allocation.engine.book import Ballots
from allocation.engine.election import EXACT_IN_DOUBLES, Election
from allocation.options import APPROVALS
from allocation.utilities import UTILITIES_WITH_COST, Electorate

COUNT_MAX = 2**31
# How many ballots of each group of the electorate.
BallotsByGroup = Mapping[int, int]


@dataclass(frozen=True, eq=False)
class Edits:
    """Makes elections from one of `contest`, in which a project (its place in the file) changed."""

    contest: Contest
    election: Election
    electorate: Electorate

    def with_cost(self, contest: Contest) -> Election | None:
        """Take over costs and order of ties from a contest with the same ballots.

        None if a number is too large for exact doubles.
        """
        election, projects = self.election, contest.instance.projects
        costs = [projects[place].cost for place in election.listed.tolist()]
        if max(*costs, contest.instance.budget) >= EXACT_IN_DOUBLES:
            return None
        ranks = contest.tie_breaker.ranks()
        ones = np.ones(len(costs))
        as_doubles = np.array(costs, dtype=np.float64)
        grows = contest.utility in UTILITIES_WITH_COST
        ballots = election.ballots._replace(
            costs=as_doubles,
            units=as_doubles if grows else ones,
            prices=ones if grows else as_doubles,
            rank=np.array([ranks[id_] for id_ in election.ids], dtype=np.int64),
        )
        return replace(election, ballots=ballots)

    def with_supporters(
        self, contest: Contest, project: int, supporters: BallotsByGroup, new_ballots: int = 0
    ) -> Election | None:
        """Give a project other supporters, besides the cost that the contest says.

        `supporters` are ballots of the electorate's groups; `new_ballots` name this project and no
        other. None: there is no quick way, which holds for ballots with more than crosses.
        """
        edited = self.with_cost(contest)
        if edited is None or contest.utility not in APPROVALS or new_ballots >= COUNT_MAX:
            return None
        own = int(np.flatnonzero(self.election.listed == project)[0])
        entries = _Entries(edited.ballots, self._ballots_of_group.copy())
        everybody = self._ballots_of_group
        now = np.zeros_like(everybody)
        named = np.fromiter(supporters, dtype=np.int64, count=len(supporters))
        now[self._place_of_group[named]] = list(supporters.values())
        before = self._supporters(own)
        lost = np.zeros_like(everybody)
        lost[before] = everybody[before] - now[before]
        gained = now.copy()
        gained[before] = 0
        for group in np.flatnonzero((lost > 0) & (lost < everybody)).tolist():
            entries.part_leaves(group, lost[group], self._projects_of(group) - {own})
        for group in np.flatnonzero((gained > 0) & (gained < everybody)).tolist():
            entries.part_leaves(group, gained[group], self._projects_of(group) | {own})
        entries.take_off(own, np.flatnonzero((lost > 0) & (lost == everybody)))
        entries.name(own, np.flatnonzero((gained > 0) & (gained == everybody)))
        if new_ballots:
            entries.add_group(new_ballots, {own})
        made = entries.ballots()
        ballots = self.electorate.ballots + new_ballots
        if len(made.groups) * ballots >= EXACT_IN_DOUBLES:
            return None
        return replace(edited, ballots=made)

    def _supporters(self, own: int) -> NDArray[np.uint32]:
        ballots = self.election.ballots
        return ballots.groups[ballots.firsts[own] : ballots.firsts[own + 1]]

    def _projects_of(self, group: int) -> set[int]:
        return set(self._contents[group])

    @cached_property
    def _contents(self) -> list[list[int]]:
        """The projects of each group of the election, by rising place in the file."""
        ballots = self.election.ballots
        projects = np.repeat(np.arange(len(ballots.costs)), np.diff(ballots.firsts))
        contents: list[list[int]] = [[] for _ in range(ballots.groups_count)]
        for project, group in zip(projects.tolist(), ballots.groups.tolist(), strict=True):
            contents[group].append(project)
        return contents

    @cached_property
    def _place_of_group(self) -> NDArray[np.int64]:
        """For each group of the electorate the group of the election that says the same."""
        listed = self.election.listed.tolist()
        place = {
            tuple(sorted(listed[project] for project in content)): group
            for group, content in enumerate(self._contents)
        }
        groups = (tuple(project for project, _ in group.shares) for group in self.electorate.groups)
        return np.array([place[group] for group in groups], dtype=np.int64)

    @cached_property
    def _ballots_of_group(self) -> NDArray[np.int32]:
        numbers = np.zeros(self.election.ballots.groups_count, dtype=np.int32)
        numbers[self._place_of_group] = [group.count for group in self.electorate.groups]
        return numbers


class _Entries:
    """The entries of an election with crosses, project by project, while they are changed."""

    def __init__(self, before: Ballots, numbers: NDArray[np.int32]) -> None:
        self._before = before
        self._numbers = numbers
        firsts = before.firsts
        self._groups = [before.groups[a:b] for a, b in pairwise(firsts)]

    def take_off(self, project: int, groups: NDArray[np.int64]) -> None:
        kept = ~np.isin(self._groups[project], groups)
        self._groups[project] = self._groups[project][kept]

    def name(self, project: int, groups: NDArray[np.int64]) -> None:
        """Let whole groups name a project; they stay in order, side by side in memory."""
        both = np.concatenate((self._groups[project], groups.astype(np.uint32)))
        self._groups[project] = np.sort(both)

    def part_leaves(self, group: int, number: int, projects: set[int]) -> None:
        """Let so many ballots of a group name just these projects from now on."""
        self._numbers[group] -= number
        self.add_group(number, projects)

    def add_group(self, number: int, projects: set[int]) -> None:
        group = len(self._numbers)
        self._numbers = np.append(self._numbers, np.int32(number))
        for project in projects:
            self._groups[project] = np.append(self._groups[project], np.uint32(group))

    def ballots(self) -> Ballots:
        lengths = [len(groups) for groups in self._groups]
        firsts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        groups = np.concatenate(self._groups)
        counts = self._numbers[groups]
        sums = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        return self._before._replace(
            total_shares=(sums[firsts[1:]] - sums[firsts[:-1]]).astype(np.float64),
            firsts=firsts,
            groups=groups,
            shares=np.ones(len(groups), dtype=np.int32),
            counts=counts,
            groups_count=len(self._numbers),
            supported=np.flatnonzero(np.diff(firsts)),
        )
