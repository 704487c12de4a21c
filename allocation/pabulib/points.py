"""The points beside the entries of many ballots."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import whole_numbers
from allocation.pabulib import numbers
from allocation.pabulib.lists import Lists, Marked, marked
from allocation.pabulib.lookup import different
from allocation.pabulib.problems import Finding, shown


@dataclass(frozen=True, eq=False)
class Points:
    """Points `written` beside `listed` entries: entry j has `values[j] / scale`, 0 if unknown.

    `is_uneven[k]`: ballot k gives more or fewer points than it has entries. `is_wrong[j]`: the
    points beside entry j are no number, or not an allowed one. `has_spellings`: some number of
    points is written in several ways.
    """

    written: Lists
    listed: Lists
    values: NDArray[Any]
    scale: int
    is_uneven: NDArray[np.bool_]
    is_wrong: NDArray[np.bool_]
    has_spellings: bool

    def findings(self, ballot: int, count_max: int) -> Iterator[Finding]:
        """Tell what is wrong with the points of a ballot."""
        yield from self.written.findings(ballot)
        if self.is_uneven[ballot]:
            counts = self.listed.lengths[ballot], self.written.lengths[ballot]
            says = f"names {counts[0]} projects and gives {counts[1]} points."
            yield Finding("error", "points", says, "Give one number of points per project.")
            return
        to_written = self.written.starts[ballot] - self.listed.starts[ballot]
        for entry in self._wrong.of(ballot, count_max):
            says = f"gives {shown(self.written.entry(entry + to_written))} points."
            yield Finding("error", "points", says, "Enter a number such as 3 or 2.5.")

    @cached_property
    def _wrong(self) -> Marked:
        return marked(self.is_wrong, self.listed.starts)


def read_points(written: Lists, listed: Lists, *, negative_allowed: bool) -> Points:
    """Read the points that are written beside the entries of as many ballots."""
    firsts, number = different(written.written)
    read = [numbers.decimal(written.entry(place)) for place in firsts.tolist()]
    wrong = [value is None or (value[0] < 0 and not negative_allowed) for value in read]
    scaled, scale = _in_one_scale([value or (0, 1) for value in read])

    is_uneven = written.lengths != listed.lengths
    # What stands beside an entry; the last place, a right 0, where nobody can tell.
    beside = np.full(len(listed.written), len(read))
    beside[~is_uneven[listed.owners]] = number[~is_uneven[written.owners]]
    return Points(
        written,
        listed,
        values=whole_numbers([*scaled, 0])[beside],
        scale=scale,
        is_uneven=is_uneven,
        is_wrong=np.array([*wrong, False])[beside],
        has_spellings=len({*scaled}) < len(scaled),
    )


def _in_one_scale(fractions: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """Bring fractions to the smallest denominator that they have in common."""
    scale = math.lcm(*{denominator for _, denominator in fractions})
    whole = [numerator * (scale // denominator) for numerator, denominator in fractions]
    common = math.gcd(scale, *whole)
    return [number // common for number in whole], scale // common
