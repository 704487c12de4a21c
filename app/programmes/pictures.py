"""Pictures of a schedule: shapes and places in pixels, for two widths. Pure.

What a picture says in words stands in the page: here are numbers, and the labels it is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

LEFT, RIGHT, TOP, BELOW = 72, 12, 26, 30
HEIGHT = 250
TICKS_MAX = 6
BAR_HEIGHT, BAR_GAP = 26, 40

Point = tuple[float, float]
Words = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line: `style` is `line`, `other` (a second one), `limit` (dashed) or `rule`."""

    path: str
    style: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    style: str = "line"


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    texts: tuple[Text, ...] = ()


WIDTHS = {"wide": 736, "narrow": 320}


def ticks(top: int) -> list[int]:
    """Return round numbers from 0 to the first that is not below `top`, in the smallest unit.

    >>> ticks(20_000)
    [0, 5000, 10000, 15000, 20000]
    """
    every = (digit * 10**power for power in range(15) for digit in (1, 2, 5))
    step = next(one for one in every if top <= one * (TICKS_MAX - 1))
    values = [0]
    while values[-1] < max(1, top):
        values.append(values[-1] + step)
    return values


def curve(
    series: Sequence[Sequence[tuple[int, int]]],
    *,
    width: int,
    across: Words,
    up: Words,
    limit: int | None = None,
) -> Drawing:
    """Draw lines over one another: amounts `up` the side over amounts `across` the bottom.

    `series`: points from left to right, one line each; `limit`: a dashed line all the way across.
    """
    most_x = max(x for line in series for x, _y in line)
    most_y = max([y for line in series for _x, y in line] + [limit or 0])
    right, bottom = width - RIGHT, HEIGHT - BELOW
    ticks_x, ticks_y = ticks(most_x), ticks(most_y)
    if width < WIDTHS["wide"]:
        ticks_x = ticks_x[:: 1 + len(ticks_x) // 4]

    def place(x: int, y: int) -> Point:
        return (
            LEFT + (right - LEFT) * x / max(1, most_x),
            bottom - (bottom - TOP) * y / ticks_y[-1],
        )

    lines = [Line(_path([place(0, y), place(most_x, y)]), "rule") for y in ticks_y]
    if limit is not None:
        lines.append(Line(_path([place(0, limit), place(most_x, limit)]), "limit"))
    for number, points in enumerate(series):
        style = "other" if number else "line"
        lines.append(Line(_path([place(x, y) for x, y in points]), style))
    texts = [Text(LEFT - 6, place(0, y)[1] + 5, up(y), "end") for y in ticks_y]
    for x in ticks_x:
        if x <= most_x:
            at = place(x, 0)[0]
            anchor = "end" if at > right - 30 else "middle"
            texts.append(Text(at, bottom + 20, across(x), anchor))
    return Drawing(width, HEIGHT, tuple(lines), (), tuple(texts))


def bars(
    rows: Sequence[tuple[str, int]], *, width: int, words: Words, limit: int | None = None
) -> Drawing:
    """Draw a bar per row, name and value above it; `limit`: a dashed line through all of them."""
    most = max([value for _name, value in rows] + [limit or 0, 1])
    right = width - RIGHT
    height = TOP + len(rows) * (BAR_HEIGHT + BAR_GAP) - BAR_GAP + 10

    def place(value: int) -> float:
        return (right - 2) * value / most

    drawn, texts = [], []
    for number, (name, value) in enumerate(rows):
        y = TOP + number * (BAR_HEIGHT + BAR_GAP)
        over = limit is not None and value > limit
        drawn.append(Bar(2, y, place(value), BAR_HEIGHT, "over" if over else "line"))
        texts.append(Text(2, y - 7, f"{name}: {words(value)}"))
    lines: tuple[Line, ...] = ()
    if limit is not None:
        at = 2 + place(limit)
        lines = (Line(_path([(at, TOP - 4), (at, height - 4)]), "limit"),)
    return Drawing(width, height, lines, tuple(drawn), tuple(texts))


def staircase(segments: Sequence[tuple[int, int]], end: int) -> list[tuple[int, int]]:
    """Turn (from where, how much) into points of a line that jumps; the last goes on to `end`.

    >>> staircase([(0, 0), (800, 5)], 2000)
    [(0, 0), (800, 0), (800, 5), (2000, 5)]
    """
    points = []
    for (start, value), (stop, _next) in pairwise([*segments, (end, 0)]):
        points += [(start, value), (stop, value)]
    return points


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
