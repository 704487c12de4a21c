"""A contest in the arrays that compiled code reads."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from allocation.contest import Contest
from allocation.engine.book import Ballots
from allocation.engine.compiling import compiled
from allocation.instance import VoteType
from allocation.options import APPROVALS, Utility
from allocation.tie_breaking import stable_id_key
from allocation.utilities import UTILITIES_WITH_COST

EXACT_IN_DOUBLES = 2**53
SHARE_TOO_LARGE = 2**31


@dataclass(frozen=True, eq=False)
class Election:
    """The arrays, and what their indices mean.

    Projects are in the order of their ids, so that the order of rows in a file changes nothing, not
    even the rounding of a double. `ids[p]` names project p, `listed[p]` is its place in the file.
    Shares are `scale` times what the ballots say.
    """

    ids: tuple[str, ...]
    listed: NDArray[np.int64]
    scale: int
    ballots: Ballots

    @cached_property
    def costs(self) -> list[int]:
        return [int(cost) for cost in self.ballots.costs]

    @cached_property
    def units(self) -> list[int]:
        return [int(unit) for unit in self.ballots.units]


def build_election(contest: Contest) -> Election | None:
    """Put a contest into arrays; None if its numbers are too large for exact doubles."""
    instance, utility = contest.instance, contest.utility
    ids = [project.id for project in instance.projects]
    listed = np.array(sorted(range(len(ids)), key=lambda i: stable_id_key(ids[i])), dtype=np.int64)
    canonical = np.empty(len(ids), dtype=np.int32)
    canonical[listed] = np.arange(len(ids), dtype=np.int32)

    table = instance.table
    starts, scale = table.starts, 1
    choices = canonical[table.choices]
    if utility in APPROVALS:
        shares = np.ones(len(choices), dtype=np.int64)
    elif utility in {Utility.BORDA, Utility.BORDA0}:
        lengths = np.diff(starts)
        shares = np.repeat(starts[1:], lengths) - np.arange(len(choices))
        shares -= utility is Utility.BORDA0
    else:
        pointed = _points(contest, canonical)
        if pointed is None:
            return None
        starts, choices, shares, scale = pointed
    costs = [instance.projects[place].cost for place in listed]
    largest = max(*costs, instance.budget, int(shares.sum()) * len(table))
    if largest >= EXACT_IN_DOUBLES or shares.max(initial=0) >= SHARE_TOO_LARGE:
        return None

    starts, choices, shares, counts = _merge(starts, choices, shares, table.ballots_of_content)
    order = _order(starts, choices, shares, len(ids))
    starts, choices, shares, counts = _reorder(order, starts, choices, shares, counts)
    firsts, groups, shares = _by_project(starts, choices, shares, len(ids))
    unit_is_cost = utility in UTILITIES_WITH_COST
    rival_firsts, rivals = _rivals(contest, {ids[place]: p for p, place in enumerate(listed)})
    ranks = contest.tie_breaker.ranks()
    return Election(
        ids=tuple(ids[place] for place in listed),
        listed=listed,
        scale=scale,
        ballots=Ballots(
            costs=np.array(costs, dtype=np.float64),
            units=np.array(costs if unit_is_cost else [1] * len(costs), dtype=np.float64),
            prices=np.array([1] * len(costs) if unit_is_cost else costs, dtype=np.float64),
            total_shares=_sums(firsts, shares * counts[groups]).astype(np.float64),
            firsts=firsts,
            groups=groups,
            shares=shares.astype(np.int32),
            counts=counts[groups].astype(np.int32),
            groups_count=len(counts),
            supported=np.flatnonzero(np.diff(firsts)),
            rank=np.array([ranks[ids[place]] for place in listed], dtype=np.int64),
            rival_firsts=rival_firsts,
            rivals=rivals,
        ),
    )


def _sums(firsts: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum the numbers from each place up to the next."""
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(numbers)))
    return sums[firsts[1:]] - sums[firsts[:-1]]


def _points(
    contest: Contest, canonical: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], int] | None:
    """Return starts, choices and whole points of the contents, and the scale that made them so.

    None where a number is too large.
    """
    instance, table = contest.instance, contest.instance.table
    default = instance.default_score if instance.vote_type is VoteType.SCORING else Fraction(0)
    scale = math.lcm(table.point_scale, default.denominator)
    factor = scale // table.point_scale
    most = max(int(table.points.max(initial=0)) * factor, int(default * scale))
    if table.points.dtype == object or most >= SHARE_TOO_LARGE:
        return None
    points = table.points * factor
    if not default:
        return table.starts, canonical[table.choices], points, scale
    contents, projects = len(table.starts) - 1, len(canonical)
    dense = np.full((contents, projects), int(default * scale), dtype=points.dtype)
    rows = np.repeat(np.arange(contents), np.diff(table.starts))
    dense[rows, canonical[table.choices]] = points
    starts = np.arange(0, contents * projects + 1, projects, dtype=np.int64)
    return starts, np.tile(np.arange(projects, dtype=np.int32), contents), dense.ravel(), scale


def _rivals(contest: Contest, place: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each project list those that cannot be funded beside it."""
    rivals: list[set[int]] = [set() for _ in place]
    for group in contest.exclusive:
        members = {place[id_] for id_ in group}
        for member in members:
            rivals[member] |= members - {member}
    firsts = np.cumsum([0, *(len(several) for several in rivals)], dtype=np.int64)
    return firsts, np.array([r for several in rivals for r in sorted(several)], dtype=np.int64)


@compiled
def _merge(
    starts: NDArray[np.int64],
    choices: NDArray[np.int32],
    shares: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Sort each content by project, drop what is worth nothing, and add up equal contents.

    Works in place on choices and shares; returns starts, choices, shares and counts.
    """
    new_starts = np.zeros(len(counts) + 1, np.int64)
    new_counts = np.zeros(len(counts), np.int64)
    slots_count = 1
    while slots_count < 2 * len(counts) + 1:
        slots_count *= 2
    slots = np.full(slots_count, -1, np.int64)
    kept = 0
    end = 0
    for content in range(len(counts)):
        if counts[content] == 0:  # nobody says that any more
            continue
        start = end
        end = _sort_content(choices, shares, starts[content], starts[content + 1], end)
        slot = _digest(choices[start:end], shares[start:end]) % slots_count
        while slots[slot] >= 0:
            first, last = new_starts[slots[slot]], new_starts[slots[slot] + 1]
            if np.array_equal(choices[first:last], choices[start:end]) and np.array_equal(
                shares[first:last], shares[start:end]
            ):
                break
            slot = (slot + 1) % slots_count
        if slots[slot] >= 0:
            new_counts[slots[slot]] += counts[content]
            end = start
        else:
            slots[slot] = kept
            new_counts[kept] = counts[content]
            kept += 1
            new_starts[kept] = end
    return new_starts[: kept + 1], choices[:end], shares[:end], new_counts[:kept]


@compiled
def _sort_content(
    choices: NDArray[np.int32], shares: NDArray[np.int64], first: int, last: int, end: int
) -> int:
    """Move a content to `end`, by rising project and without shares of 0; return its new end."""
    start = end
    for j in range(first, last):
        project, share = choices[j], shares[j]
        if share == 0:
            continue
        i = end
        while i > start and choices[i - 1] > project:
            choices[i], shares[i] = choices[i - 1], shares[i - 1]
            i -= 1
        choices[i], shares[i] = project, share
        end += 1
    return end


@compiled
def _digest(choices: NDArray[np.int32], shares: NDArray[np.int64]) -> int:
    digest = np.uint64(1469598103934665603)
    for j in range(len(choices)):
        mixed = np.uint64(choices[j]) * np.uint64(1000003) + np.uint64(shares[j])
        digest = (digest ^ mixed) * np.uint64(1099511628211)
        digest ^= digest >> np.uint64(29)
    return int(digest >> np.uint64(1))


def _order(
    starts: NDArray[np.int64],
    choices: NDArray[np.int32],
    shares: NDArray[np.int64],
    projects: int,
) -> NDArray[np.int64]:
    """Order contents by what they say: the order of the ballots changes nothing then.

    By their first projects, so that those who buy alike stand side by side in memory.
    """
    beginnings, digests = _marks(starts, choices, shares, projects)
    return np.lexsort((digests, beginnings))


@compiled
def _marks(
    starts: NDArray[np.int64],
    choices: NDArray[np.int32],
    shares: NDArray[np.int64],
    projects: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return two numbers for each content: its first projects as digits, and a digest."""
    contents = len(starts) - 1
    base = projects + 1
    digits = 1
    while base ** (digits + 1) < 2**62 // base:
        digits += 1
    beginnings = np.zeros(contents, np.int64)
    digests = np.zeros(contents, np.int64)
    for content in range(contents):
        start, end = starts[content], starts[content + 1]
        for j in range(start, start + digits):
            beginnings[content] *= base
            if j < end:
                beginnings[content] += choices[j] + 1
        digests[content] = _digest(choices[start:end], shares[start:end])
    return beginnings, digests


@compiled
def _reorder(
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    choices: NDArray[np.int32],
    shares: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    new_starts, new_choices = np.zeros_like(starts), np.empty_like(choices)
    new_shares, new_counts = np.empty_like(shares), np.empty_like(counts)
    end = 0
    for place in range(len(order)):
        content = order[place]
        new_counts[place] = counts[content]
        for j in range(starts[content], starts[content + 1]):
            new_choices[end] = choices[j]
            new_shares[end] = shares[j]
            end += 1
        new_starts[place + 1] = end
    return new_starts, new_choices, new_shares, new_counts


@compiled
def _transpose(
    starts: NDArray[np.int64],
    choices: NDArray[np.int32],
    shares: NDArray[np.int64],
    projects: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """Turn contents with projects into projects with contents, in the order of the contents."""
    firsts = np.zeros(projects + 1, np.int64)
    for p in choices:
        firsts[p + 1] += 1
    for p in range(projects):
        firsts[p + 1] += firsts[p]
    free = firsts[:-1].copy()
    groups = np.empty(len(choices), np.uint32)
    new_shares = np.empty(len(choices), np.int64)
    for group in range(len(starts) - 1):
        for j in range(starts[group], starts[group + 1]):
            place = free[choices[j]]
            free[choices[j]] += 1
            groups[place] = group
            new_shares[place] = shares[j]
    return firsts, groups, new_shares


def _by_project(
    starts: NDArray[np.int64],
    choices: NDArray[np.int32],
    shares: NDArray[np.int64],
    projects: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """List the groups that support each project, by rising share."""
    firsts, groups, shares = _transpose(starts, choices, shares, projects)
    if len(shares) and shares.min() != shares.max():
        for first, last in pairwise(firsts):
            order = np.argsort(shares[first:last], kind="stable")
            groups[first:last] = groups[first:last][order]
            shares[first:last] = shares[first:last][order]
    return firsts, groups, shares
