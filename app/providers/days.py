"""Which day it is in the town."""

from datetime import date, datetime

from flask_babel import to_user_timezone

from app import clock


def today() -> date:
    """Return the day that it is in the town's time zone."""
    return day_of(clock.now())


def day_of(at: datetime) -> date:
    """Return the day that it was in the town at an instant."""
    return to_user_timezone(at).date()  # type: ignore[no-any-return]  # no types
