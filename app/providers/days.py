"""Which day it is in the town."""

from datetime import date

from flask_babel import to_user_timezone

from app import clock


def today() -> date:
    """Return the day that it is in the town's time zone."""
    return to_user_timezone(clock.now()).date()  # type: ignore[no-any-return]  # no types
