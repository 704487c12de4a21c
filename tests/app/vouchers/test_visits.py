"""When a visit can be booked, recorded, cancelled, and what is paid of it."""

from datetime import date, timedelta

import pytest

from app.vouchers import visits
from app.vouchers.rules import GRACE_DAYS
from app.vouchers.visits import AHEAD_DAYS_MAX, RECORD_DAYS, Unbookable

ON = date(2027, 3, 17)
LAST = date(2027, 12, 31)


@pytest.mark.parametrize(
    ("days", "last", "why"),
    [
        (-1, LAST, Unbookable.PAST),
        (0, LAST, None),
        (AHEAD_DAYS_MAX, LAST, None),
        (AHEAD_DAYS_MAX + 1, LAST, Unbookable.TOO_FAR),
        (3, ON + timedelta(days=3), None),
        (4, ON + timedelta(days=3), Unbookable.AFTER_LAST_DAY),
    ],
)
def test_a_visit_is_booked_from_today_to_90_days_ahead_while_the_voucher_lasts(
    days: int, last: date, why: Unbookable | None
) -> None:
    assert visits.why_not(ON + timedelta(days=days), on=ON, last_day=last) is why


def test_a_visit_is_recorded_from_its_day_for_a_week() -> None:
    days = [ON + timedelta(days=number) for number in (-1, 0, RECORD_DAYS, RECORD_DAYS + 1)]

    assert [visits.can_be_recorded(ON, day) for day in days] == [False, True, True, False]


def test_its_holder_cancels_until_the_evening_before() -> None:
    assert visits.can_be_cancelled_by_holder(ON, ON - timedelta(days=1))
    assert not visits.can_be_cancelled_by_holder(ON, ON)


def test_a_visit_on_the_last_day_of_a_voucher_can_be_recorded_before_what_is_left_goes() -> None:
    assert RECORD_DAYS < GRACE_DAYS


def test_more_time_than_was_booked_costs_no_more_than_was_set_aside() -> None:
    assert visits.delivered_minor(240, hour_minor=1_600, held_minor=4_800) == 4_800
