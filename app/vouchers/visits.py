"""Booked visits: when one can be booked, recorded and cancelled, and what was delivered. Pure.

Source: the specification of vouchers, sections 3 (Holds) and 8.5.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.vouchers import amounts

AHEAD_DAYS_MAX = 90
"""Money that is set aside helps nobody meanwhile."""

RECORD_DAYS = 7
"""So long after its day a visit can be recorded; then the amount goes back to its holder. Shorter
than the grace of vouchers, so that a visit on a voucher's last day is recorded in time."""

RUN_OFF_DAYS = 30
"""So long do visits that were booked before take place after an accreditation's orderly end."""


class Unbookable(StrEnum):
    """Why no visit can be booked for a day."""

    PAST = "past"
    TOO_FAR = "too_far"
    AFTER_LAST_DAY = "after_last_day"


@dataclass(frozen=True)
class Wanted:
    """A visit to be booked. `minutes` and `hour_minor`: where it is paid by the hour."""

    service: str
    visit_on: date
    amount_minor: int
    minutes: int | None = None
    hour_minor: int | None = None


def why_not(visit_on: date, *, on: date, last_day: date) -> Unbookable | None:
    """Say why a visit cannot be booked for a day; None if it can.

    `on`: today. `last_day`: the voucher's.

    >>> why_not(date(2027, 3, 2), on=date(2027, 3, 3), last_day=date(2027, 12, 31))
    <Unbookable.PAST: 'past'>
    """
    if visit_on < on:
        return Unbookable.PAST
    if visit_on > last_day:
        return Unbookable.AFTER_LAST_DAY
    return Unbookable.TOO_FAR if visit_on > on + timedelta(days=AHEAD_DAYS_MAX) else None


def can_be_recorded(visit_on: date, on: date) -> bool:
    """Say whether it may be written down today what was delivered."""
    return visit_on <= on <= visit_on + timedelta(days=RECORD_DAYS)


def can_be_cancelled_by_holder(visit_on: date, on: date) -> bool:
    """Say whether its holder may cancel: until the evening before, since somebody comes then."""
    return on < visit_on


def hold_ends_at(visit_on: date) -> datetime:
    """Return when a visit's hold may be timed out: noon of the day after, over in every zone."""
    return datetime.combine(visit_on + timedelta(days=RECORD_DAYS + 1), time(12), UTC)


def delivered_minor(minutes: int, *, hour_minor: int, held_minor: int) -> int:
    """Return what so many minutes cost at the tariff of the booking, at most what is held.

    >>> delivered_minor(120, hour_minor=1_600, held_minor=4_800)
    3200
    """
    cost_minor = amounts.of_minutes(minutes, tariff_hourly_minor=hour_minor)
    return min(cost_minor, held_minor)
