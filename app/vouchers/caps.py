"""A holder's own limits: how much a voucher may pay in a day and in a week.

What counts is kept in a row per day and week, changed by one conditional UPDATE in the transaction
of the payment, so that of payments at once those beyond the limit are refused. A provider hears
that too little is left, as ever. Only vouchers with a limit have such rows.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from app.ledger.errors import InsufficientError
from app.ledger.queries import reversed_minor
from app.policy import Actor, fetch
from app.providers.days import day_of, today
from app.vouchers import queries
from app.vouchers.models import BookingRow, RedemptionRow, SpentRow, VoucherRow
from app.vouchers.rules import Period, Visit, begins


def set_limits(
    session: Session,
    actor: Actor,
    voucher_id: uuid.UUID,
    *,
    day_max_minor: int | None,
    week_max_minor: int | None,
) -> None:
    """Limit one's own voucher from now on; None: no limit. What was paid before counts along.

    Raises NotFoundError for another's voucher.
    """
    row = queries.locked(session, fetch(session, actor, VoucherRow, voucher_id).id)
    row.day_max_minor, row.week_max_minor = day_max_minor, week_max_minor
    session.add(row)
    session.flush()
    for period, most in _limits(row):
        if most is not None:
            _count_anew(session, row.id, period, today())


def count(session: Session, voucher: VoucherRow, amount_minor: int, on: date) -> None:
    """Count an amount; the caller has locked the voucher. Raises InsufficientError beyond a limit.

    Nothing may be written after that: the caller's transaction or savepoint ends.
    """
    for period, most in _limits(voucher):
        if most is None:
            continue
        _open(session, voucher.id, period, on)
        done = session.exec(
            update(SpentRow)
            .where(*_of(voucher.id, period, on), col(SpentRow.spent_minor) + amount_minor <= most)
            .values(spent_minor=col(SpentRow.spent_minor) + amount_minor)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount != 1:
            raise InsufficientError


def uncount(session: Session, voucher: VoucherRow, amount_minor: int, at: datetime) -> None:
    """Take back what was counted at an instant, since the amount came back."""
    on = day_of(at)
    for period, most in _limits(voucher):
        if most is not None:
            session.exec(
                update(SpentRow)
                .where(*_of(voucher.id, period, on), col(SpentRow.spent_minor) >= amount_minor)
                .values(spent_minor=col(SpentRow.spent_minor) - amount_minor)
                .execution_options(synchronize_session=False)
            )


def limited(voucher: VoucherRow) -> bool:
    return any(most is not None for _period, most in _limits(voucher))


def carry_over(session: Session, old: VoucherRow, new: VoucherRow) -> None:
    """Let a voucher keep the limits of the one that it replaces, and what counts already."""
    new.day_max_minor, new.week_max_minor = old.day_max_minor, old.week_max_minor
    session.add(new)
    session.flush()
    for period, most in _limits(new):
        if most is not None:
            _count_anew(session, new.id, period, today())


def _limits(row: VoucherRow) -> tuple[tuple[Period, int | None], ...]:
    return (Period.DAY, row.day_max_minor), (Period.WEEK, row.week_max_minor)


def _of(voucher_id: uuid.UUID, period: Period, on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SpentRow.voucher_id) == voucher_id,
        col(SpentRow.period) == period,
        col(SpentRow.starts_on) == begins(period, on),
    )


def _open(session: Session, voucher_id: uuid.UUID, period: Period, on: date) -> SpentRow:
    """Find or add the row; the voucher is locked, so nobody else adds it now."""
    starts = begins(period, on)
    row = session.get(SpentRow, (voucher_id, period, starts), populate_existing=True)
    if row is None:
        row = SpentRow(voucher_id=voucher_id, period=period, starts_on=starts, spent_minor=0)
        session.add(row)
        session.flush()
    return row


def _count_anew(session: Session, voucher_id: uuid.UUID, period: Period, on: date) -> None:
    row = _open(session, voucher_id, period, on)
    line, since = queries.line_of(session, voucher_id), begins(period, on)
    paid = select(RedemptionRow).where(
        col(RedemptionRow.voucher_id).in_(line), RedemptionRow.taken_on >= since
    )
    booked = select(BookingRow).where(
        col(BookingRow.voucher_id).in_(line), BookingRow.state == Visit.BOOKED
    )
    total_minor = sum(
        one.amount_minor - reversed_minor(session, one.transfer_id)
        for one in session.exec(paid).all()
    )
    total_minor += sum(
        one.amount_minor for one in session.exec(booked).all() if day_of(one.booked_at) >= since
    )
    row.spent_minor = total_minor
    session.add(row)
    session.flush()
