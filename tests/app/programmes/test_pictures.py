"""Pictures of schedules: places that follow from the amounts."""

from fractions import Fraction
from itertools import pairwise

import pytest
from populations import KNOB, TRIAL

from app.programmes.knob import KnobSchedule
from app.programmes.pictures import bars, curve, staircase
from app.programmes.piecewise import PiecewiseSchedule
from app.programmes.schedule import Schedule

SCHEDULES = [
    KnobSchedule(KNOB, 10_750),
    KnobSchedule(KNOB, 30_000),  # clipped at the highest value
    KnobSchedule(KNOB, 2_000),  # the floor for everybody
    PiecewiseSchedule(TRIAL, (20_000, 12_450, 8_450, 4_450, 2_000, 2_000, 2_000)),
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_what_is_drawn_as_the_fall_is_what_the_values_lose(schedule: Schedule) -> None:
    end = 500_000
    parts = [(start, fall) for start, fall in schedule.falls() if start < end]
    lost = sum(
        fall * (stop - start)
        for (start, fall), (stop, _next) in pairwise([*parts, (end, Fraction(0))])
    )

    top, bottom = (schedule.value_minor(Fraction(income)) for income in (0, end))

    assert abs(lost - (top - bottom)) < schedule.rules.grid_minor
    assert parts[0][0] == 0


def test_a_line_falls_from_left_to_right_within_its_picture() -> None:
    drawn = curve([[(0, 100), (50, 100), (100, 0)]], width=320, across=str, up=str, limit=120)

    path = next(line.path for line in drawn.lines if line.style == "line")
    points = [tuple(map(float, one.split(","))) for one in path[1:].split("L")]
    assert points[0][1] == points[1][1] < points[2][1]
    assert all(0 < x < drawn.width and 0 < y < drawn.height for x, y in points)
    assert [line.style for line in drawn.lines].count("limit") == 1
    assert {text.words for text in drawn.texts} >= {"0", "100"}


def test_a_cost_above_the_budget_is_drawn_as_such() -> None:
    drawn = bars([("less", 75), ("more", 125)], width=320, words=str, limit=100)

    assert [bar.style for bar in drawn.bars] == ["line", "over"]
    assert drawn.bars[0].width < drawn.bars[1].width
    assert [text.words for text in drawn.texts] == ["less: 75", "more: 125"]


def test_a_jump_is_drawn_upright() -> None:
    assert staircase([(0, 3)], 10) == [(0, 3), (10, 3)]
    assert staircase([(0, 0), (4, 9), (8, 0)], 10)[1:3] == [(4, 0), (4, 9)]
