"""Where the money went: from areas (or categories) on the left to funded projects on the right.

Pure: places in pixels come out, `drawing` makes a picture of them. Thickness is money. On the right
each project has room for its name, however little it costs, so bands fan out.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.results.charts.sizes import Size, letters

LINE = 18
"""Height of a line of text."""
GAP = 10
"""Between two groups."""
MONEY_PART = 0.6
"""How much of the height would be money if all projects cost the same."""
BAND_MIN = 1.5
CURVE_POINTS = 16
NO_NAME = "—"


@dataclass(frozen=True, slots=True)
class Funded:
    """A funded project; `group` is its area or category, empty where it has none."""

    title: str
    group: str
    cost: int


@dataclass(frozen=True, slots=True)
class Band:
    """A project's money: middle heights at both ends, and its thickness."""

    title: str
    group: int
    left: float
    right: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Group:
    """An area with its money; `lines` is its name."""

    lines: tuple[str, ...]
    middle: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Flow:
    groups: tuple[Group, ...]
    bands: tuple[Band, ...]
    height: float


def flow(funded: Sequence[Funded], size: Size) -> Flow:
    """Place everything, the group with the most money first, in each the costliest project first.

    >>> from app.results.charts.sizes import WIDE
    >>> [band.title for band in flow([Funded("A", "x", 1), Funded("B", "y", 3)], WIDE).bands]
    ['B', 'A']
    """
    per_money = MONEY_PART * LINE * len(funded) / sum(one.cost for one in funded)
    groups: list[Group] = []
    bands: list[Band] = []
    top = 0.0
    for name, members in _grouped(funded):
        lines = _lines(name, size)
        thickness = [max(BAND_MIN, one.cost * per_money) for one in members]
        slots = [max(LINE, one) for one in thickness]
        height = max(sum(slots), LINE * len(lines))
        middle = top + height / 2
        left, right = middle - sum(thickness) / 2, middle - sum(slots) / 2
        for one, thick, slot in zip(members, thickness, slots, strict=True):
            title = _cut(one.title, letters(size.names[1]))
            bands.append(Band(title, len(groups), left + thick / 2, right + slot / 2, thick))
            left, right = left + thick, right + slot
        groups.append(Group(lines, middle, sum(thickness)))
        top += height + GAP
    return Flow(tuple(groups), tuple(bands), top - GAP)


def curve(band: Band) -> Iterator[tuple[float, float]]:
    """Yield the middle line of a band, as parts of the way from left (0) to right (1)."""
    for point in range(CURVE_POINTS + 1):
        way = point / CURVE_POINTS
        yield way, band.left + (band.right - band.left) * way * way * (3 - 2 * way)


def _grouped(funded: Sequence[Funded]) -> list[tuple[str, list[Funded]]]:
    totals: Mapping[str, int] = {
        group: sum(one.cost for one in funded if one.group == group)
        for group in {one.group for one in funded}
    }
    ordered = sorted(funded, key=lambda one: (-totals[one.group], one.group, -one.cost, one.title))
    return [(name, list(members)) for name, members in groupby(ordered, lambda one: one.group)]


def _lines(name: str, size: Size) -> tuple[str, ...]:
    wrapped = textwrap.wrap(name or NO_NAME, letters(size.names[0]), max_lines=3, placeholder=" …")
    return tuple(wrapped)


def _cut(title: str, longest: int) -> str:
    title = " ".join(title.split())
    return title if len(title) <= longest else title[: longest - 1].rstrip() + "…"
