"""Contents that say the same in different words become one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from allocation.ballot_table import BallotTable
from allocation.pabulib.rows import starts_of


def merge_alike(table: BallotTable) -> BallotTable:
    """Keep each content once, in the order in which it comes first."""
    numbers: dict[object, int] = {}
    number_of = [
        numbers.setdefault(
            (table.choices[start:stop].tobytes(), *table.points[start:stop].tolist()), len(numbers)
        )
        for start, stop in pairwise(table.starts.tolist())
    ]
    is_first = np.zeros(len(number_of), dtype=np.bool_)
    is_first[np.unique(number_of, return_index=True)[1]] = True
    lengths = np.diff(table.starts)
    is_kept = np.repeat(is_first, lengths)
    return replace(
        table,
        starts=starts_of(lengths[is_first]),
        choices=table.choices[is_kept],
        points=table.points[is_kept] if len(table.points) else table.points,
        content_of=np.array(number_of, dtype=np.int32)[table.content_of],
    )
