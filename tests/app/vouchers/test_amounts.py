from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vouchers.amounts import (
    Back,
    CorrectionFault,
    Uncorrectable,
    correction,
    looks_repeated,
    of_minutes,
)

NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
minor = st.integers(1, 1_000_000)


def test_three_hours_cost_three_times_the_tariff() -> None:
    assert of_minutes(180, tariff_hourly_minor=1_600) == 4_800


@given(st.integers(1, 10_000), minor)
def test_a_part_of_a_minor_unit_is_left_to_the_holder(minutes: int, tariff: int) -> None:
    cost = of_minutes(minutes, tariff_hourly_minor=tariff)

    assert 0 <= minutes * tariff - cost * 60 < 60


@pytest.mark.parametrize(("minutes", "tariff"), [(0, 1_600), (-30, 1_600), (60, 0), (60, -1)])
def test_no_time_and_no_tariff_cost_nothing_and_are_refused(minutes: int, tariff: int) -> None:
    with pytest.raises(ValueError, match="cost nothing"):
        of_minutes(minutes, tariff_hourly_minor=tariff)


@pytest.mark.parametrize(
    ("amount_minor", "seconds", "asks"),
    [(1_200, 0, True), (1_200, 15, True), (1_200, 16, False), (1_201, 1, False)],
)
def test_an_equal_charge_within_15_seconds_is_asked_about(
    amount_minor: int, seconds: int, asks: bool
) -> None:
    at = NOON + timedelta(seconds=seconds)

    assert looks_repeated(amount_minor, at=at, before_minor=1_200, before_at=NOON) is asks


@given(minor, st.data())
def test_a_correction_leaves_what_is_right(standing: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, standing - 1))

    back = correction(standing_minor=standing, right_minor=right, same_day=True)

    assert back == Back(standing - right)


@pytest.mark.parametrize(
    ("right_minor", "same_day", "why"),
    [
        (3_000, True, CorrectionFault.NOT_LESS),
        (3_001, True, CorrectionFault.NOT_LESS),
        (-1, True, CorrectionFault.NEGATIVE),
        (0, False, CorrectionFault.ANOTHER_DAY),
    ],
)
def test_more_than_was_taken_or_another_day_is_no_correction(
    right_minor: int, same_day: bool, why: CorrectionFault
) -> None:
    asked = correction(standing_minor=3_000, right_minor=right_minor, same_day=same_day)

    assert asked == Uncorrectable(why)


def test_of_a_redemption_taken_back_whole_nothing_can_go_back() -> None:
    asked = correction(standing_minor=0, right_minor=0, same_day=True)

    assert asked == Uncorrectable(CorrectionFault.NOT_LESS)
