"""From ballots to utilities: what each project is worth to each ballot, in whole numbers.

The utility of project p for ballot i is `share * unit[p] / scale`: the share is what the ballot
says (1 for a cross, points, Borda score), the unit what the utility adds (the cost, or 1), and the
scale makes fractional points whole. Only shares and units matter to who wins.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from allocation.ballot_sums import POINTS_BALLOTS, total_shares
from allocation.errors import RuleOptionError
from allocation.instance import Ballot, Instance, VoteType
from allocation.options import APPROVALS, Utility

UTILITIES_WITH_COST = frozenset({Utility.COST, Utility.POINTS_COST})


@dataclass(frozen=True, slots=True)
class BallotGroup:
    """Ballots that say exactly the same: how many, and (project index, share) for each."""

    count: int
    shares: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Electorate:
    """The ballots of an instance under one utility; projects are indices in listed order.

    Costs are in minor units. `ballots` counts every ballot, those without any choice included.
    Shares are positive except where a rule that allows it meets negative points.
    """

    ids: tuple[str, ...]
    costs: tuple[int, ...]
    units: tuple[int, ...]
    scale: int
    ballots: int
    groups: tuple[BallotGroup, ...]

    @cached_property
    def supporters(self) -> tuple[tuple[tuple[int, int, int], ...], ...]:
        """For each project the groups that support it, as (group index, share, ballots)."""
        lists: list[list[tuple[int, int, int]]] = [[] for _ in self.ids]
        for index, group in enumerate(self.groups):
            for project, share in group.shares:
                lists[project].append((index, share, group.count))
        return tuple(tuple(entries) for entries in lists)

    @cached_property
    def total_shares(self) -> tuple[int, ...]:
        return tuple(sum(share * n for _, share, n in entries) for entries in self.supporters)

    @cached_property
    def supporter_counts(self) -> tuple[int, ...]:
        """For each project the number of ballots to which it is worth something."""
        return tuple(sum(n for _, _, n in entries) for entries in self.supporters)

    @cached_property
    def common_multiple(self) -> int:
        """The smallest number that every share divides."""
        return math.lcm(*{share for group in self.groups for _, share in group.shares})

    def total_utility(self, project: int) -> Fraction:
        """Sum the utility of a project over all ballots (costs in minor units)."""
        return Fraction(self.total_shares[project] * self.units[project], self.scale)


def build_electorate(instance: Instance, utility: Utility) -> Electorate:
    """Group the ballots by what they say under a utility that fits them."""
    scale = _scale(instance, utility)
    index = {project.id: place for place, project in enumerate(instance.projects)}
    counter: Counter[tuple[tuple[int, int], ...]] = Counter()
    table = instance.table
    for content, ballots in zip(table.contents, table.ballots_of_content.tolist(), strict=True):
        said = _shares(Ballot(*content), instance, utility)
        shares = ((index[id_], int(share * scale)) for id_, share in said)
        counter[tuple(sorted((project, share) for project, share in shares if share))] += ballots
    costs = tuple(project.cost for project in instance.projects)
    return Electorate(
        ids=tuple(project.id for project in instance.projects),
        costs=costs,
        units=costs if utility in UTILITIES_WITH_COST else (1,) * len(costs),
        scale=scale,
        ballots=len(instance.ballots),
        groups=tuple(
            BallotGroup(count, shares) for shares, count in sorted(counter.items()) if count
        ),
    )


def _shares(
    ballot: Ballot, instance: Instance, utility: Utility
) -> Iterable[tuple[str, Fraction | int]]:
    if utility in APPROVALS:
        return ((id_, 1) for id_ in ballot.choices)
    if utility is Utility.BORDA:
        return borda_scores(ballot, last=1)
    if utility is Utility.BORDA0:
        return borda_scores(ballot, last=0)
    return points_of(ballot, instance)


def borda_scores(ballot: Ballot, *, last: int) -> Iterator[tuple[str, int]]:
    """Give the last project of a ranking `last` points and every better one a point more.

    >>> dict(borda_scores(Ballot(("a", "b", "c")), last=1))
    {'a': 3, 'b': 2, 'c': 1}
    """
    best = len(ballot.choices) - 1 + last
    return ((id_, best - place) for place, id_ in enumerate(ballot.choices))


def points_of(ballot: Ballot, instance: Instance) -> Iterable[tuple[str, Fraction]]:
    """Pair projects with points; in scoring an unlisted project gets the default score."""
    points = dict(zip(ballot.choices, ballot.points, strict=True))
    if instance.vote_type is VoteType.SCORING and instance.default_score:
        default = instance.default_score
        return ((project.id, points.get(project.id, default)) for project in instance.projects)
    return points.items()


def _scale(instance: Instance, utility: Utility) -> int:
    if utility not in {Utility.POINTS, Utility.POINTS_COST}:
        return 1
    denominators = {point.denominator for ballot in instance.ballots for point in ballot.points}
    return math.lcm(instance.default_score.denominator, *denominators)


def read_as_approval(instance: Instance) -> Instance:
    """Count every named project of another ballot type as approved."""
    if instance.vote_type is VoteType.APPROVAL:
        return instance
    ballots = instance.table.without_points()
    return replace(instance, vote_type=VoteType.APPROVAL, ballots=ballots)


def votes_or_scores(instance: Instance) -> dict[str, Fraction]:
    """Sum up what a tie, the fill and greedy go by, for every project.

    Ballots that name it, or the sum of its points, or its Borda score with 1 for a last place.
    """
    if instance.vote_type is VoteType.ORDINAL:
        measure = Utility.BORDA
    elif instance.vote_type in POINTS_BALLOTS:
        measure = Utility.POINTS
    else:
        measure = Utility.CARDINALITY
    totals = total_shares(instance, measure)
    return {project.id: total for project, total in zip(instance.projects, totals, strict=True)}


def refuse_negative_points(instance: Instance) -> None:
    """Equal shares has no meaning for points below 0; RuleOptionError names a ballot."""
    if instance.default_score >= 0 and not (instance.table.points < 0).any():
        return
    for number, ballot in enumerate(instance.ballots, start=1):
        for id_, points in points_of(ballot, instance) if ballot.points else ():
            if points < 0:
                raise RuleOptionError(
                    f"Ballot {ballot.voter_id or number} gives project {id_} {points} points. "
                    "Equal shares cannot count points below 0. Use greedy or knapsack."
                )
