"""What may be paid to a provider, when, and in which steps. Pure: facts in, answer out.

Source: the specification of vouchers, sections 4 (appropriated money) and 9 (settlement).
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

DISPUTE_DAYS = 7
"""So many days after its own a redemption can be disputed before it is paid out."""
PAID_FROM_MINOR = 1_000
"""Less than this is carried over to the next batch."""
WHOLE = 10_000
"""The basis points of a whole."""
OWING_MAX = 3
"""After so many batches in which a provider owed more than it was due, it gets an invoice."""
SATURDAY = 5


class State(StrEnum):
    """Where a batch stands."""

    DRAFT = "draft"
    FROZEN = "frozen"  # lines and totals no longer change
    RELEASED = "released"  # by another person than the one who prepared it
    EXPORTED = "exported"  # the payment file was taken
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"  # given up before its release; nothing was paid


_STEPS = (State.DRAFT, State.FROZEN, State.RELEASED, State.EXPORTED, State.BOOKED)


class LineState(StrEnum):
    """Where a line stands."""

    CARRIED = "carried"  # not in the file
    DUE = "due"  # in the file
    BOOKED = "booked"
    RETURNED = "returned"  # sent back by the bank


class Unpaid(StrEnum):
    """Why a line is not in the file."""

    SMALL = "small"
    OWES = "owes"  # the provider owes the town as much or more
    NO_BANK = "no_bank"
    BAD_IBAN = "bad_iban"


class DisputeSide(StrEnum):
    """Who disputes a redemption."""

    HOLDER = "holder"
    PROVIDER = "provider"


class DisputeState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by who raised it


def may_become(state: State, after: State) -> bool:
    """Say whether a batch may go from one state to another: step by step, never back.

    >>> may_become(State.FROZEN, State.RELEASED), may_become(State.DRAFT, State.RELEASED)
    (True, False)
    """
    if after is State.WITHDRAWN:
        return state in (State.DRAFT, State.FROZEN)
    return (state, after) in pairwise(_STEPS)


class Waits(StrEnum):
    """Why a redemption is in no batch that is made now."""

    BATCHED = "batched"
    TAKEN_BACK = "taken_back"  # nothing is left of it
    DISPUTED = "disputed"
    IN_WINDOW = "in_window"


@dataclass(frozen=True)
class Item:
    """A confirmed redemption, with what was done to it since."""

    redemption_id: uuid.UUID
    provider_id: uuid.UUID
    taken_on: date
    amount_minor: int
    taken_back_minor: int = 0
    disputed: bool = False
    batched: bool = False

    @property
    def standing_minor(self) -> int:
        """What is owed for it, corrections netted."""
        return self.amount_minor - self.taken_back_minor


def why_waits(item: Item, *, cut_off_on: date) -> Waits | None:
    """Say why a redemption cannot be paid in a batch cut off as a day begins; None: it can."""
    if item.batched:
        return Waits.BATCHED
    if item.standing_minor <= 0:
        return Waits.TAKEN_BACK
    if item.disputed:
        return Waits.DISPUTED
    if item.taken_on + timedelta(days=DISPUTE_DAYS) >= cut_off_on:
        return Waits.IN_WINDOW
    return None


def cut_off(now: datetime, zone: tzinfo) -> datetime:
    """Return the beginning of the week in the town, as UTC: the newest Monday 00:00 up to `now`."""
    here = now.astimezone(zone).date()
    monday = here - timedelta(days=here.weekday())
    return datetime.combine(monday, time(), tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Line:
    """What one provider is due: its redemptions, less what it owes and the agreed fee."""

    gross_minor: int = 0
    """What stands of the redemptions in it."""
    item_count: int = 0
    again_minor: int = 0
    """Sent back by the bank before; its fee was taken then."""
    owed_back_minor: int = 0
    """Refunded to residents after it had been paid out."""
    fee_basis_points: int = 0

    @property
    def fee_minor(self) -> int:
        """A part of what was redeemed less what is owed back, rounded down, never below zero."""
        return max(0, self.gross_minor - self.owed_back_minor) * self.fee_basis_points // WHOLE

    @property
    def pay_minor(self) -> int:
        """Below zero: the provider owes the town, and the next batch offsets it."""
        due = self.gross_minor + self.again_minor
        return due - self.owed_back_minor - self.fee_minor


def why_unpaid(pay_minor: int, *, has_bank: bool, iban_is_right: bool) -> Unpaid | None:
    """Say why a line is not in the file; what it holds then waits. None: it is paid.

    >>> why_unpaid(999, has_bank=True, iban_is_right=True)
    <Unpaid.SMALL: 'small'>
    """
    if pay_minor <= 0:
        return Unpaid.OWES
    if pay_minor < PAID_FROM_MINOR:
        return Unpaid.SMALL
    if not has_bank:
        return Unpaid.NO_BANK
    return None if iban_is_right else Unpaid.BAD_IBAN


def missing_minor(payable_minor: int, *, appropriated_minor: int, paid_minor: int) -> int:
    """Return what the council must appropriate before so much may be paid; 0: enough is there.

    `paid_minor` is what has left by the bank so far and did not come back.
    """
    return max(0, payable_minor + paid_minor - appropriated_minor)


def pays_on(taken_on: date) -> date:
    """Return the day for which the bank is asked to pay a file taken on a day: a working day later.

    >>> pays_on(date(2026, 11, 19)), pays_on(date(2026, 11, 20))
    (datetime.date(2026, 11, 20), datetime.date(2026, 11, 23))
    """
    day = taken_on + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def needs_invoice(times_owing: int, *, accredited: bool) -> bool:
    """Say whether a debt is asked for by an invoice: it was offset in vain, or nothing follows."""
    return times_owing >= OWING_MAX or (times_owing > 0 and not accredited)


def may_dispute(taken_on: date, today: date) -> bool:
    """Say whether a redemption can be disputed today.

    >>> [may_dispute(date(2026, 11, 2), date(2026, 11, day)) for day in (9, 10)]
    [True, False]
    """
    return today <= taken_on + timedelta(days=DISPUTE_DAYS)
