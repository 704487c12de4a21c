"""Ballots in columns: what many ballots say alike is kept once, so that millions of them fit."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from allocation.ballot import Ballot

NO_FIELDS: Mapping[str, str] = {}
NO_POINTS = np.zeros(0, dtype=np.int64)
INT64_MAX = 2**63 - 1


@dataclass(frozen=True, eq=False)
class BallotTable(Sequence[Ballot]):
    """Every ballot of an election, to be read like a tuple of them.

    Ballots that say the same point to one *content*. Content k chooses the projects
    `ids[choices[j]]` for j from `starts[k]` up to `starts[k + 1]`, in ballot order, and gives each
    `points[j] / point_scale` points; `points` is empty for ballots without points. Ballot i has
    the content `content_of[i]`, the voter id `voter_ids[i]` and the further columns `fields[i]`
    (either may be left out). Points are int64, or Python integers where that is too small.
    """

    ids: tuple[str, ...]
    starts: NDArray[np.int64]
    choices: NDArray[np.int32]
    content_of: NDArray[np.int32]
    points: NDArray[Any] = field(default_factory=lambda: NO_POINTS)
    point_scale: int = 1
    voter_ids: Sequence[str] = ()
    fields: Sequence[Mapping[str, str]] = ()

    def __len__(self) -> int:
        return len(self.content_of)

    @overload
    def __getitem__(self, index: int) -> Ballot: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Ballot, ...]: ...
    def __getitem__(self, index: int | slice) -> Ballot | tuple[Ballot, ...]:
        if isinstance(index, slice):
            return tuple(self._ballot(i) for i in range(*index.indices(len(self))))
        return self._ballot(range(len(self))[index])

    def __iter__(self) -> Iterator[Ballot]:
        return map(self._ballot, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # equal to tuples, which hash otherwise

    def _ballot(self, index: int) -> Ballot:
        choices, points = self.contents[self.content_of[index]]
        voter_id = self.voter_ids[index] if self.voter_ids else ""
        return Ballot(choices, points, voter_id, self.fields[index] if self.fields else NO_FIELDS)

    @cached_property
    def contents(self) -> tuple[tuple[tuple[str, ...], tuple[Fraction, ...]], ...]:
        """Choices and points of each content, as a ballot has them."""
        named = [self.ids[place] for place in self.choices]
        given = [Fraction(int(points), self.point_scale) for points in self.points]
        places = [*map(slice, self.starts[:-1], self.starts[1:])]
        return tuple((tuple(named[place]), tuple(given[place])) for place in places)

    @cached_property
    def ballots_of_content(self) -> NDArray[np.int64]:
        """For each content the number of ballots that have it."""
        return np.bincount(self.content_of, minlength=len(self.starts) - 1)

    def without_points(self) -> "BallotTable":
        return replace(self, points=NO_POINTS, point_scale=1)


def ballot_table(ballots: Iterable[Ballot], ids: Sequence[str]) -> BallotTable:
    """Put ballots into columns; `ids` are all projects of the election.

    Raises ValueError if a ballot names another one.
    """
    if isinstance(ballots, BallotTable) and ballots.ids == tuple(ids):
        return ballots
    ballots = tuple(ballots)
    content_by_ballot: dict[tuple[tuple[str, ...], tuple[Fraction, ...]], int] = {}
    content_of = [
        content_by_ballot.setdefault((ballot.choices, ballot.points), len(content_by_ballot))
        for ballot in ballots
    ]
    place = {id_: index for index, id_ in enumerate(ids)}
    try:
        choices = [place[id_] for named, _ in content_by_ballot for id_ in named]
    except KeyError as error:
        raise ValueError(f"a ballot names {error.args[0]!r}, which is no project") from error
    given = [points for _, several in content_by_ballot for points in several]
    scale = math.lcm(*(points.denominator for points in given))
    lengths = [len(named) for named, _ in content_by_ballot]
    return BallotTable(
        ids=tuple(ids),
        starts=np.cumsum([0, *lengths], dtype=np.int64),
        choices=np.array(choices, dtype=np.int32),
        content_of=np.array(content_of, dtype=np.int32),
        points=whole_numbers([int(points * scale) for points in given]),
        point_scale=scale,
        voter_ids=tuple(b.voter_id for b in ballots) if any(b.voter_id for b in ballots) else (),
        fields=tuple(b.fields for b in ballots) if any(b.fields for b in ballots) else (),
    )


def whole_numbers(numbers: Sequence[int]) -> NDArray[Any]:
    """Make an array of whole numbers: of machine size where they fit, else of Python's."""
    fits = all(-INT64_MAX <= number <= INT64_MAX for number in numbers)
    return np.array(numbers, dtype=np.int64 if fits else object)
