"""What may be paid to a provider, when, and in which steps. Pure: facts in, answer out.

Source: the specification of vouchers, sections 4 (appropriated money) and 9 (settlement).
"""

import uuid
from collections.abc import Iterable, Sequence
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

    provider_id: uuid.UUID
    items: tuple[Item, ...]
    owed_back_minor: int
    """Refunded to residents after it had been paid out."""
    fee_minor: int

    @property
    def gross_minor(self) -> int:
        return sum(item.standing_minor for item in self.items)

    @property
    def pay_minor(self) -> int:
        """Below zero: the provider owes the town, and the next batch offsets it."""
        return self.gross_minor - self.owed_back_minor - self.fee_minor

    @property
    def is_paid(self) -> bool:
        """Say whether it goes into the payment file; if not, its items wait for the next batch."""
        return self.pay_minor >= PAID_FROM_MINOR


def line(
    provider_id: uuid.UUID,
    items: Iterable[Item],
    *,
    cut_off_on: date,
    owed_back_minor: int = 0,
    fee_basis_points: int = 0,
) -> Line:
    """Put together what one provider is due at a cut-off.

    The fee is a part of what was redeemed less what is owed back, rounded down to the cent and
    never below zero. Items that wait, and those of other providers, are left out.
    """
    due = tuple(
        item
        for item in sorted(items, key=lambda one: (one.taken_on, one.redemption_id))
        if item.provider_id == provider_id and why_waits(item, cut_off_on=cut_off_on) is None
    )
    base = sum(item.standing_minor for item in due) - owed_back_minor
    fee = max(0, base) * fee_basis_points // WHOLE
    return Line(provider_id, due, owed_back_minor, fee)


def missing_minor(lines: Sequence[Line], *, appropriated_minor: int, paid_minor: int) -> int:
    """Return what the council must appropriate before these lines may be paid; 0: enough is there.

    `paid_minor` is what has left by the bank so far and did not come back.
    """
    payable = sum(one.pay_minor for one in lines if one.is_paid)
    return max(0, payable + paid_minor - appropriated_minor)
