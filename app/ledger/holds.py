"""Setting an amount aside for a booked visit. Each hold has its own account with floor zero, so
that no amount can be captured twice; the row of the hold carries its state, transfers never change.
"""

import uuid
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session

from app.db.types import uuid7
from app.ledger import queries
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.errors import HoldEndedError, InsufficientError
from app.ledger.models import HOLDS, HoldRow, TransferRow
from app.ledger.service import open_account, post

PENDING = "pending"


def place(
    session: Session,
    voucher: uuid.UUID,
    amount_minor: int,
    *,
    ends_at: datetime,
    event_id: uuid.UUID,
    reference: str = "",
    actor: str = "",
) -> uuid.UUID:
    """Move an amount of the account `voucher` to a new hold; returns the hold's identifier.

    After `ends_at` it may be timed out. Raises InsufficientError when too little is left.
    """
    from_row = queries.account_row(session, voucher)
    account_id = open_account(
        session,
        AccountKind.HOLD,
        unit=from_row.unit,
        party_id=from_row.party_id,
        subject_id=from_row.subject_id,
    )
    post(
        session, TransferKind.HOLD, voucher, account_id, amount_minor,
        event_id=event_id, reference=reference, actor=actor,
    )  # fmt: skip
    hold_id = uuid7()
    session.connection().execute(
        insert(HOLDS).values(
            id=hold_id,
            account_id=account_id,
            voucher_id=voucher,
            amount_minor=amount_minor,
            status=PENDING,
            ends_at=ends_at,
        )
    )
    return hold_id


def capture(
    session: Session,
    hold_id: uuid.UUID,
    provider: uuid.UUID,
    amount_minor: int,
    *,
    event_id: uuid.UUID,
    back_to: uuid.UUID | None = None,
    reference: str = "",
    actor: str = "",
) -> TransferRow:
    """Pay what was delivered to the account `provider`; the rest goes back. Returns the payment.

    `back_to` is the account that replaced the one the amount came from. Raises HoldEndedError
    when the hold has ended, InsufficientError when more is asked than was set aside.
    """
    row = _end(session, hold_id, "captured")
    if amount_minor > row.amount_minor:
        raise InsufficientError
    _give_back(session, row, row.amount_minor - amount_minor, back_to, event_id, reference, actor)
    return post(
        session, TransferKind.CAPTURE, row.account_id, provider, amount_minor,
        event_id=event_id, reference=reference, actor=actor,
    )  # fmt: skip


def release(
    session: Session,
    hold_id: uuid.UUID,
    *,
    event_id: uuid.UUID,
    back_to: uuid.UUID | None = None,
    reference: str = "",
    actor: str = "",
) -> None:
    """Give all of it back: the visit does not take place. Raises HoldEndedError."""
    row = _end(session, hold_id, "released")
    _give_back(session, row, row.amount_minor, back_to, event_id, reference, actor)


def time_out(
    session: Session, hold_id: uuid.UUID, *, event_id: uuid.UUID, back_to: uuid.UUID | None = None
) -> None:
    """Give all of it back: the hold's time is over. Raises HoldEndedError."""
    row = _end(session, hold_id, "timed_out")
    _give_back(session, row, row.amount_minor, back_to, event_id, "", "")


def overdue(session: Session, now: datetime) -> list[uuid.UUID]:
    """Return the pending holds whose time is over, the earliest first."""
    query = (
        select(HOLDS.c.id)
        .where(HOLDS.c.status == PENDING, HOLDS.c.ends_at <= now)
        .order_by(HOLDS.c.ends_at)
    )
    return list(session.execute(query).scalars().all())


def _end(session: Session, hold_id: uuid.UUID, status: str) -> HoldRow:
    """Mark a pending hold: of several at once, one does."""
    done = session.connection().execute(
        update(HOLDS).where(HOLDS.c.id == hold_id, HOLDS.c.status == PENDING).values(status=status)
    )
    if done.rowcount != 1:
        raise HoldEndedError
    return queries.hold(session, hold_id)


def _give_back(
    session: Session,
    row: HoldRow,
    amount_minor: int,
    back_to: uuid.UUID | None,
    event_id: uuid.UUID,
    reference: str,
    actor: str,
) -> None:
    if amount_minor:
        post(
            session, TransferKind.RELEASE, row.account_id, back_to or row.voucher_id, amount_minor,
            event_id=event_id, reference=reference, actor=actor,
        )  # fmt: skip
