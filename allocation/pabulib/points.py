"""The points beside the entries of many ballots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import whole_numbers
from allocation.pabulib import numbers
from allocation.pabulib.lists import Lists, marked_in
from allocation.pabulib.lookup import different
from allocation.pabulib.problems import Report, Where, shown


@dataclass(frozen=True, eq=False)
class Points:
    """Points as `written`; beside entry j of the ballots are `values[j] / scale`, 0 if unknown.

    `is_uneven[k]`: ballot k gives more or fewer points than it has entries. `is_wrong[j]`: the
    points beside entry j are no number, or not an allowed one. `has_spellings`: some number of
    points is written in several ways.
    """

    written: Lists
    values: NDArray[Any]
    scale: int
    is_uneven: NDArray[np.bool_]
    is_wrong: NDArray[np.bool_]
    has_spellings: bool

    def tell(self, ballot: int, entries: range, where: Where, report: Report) -> None:
        """Report what is wrong with the points of a ballot that has these entries."""
        self.written.tell(ballot, where, report)
        given = range(*self.written.starts[ballot : ballot + 2].tolist())
        if self.is_uneven[ballot]:
            message = f"{where.ballot} names {len(entries)} projects and gives {len(given)} points."
            report.error(where.line, "points", message, "Give one number of points per project.")
            return

        def tell(entry: int) -> None:
            written = self.written.entry(given[entries.index(entry)])
            message = f"{where.ballot} gives {shown(written)} points."
            report.error(where.line, "points", message, "Enter a number such as 3 or 2.5.")

        report.each_error(marked_in(entries, self.is_wrong), tell)


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
