"""Places in the invented town: chance points in an area, and how far they are apart. Pure."""

import math
import random
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

Ring = Sequence[Point]
"""A closed outline: the last point is the first one."""

METRES_PER_DEGREE = 111_320
_TRIES_MAX = 10_000


def metres(here: Point, there: Point) -> float:
    """Return the distance as the crow flies; good enough within a town.

    >>> round(metres((-5.66, 40.95), (-5.66, 40.96)))
    1113
    """
    width = math.cos(math.radians(here[1]))
    return METRES_PER_DEGREE * math.hypot((here[0] - there[0]) * width, here[1] - there[1])


def is_inside(point: Point, ring: Ring) -> bool:
    """Say whether a point lies within an outline: a line from it crosses it an odd number of times.

    >>> square = [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
    >>> is_inside((1, 1), square), is_inside((3, 1), square)
    (True, False)
    """
    x, y = point
    crossings = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1


def point_within(ring: Ring, rng: random.Random) -> Point:
    """Draw a point of an area, each place as likely as another."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    for _ in range(_TRIES_MAX):
        point = (rng.uniform(min(xs), max(xs)), rng.uniform(min(ys), max(ys)))
        if is_inside(point, ring):
            return point
    raise ValueError("the outline has no inside")
