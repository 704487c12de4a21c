"""Reading accounts and transfers."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session

from app.ledger.entries import AccountKind, TransferKind
from app.ledger.models import (
    ACCOUNTS,
    SEALS,
    TRANSFERS,
    HoldRow,
    LedgerAccountRow,
    SealRow,
    TransferRow,
)


def account_row(session: Session, account_id: uuid.UUID) -> LedgerAccountRow:
    """Return an account as it is now; raises NoResultFound if there is none."""
    return session.get_one(LedgerAccountRow, account_id, populate_existing=True)


def balance_minor(session: Session, account_id: uuid.UUID) -> int:
    """Return credits minus debits: the stored balance, or the sum where none is stored."""
    accounts = select(ACCOUNTS.c.balance_minor).where(ACCOUNTS.c.id == account_id)
    stored = session.execute(accounts).scalar_one()
    return summed_minor(session, account_id) if stored is None else stored


def balances_minor(session: Session, account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return the stored balances of many accounts at once; those that store none are left out."""
    wanted = list(account_ids)
    rows = select(ACCOUNTS.c.id, ACCOUNTS.c.balance_minor).where(ACCOUNTS.c.id.in_(wanted))
    return {one.id: one.balance_minor for one in session.execute(rows) if one[1] is not None}


def sole_account(session: Session, kind: AccountKind, *, subject_id: uuid.UUID) -> uuid.UUID | None:
    """Return a programme's one account of a kind; None before anything was moved there."""
    of_kind = select(ACCOUNTS.c.id).where(
        ACCOUNTS.c.subject_id == subject_id, ACCOUNTS.c.kind == kind
    )
    return session.execute(of_kind).scalar_one_or_none()


def summed_minor(session: Session, account_id: uuid.UUID) -> int:
    """Return credits minus debits, summed from the transfers whatever is stored."""
    credited = _sum(session, _amounts().where(TRANSFERS.c.credit_id == account_id))
    return credited - _sum(session, _amounts().where(TRANSFERS.c.debit_id == account_id))


def reversed_minor(session: Session, transfer_id: uuid.UUID) -> int:
    """Return how much of a transfer has been taken back by transfers that cite it."""
    return _sum(session, _amounts().where(TRANSFERS.c.reverses_id == transfer_id))


def moved_minor(session: Session, account_id: uuid.UUID, kind: TransferKind) -> int:
    """Return what transfers of one kind brought to an account, less what they took from it."""
    moved = _amounts().where(TRANSFERS.c.kind == kind)
    credited = _sum(session, moved.where(TRANSFERS.c.credit_id == account_id))
    return credited - _sum(session, moved.where(TRANSFERS.c.debit_id == account_id))


def transfer(session: Session, transfer_id: uuid.UUID) -> TransferRow | None:
    return session.get(TransferRow, transfer_id)


def transfers_of_event(session: Session, event_id: uuid.UUID) -> Sequence[TransferRow]:
    """Return what was moved by one event, in the order of posting."""
    rows = select(TransferRow).where(TRANSFERS.c.event_id == event_id)
    return session.execute(_in_order(rows)).scalars().all()


def transfers_of_account(session: Session, account_id: uuid.UUID) -> Sequence[TransferRow]:
    """Return what was moved into and out of an account, in the order of posting."""
    touched = or_(TRANSFERS.c.debit_id == account_id, TRANSFERS.c.credit_id == account_id)
    return session.execute(_in_order(select(TransferRow).where(touched))).scalars().all()


def hold(session: Session, hold_id: uuid.UUID) -> HoldRow:
    """Return a hold as it is now; raises NoResultFound if there is none."""
    return session.get_one(HoldRow, hold_id, populate_existing=True)


def seals(session: Session) -> Sequence[SealRow]:
    """Return all seals, the oldest first."""
    return session.execute(select(SealRow).order_by(SEALS.c.seal_no)).scalars().all()


def _amounts() -> Select[int]:
    return select(func.coalesce(func.sum(TRANSFERS.c.amount_minor), 0))


def _in_order(query: Select[TransferRow]) -> Select[TransferRow]:
    return query.order_by(TRANSFERS.c.posted_at, TRANSFERS.c.id)


def _sum(session: Session, query: Select[int]) -> int:
    return int(session.execute(query).scalar_one())  # PostgreSQL sums BIGINT to a decimal
