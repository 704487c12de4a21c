"""What a provider is told when it asks to be paid with a voucher. Pure: facts in, outcome out.

There is one outcome for each attempt, decided in one order, so no answer tells more than the
attempt itself needs. Nothing here knows what is left on a voucher: whether it is enough, the
conditional update of the ledger decides, and only after everything here allowed it.
Source: the specification of vouchers, section 6; `interfaces.md`, section 4.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PAPER_DAY_MINOR_MAX = 2_500
"""So much may be taken from a printed voucher in a day without its PIN, in minor units."""

REFUND_DAYS = 60
"""So long is money spendable that came back after the voucher had expired."""

GRACE_DAYS = 14
"""So long after the last day what is left stays on a voucher, though it pays no more: a visit of
that day may still be recorded, corrected or disputed."""

NOTICE_DAYS = (30, 7)
"""So many days before the last one its holder is reminded."""

INSUFFICIENT_MAX = 2
"""After so many in a day only the holder starts a payment there: trials would show the balance."""


class Outcome(StrEnum):
    """The one thing that a provider learns. The values are those of the API."""

    ACCEPTED = "accepted"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    DECLINED = "declined"
    NOT_ACCREDITED = "not_accredited"
    UNKNOWN = "unknown"
    WRONG_SERVICE = "wrong_service"
    EXPIRED = "expired"
    PIN_NEEDED = "pin_needed"
    INSUFFICIENT = "insufficient"


class State(StrEnum):
    """Where a voucher is in its life; only an active one pays."""

    INACTIVE = "inactive"  # made, not yet handed over
    ACTIVE = "active"
    BLOCKED = "blocked"  # stopped by two people, with a reason that its holder reads
    REPLACED = "replaced"  # its money is on another voucher
    ENDED = "ended"


class ReplacedFor(StrEnum):
    """Why a voucher is replaced."""

    LOST = "lost"  # or somebody else may know the code
    UNREADABLE = "unreadable"
    PIN = "pin"  # forgotten, or locked after wrong ones


class Visit(StrEnum):
    """Where a booked visit stands."""

    BOOKED = "booked"
    DONE = "done"  # its redemption has what was delivered
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # nobody recorded it in time


class Period(StrEnum):
    """A stretch of time for which a holder limits what a voucher pays."""

    DAY = "day"
    WEEK = "week"  # from Monday


class Factor(StrEnum):
    """What was given beside the code, after it was checked."""

    NONE = "none"
    WRONG = "wrong"
    RIGHT = "right"


class Carrier(StrEnum):
    """What the holder shows: it decides how an amount is confirmed."""

    PAPER = "paper"
    PHONE = "phone"


@dataclass(frozen=True)
class VoucherFacts:
    """What the rules have to know of a voucher that was found.

    `starts_on` and `expires_on`: first and last day. `refunded_on`: the day when money last came
    back to it. `pin_locked`: too many wrong PINs.
    """

    state: State
    carrier: Carrier
    services: AbstractSet[str]
    starts_on: date
    expires_on: date
    refunded_on: date | None = None
    pin_locked: bool = False


@dataclass(frozen=True)
class Attempt:
    """One attempt of a provider to be paid `amount_minor`, more than 0.

    `accredited`: for `service` today. `without_pin_minor`: taken from this voucher today without a
    PIN before this attempt. `insufficient_today`: how often this provider heard that today.
    `by_holder`: the holder started or confirmed the payment on the phone.
    """

    service: str
    on: date
    amount_minor: int
    accredited: bool
    factor: Factor = Factor.NONE
    without_pin_minor: int = 0
    insufficient_today: int = 0
    by_holder: bool = False


@dataclass(frozen=True)
class Allowed:
    """The ledger may be asked now. `without_pin`: the amount counts against the day's limit."""

    without_pin: bool


@dataclass(frozen=True)
class Refused:
    """Nothing is charged: a refusal, or AWAITING_CONFIRMATION, which is none yet."""

    outcome: Outcome


def decide(attempt: Attempt, voucher: VoucherFacts | None) -> Allowed | Refused:
    """Decide an attempt; None: no voucher has this code.

    >>> decide(Attempt("childcare", date(2027, 1, 5), 1_200, accredited=True), None)
    Refused(outcome=<Outcome.UNKNOWN: 'unknown'>)
    """
    refusal = _refusal_of_the_voucher(attempt, voucher)
    if refusal is not None or voucher is None:
        return Refused(refusal or Outcome.UNKNOWN)
    return _confirmed(attempt, voucher)


def last_day(voucher: VoucherFacts) -> date:
    """Return the last day on which a voucher pays: later than printed after a late refund."""
    if voucher.refunded_on is None or voucher.refunded_on <= voucher.expires_on:
        return voucher.expires_on
    return voucher.refunded_on + timedelta(days=REFUND_DAYS)


def goes_on(voucher: VoucherFacts) -> date:
    """Return the day on which what is left leaves a voucher, for those who need more."""
    return last_day(voucher) + timedelta(days=GRACE_DAYS)


def notice_due(last: date, on: date) -> int | None:
    """Return which reminder is due: the one of so many days before `last`; None for none yet.

    One that was missed is not sent late where the next is due already.

    >>> [notice_due(date(2027, 12, 31), date(2027, 12, day)) for day in (1, 23, 24, 31)]
    [30, 30, 7, 7]
    """
    left = (last - on).days
    due = [days for days in NOTICE_DAYS if 0 <= left <= days]
    return min(due, default=None)


def parts_of_rest(amount_minor: int, *, missing_minor: int) -> tuple[int, int]:
    """Split what comes back: first what is `missing` to the cover, then the rest.

    >>> parts_of_rest(500, missing_minor=300), parts_of_rest(500, missing_minor=0)
    ((300, 200), (0, 500))
    """
    first = min(amount_minor, missing_minor)
    return first, amount_minor - first


def begins(period: Period, on: date) -> date:
    """Return the first day of the day or week in which `on` lies.

    >>> begins(Period.WEEK, date(2027, 3, 17))
    datetime.date(2027, 3, 15)
    """
    return on if period is Period.DAY else on - timedelta(days=on.weekday())


def may_be_replaced(voucher: VoucherFacts, on: date) -> bool:
    """Say whether its code may die and its money move to another voucher.

    One that two people blocked stays blocked, and after the last day there is nothing to spend.
    """
    return voucher.state in (State.INACTIVE, State.ACTIVE) and on <= last_day(voucher)


def _refusal_of_the_voucher(attempt: Attempt, voucher: VoucherFacts | None) -> Outcome | None:
    if not attempt.accredited:  # before any look-up: the provider's own state, not the holder's
        return Outcome.NOT_ACCREDITED
    if voucher is None or not _can_pay_at_all(voucher, attempt.on):
        return Outcome.UNKNOWN
    if attempt.service not in voucher.services:
        return Outcome.WRONG_SERVICE
    return Outcome.EXPIRED if attempt.on > last_day(voucher) else None


def _can_pay_at_all(voucher: VoucherFacts, on: date) -> bool:
    """A voucher that ended by its date is still found: its holder may hear why it does not pay."""
    if on < voucher.starts_on:
        return False
    return voucher.state is State.ACTIVE or (
        voucher.state is State.ENDED and on > last_day(voucher)
    )


def _confirmed(attempt: Attempt, voucher: VoucherFacts) -> Allowed | Refused:
    without_pin = _pays_without_pin(attempt, voucher)
    if not (attempt.by_holder or without_pin):
        if attempt.factor is Factor.NONE and voucher.carrier is Carrier.PHONE:
            return Refused(Outcome.AWAITING_CONFIRMATION)
        if attempt.factor is not Factor.RIGHT or _is_locked(voucher):
            return Refused(Outcome.PIN_NEEDED)
    if attempt.insufficient_today >= INSUFFICIENT_MAX and not attempt.by_holder:
        return Refused(Outcome.INSUFFICIENT)  # without looking, whatever the amount
    return Allowed(without_pin=without_pin)


def _pays_without_pin(attempt: Attempt, voucher: VoucherFacts) -> bool:
    """Small sums from paper only; a wrong PIN is never better than none."""
    return (
        voucher.carrier is Carrier.PAPER
        and attempt.factor is Factor.NONE
        and not attempt.by_holder
        and not voucher.pin_locked
        and attempt.without_pin_minor + attempt.amount_minor <= PAPER_DAY_MINOR_MAX
    )


def _is_locked(voucher: VoucherFacts) -> bool:
    return voucher.carrier is Carrier.PAPER and voucher.pin_locked
