"""Amounts at the till, in minor units of the currency: hours times tariff, repeats, corrections.

Pure. The amount that a holder confirms is the one computed here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MINUTES_PER_HOUR = 60
REPEAT_SECONDS = 15
"""An equal charge within so many seconds may be the same one entered twice: the till asks."""


def of_minutes(minutes: int, *, tariff_hourly_minor: int) -> int:
    """Return what so many minutes cost; a part of a minor unit is left to the holder.

    Raises ValueError unless both are above 0.

    >>> of_minutes(180, tariff_hourly_minor=1_600), of_minutes(50, tariff_hourly_minor=1_000)
    (4800, 833)
    """
    if minutes <= 0 or tariff_hourly_minor <= 0:
        raise ValueError(f"{minutes} minutes at {tariff_hourly_minor} an hour cost nothing")
    return minutes * tariff_hourly_minor // MINUTES_PER_HOUR


def looks_repeated(
    amount_minor: int, *, at: datetime, before_minor: int, before_at: datetime
) -> bool:
    """Say whether a charge equals the one before it on the same voucher and follows at once."""
    return amount_minor == before_minor and at - before_at <= timedelta(seconds=REPEAT_SECONDS)


class CorrectionFault(StrEnum):
    """Why a redemption cannot be corrected as asked."""

    NEGATIVE = "negative"
    NOT_LESS = "not_less"  # more is a new redemption, which the holder confirms
    ANOTHER_DAY = "another_day"


@dataclass(frozen=True)
class Back:
    """So much goes back to the voucher, in minor units, more than 0."""

    amount_minor: int


@dataclass(frozen=True)
class Uncorrectable:
    why: CorrectionFault


def correction(*, standing_minor: int, right_minor: int, same_day: bool) -> Back | Uncorrectable:
    """Say what goes back if `right_minor` (0: all of it) is what should have been taken.

    `standing_minor`: what was taken less what went back before. `same_day`: it was taken today,
    by the town's clock; later, a dispute settles it.

    >>> correction(standing_minor=3_000, right_minor=2_000, same_day=True)
    Back(amount_minor=1000)
    """
    if not same_day:
        return Uncorrectable(CorrectionFault.ANOTHER_DAY)
    if right_minor < 0:
        return Uncorrectable(CorrectionFault.NEGATIVE)
    if right_minor >= standing_minor:
        return Uncorrectable(CorrectionFault.NOT_LESS)
    return Back(standing_minor - right_minor)
