"""What somebody may do for the holder of a voucher, and when. Pure.

Every delegation lets its delegate see serial, state, last day and booked visits of the vouchers;
each power adds one thing, and no power shows income or what the voucher's value was computed from.
Source: the specification of vouchers, sections 2 (delegation, helper organisations) and 8.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST = timedelta(days=2 * 365)
"""A delegation ends after two years at the latest: then its resident says anew who it is."""

USUAL = timedelta(days=365)
INVITED_FOR = timedelta(days=7)
"""So long a code of invitation works."""

OPEN_MAX = 10
"""So many people and organisations may act for one resident at a time."""

LABEL_LENGTH_MAX = 60


class Power(StrEnum):
    """One thing that a delegate may do beside seeing that a voucher is there."""

    SHOW_CODE = "show_code"
    BOOK = "book"
    CONFIRM = "confirm"
    SEE_BALANCE = "see_balance"
    SEE_HISTORY = "see_history"
    DONATE = "donate"
    APPEAL = "appeal"


class Use(StrEnum):
    """What was done with a delegation; the resident reads it."""

    LOOKED = "looked"
    SAW_CODE = "saw_code"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    PAID = "paid"
    REFUSED = "refused"
    GAVE = "gave"
    APPEALED = "appealed"


class State(StrEnum):
    """Where a delegation stands on a day."""

    INVITED = "invited"  # nobody has accepted it, or the organisation has named nobody
    LATER = "later"
    ACTIVE = "active"
    OVER = "over"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Facts:
    """What the rules have to know. `taken_up`: somebody has accepted, or was named."""

    starts_on: date
    ends_on: date
    taken_up: bool
    revoked: bool


def state(facts: Facts, on: date) -> State:
    """Return where a delegation stands; what was ended stays so, whatever its dates say.

    >>> year = Facts(date(2027, 1, 1), date(2027, 12, 31), taken_up=True, revoked=False)
    >>> state(year, date(2027, 12, 31)), state(year, date(2028, 1, 1))
    (<State.ACTIVE: 'active'>, <State.OVER: 'over'>)
    """
    if facts.revoked:
        return State.REVOKED
    if on > facts.ends_on:
        return State.OVER
    if not facts.taken_up:
        return State.INVITED
    return State.LATER if on < facts.starts_on else State.ACTIVE


def allows(facts: Facts, powers: Collection[str], power: Power | None, on: date) -> bool:
    """Say whether a delegate may use a power on a day; None: may see that the voucher is there."""
    return state(facts, on) is State.ACTIVE and (power is None or power in powers)


def latest_end(on: date) -> date:
    """Return the last day that a delegation made on that day may have."""
    return on + LONGEST


def has_conflict(own_organisations: Collection[object], asking: object) -> bool:
    """Say whether a delegate would confirm what the delegate's own organisation asks for.

    Nobody is on both sides of a payment: otherwise a carer with the power to confirm could take
    from a voucher without its holder.
    """
    return asking in own_organisations


def is_run_by_users(board: Collection[tuple[str, int]]) -> bool:
    """Say whether users hold more than half of a board, as an application for accreditation has it.

    Only such an organisation may act for residents as a helper organisation: it is theirs.

    >>> is_run_by_users([("total", 7), ("user_members", 4)])
    True
    >>> is_run_by_users([("total", 8), ("user_members", 4)]), is_run_by_users([])
    (False, False)
    """
    known = dict(board)
    return 2 * known.get("user_members", 0) > known.get("total", 0)
