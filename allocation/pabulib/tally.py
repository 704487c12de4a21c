"""Sums over the ballots: the columns `votes` and `score`, and what a single ballot gives."""

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import INT64_MAX, BallotTable
from allocation.instance import VoteType
from allocation.pabulib.fields import POINT_TYPES


def count_votes(table: BallotTable) -> list[int]:
    """Count for each project the ballots that name it."""
    named = np.ones(len(table.choices), dtype=np.int64)
    votes: list[int] = _project_sums(table, named).tolist()
    return votes


def sum_scores(table: BallotTable, vote_type: VoteType) -> list[Fraction]:
    """Sum the points for each project; of k projects on a ranking the first has k, the last 1."""
    if vote_type in POINT_TYPES:
        return [
            Fraction(int(sum_), table.point_scale) for sum_ in _project_sums(table, table.points)
        ]
    ends = np.repeat(table.starts[1:], np.diff(table.starts))
    return [Fraction(int(sum_)) for sum_ in _project_sums(table, ends - np.arange(len(ends)))]


def content_sums(values: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """Sum the values of each content, those from `starts[k]` up to `starts[k + 1]`, exactly."""
    values = _roomy(values, int(np.diff(starts).max(initial=0)))
    up_to = np.concatenate([[0], np.cumsum(values)])
    sums: NDArray[Any] = up_to[starts[1:]] - up_to[starts[:-1]]
    return sums


def _project_sums(table: BallotTable, given: NDArray[Any]) -> NDArray[Any]:
    """Sum for each project what all ballots together give, exactly."""
    given = _roomy(given, len(table))
    times = np.repeat(table.ballots_of_content, np.diff(table.starts))
    sums = np.zeros(len(table.ids), dtype=given.dtype)
    np.add.at(sums, table.choices, given * times)
    return sums


def _roomy(values: NDArray[Any], count: int) -> NDArray[Any]:
    """Return values of which so many can be added up without an overflow."""
    largest = int(np.abs(values).max(initial=0))
    return values if largest * count <= INT64_MAX else values.astype(object)
