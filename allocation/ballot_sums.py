"""Sums over all ballots, from their columns: what a project is given, what a ballot gets.

Exact whole numbers throughout: of machine size where the largest possible sum fits, of Python's
where it does not.
"""

import math
from collections.abc import Collection
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import INT64_MAX, BallotTable
from allocation.instance import Instance, VoteType
from allocation.options import APPROVALS, Utility

# Ballots that carry points; the others say yes or no, or a ranking.
POINTS_BALLOTS = frozenset({VoteType.CUMULATIVE, VoteType.SCORING})

Numbers = NDArray[Any]


def total_shares(instance: Instance, utility: Utility) -> list[Fraction]:
    """Sum what all ballots say about each project, in listed order.

    That is ballots that name it, its points, or its Borda score, as the utility counts them; the
    utility's cost is left out. In scoring an unlisted project gets the default score.
    """
    table = instance.table
    said, scale = _said(table, utility)
    ballots = table.ballots_of_content[_content_of_choice(table)]
    projects = len(table.ids)
    total = _sums(table.choices, said, ballots, projects)
    if utility in APPROVALS or not _has_default(instance):
        return [Fraction(number, scale) for number in total]
    listed = _sums(table.choices, np.ones(len(table.choices), dtype=np.int64), ballots, projects)
    return [
        Fraction(number, scale) + (len(table) - times) * instance.default_score
        for number, times in zip(total, listed, strict=True)
    ]


def satisfaction(instance: Instance, funded: Collection[str]) -> Numbers:
    """Give each content of the table its funded projects, or the sum of their points.

    Points are in units of a whole number that is the same for any `funded`, so two such columns
    can be compared.
    """
    table = instance.table
    of_points = instance.vote_type in POINTS_BALLOTS
    said, scale = _said(table, Utility.POINTS if of_points else Utility.CARDINALITY)
    default = instance.default_score if _has_default(instance) else Fraction(0)
    factor = math.lcm(scale, default.denominator) // scale
    each = int(default * scale * factor)
    largest = (_largest(said) * factor + abs(each)) * (len(table.ids) + 1)
    kind = np.int64 if largest <= INT64_MAX else object
    is_funded = np.array([id_ in funded for id_ in table.ids], dtype=bool)
    counted = np.flatnonzero(is_funded[table.choices])
    sums = np.full(len(table.starts) - 1, each * int(is_funded.sum()), dtype=kind)
    # What is listed is given its points instead of the default.
    given = said[counted].astype(kind) * factor - each
    np.add.at(sums, _content_of_choice(table)[counted], given)
    return sums


def _has_default(instance: Instance) -> bool:
    return instance.vote_type is VoteType.SCORING and bool(instance.default_score)


def _said(table: BallotTable, utility: Utility) -> tuple[Numbers, int]:
    """Give what each choice says, in units of one part in a scale."""
    if utility in APPROVALS:
        return np.ones(len(table.choices), dtype=np.int64), 1
    if utility in {Utility.BORDA, Utility.BORDA0}:
        ends = np.repeat(table.starts[1:], np.diff(table.starts))
        return ends - np.arange(len(table.choices)) - (utility is Utility.BORDA0), 1
    if len(table.points) != len(table.choices):
        raise ValueError("ballots with points give points to every project that they name")
    return table.points, table.point_scale


def _content_of_choice(table: BallotTable) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(table.starts) - 1), np.diff(table.starts))


def _sums(
    places: NDArray[np.int32], numbers: Numbers, times: NDArray[np.int64], length: int
) -> list[int]:
    """Add up `numbers`, each so many `times`, by place."""
    if numbers.dtype == object or _largest(numbers) * int(times.sum()) > INT64_MAX:
        numbers, times = numbers.astype(object), times.astype(object)
    sums = np.zeros(length, dtype=numbers.dtype)
    np.add.at(sums, places, numbers * times)
    return [int(number) for number in sums]


def _largest(numbers: Numbers) -> int:
    return max(abs(int(numbers.min())), abs(int(numbers.max()))) if len(numbers) else 0
