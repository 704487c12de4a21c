"""Payments that wait for their holder, who confirms provider, service and amount on the phone.

Who may confirm for a voucher is decided by the pages of its holder, before they call this. The
redemption gets the identifier of its request, so a till asks for one number from first to last.
"""

import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from app import clock
from app.db.types import uuid7
from app.ledger.errors import InsufficientError
from app.providers.days import today
from app.providers.queries import is_accredited
from app.providers.service import party_of
from app.vouchers import paying
from app.vouchers.models import PaymentRequestRow, VoucherRow
from app.vouchers.paying import Payment, Till
from app.vouchers.rules import Attempt, Outcome, Refused, decide

WAITS = timedelta(minutes=10)
"""A request that nobody answered is declined then: the visit is over, the till has gone on."""


def ask(
    session: Session, till: Till, voucher: VoucherRow, *, service: str, amount_minor: int
) -> PaymentRequestRow:
    """Put a payment before the holder of a voucher; an earlier one of the same provider ends.

    So whoever asks often cannot fill the holder's page. The caller has locked the voucher.
    """
    _end(
        session,
        col(PaymentRequestRow.voucher_id) == voucher.id,
        col(PaymentRequestRow.provider_id) == till.provider_id,
    )
    at = clock.now()
    row = PaymentRequestRow(
        id=uuid7(),
        voucher_id=voucher.id,
        provider_id=till.provider_id,
        service=service,
        amount_minor=amount_minor,
        actor=till.actor,
        asked_at=at,
        expires_at=at + WAITS,
        outcome=Outcome.AWAITING_CONFIRMATION,
    )
    session.add(row)
    session.flush()
    return row


def waiting_for(session: Session, voucher_id: uuid.UUID) -> list[PaymentRequestRow]:
    """Return the payments that a voucher's holder may confirm or refuse now, the oldest first."""
    query = select(PaymentRequestRow).where(
        PaymentRequestRow.voucher_id == voucher_id,
        PaymentRequestRow.outcome == Outcome.AWAITING_CONFIRMATION,
        col(PaymentRequestRow.expires_at) > clock.now(),
    )
    return list(session.exec(query.order_by(col(PaymentRequestRow.id))).all())


def outcome_of(row: PaymentRequestRow) -> Outcome:
    """Return where a request stands now: one that waited too long is declined."""
    outcome = Outcome(row.outcome)
    if outcome is Outcome.AWAITING_CONFIRMATION and row.expires_at <= clock.now():
        return Outcome.DECLINED
    return outcome


def confirm(session: Session, request_id: uuid.UUID, actor: str) -> Outcome:
    """Pay what a provider asks for, as the holder (`actor`, for the record) allows.

    ACCEPTED when it was paid. Otherwise why not, and nothing is charged: what the voucher or the
    provider has become meanwhile, INSUFFICIENT, or DECLINED for a request that waited too long.
    A request that was answered before keeps its outcome. Joins the session; locks the voucher.
    """
    row = _held(session, request_id)
    if outcome_of(row) is not Outcome.AWAITING_CONFIRMATION:
        return outcome_of(row)
    return _answered(session, row, _pay(session, row), actor)


def refuse(session: Session, request_id: uuid.UUID, actor: str) -> Outcome:
    """Decline what a provider asks for; one that was answered before keeps its outcome."""
    row = _held(session, request_id)
    if outcome_of(row) is not Outcome.AWAITING_CONFIRMATION:
        return outcome_of(row)
    return _answered(session, row, Outcome.DECLINED, actor)


def _held(session: Session, request_id: uuid.UUID) -> PaymentRequestRow:
    """Load a request as it is now. The voucher is locked first, as everywhere."""
    voucher_id = session.get_one(PaymentRequestRow, request_id).voucher_id
    session.exec(select(VoucherRow.id).where(VoucherRow.id == voucher_id).with_for_update()).one()
    query = select(PaymentRequestRow).where(PaymentRequestRow.id == request_id)
    return session.exec(query.execution_options(populate_existing=True)).one()


def _pay(session: Session, row: PaymentRequestRow) -> Outcome:
    voucher = session.get_one(VoucherRow, row.voucher_id, populate_existing=True)
    at, on = clock.now(), today()
    attempt = Attempt(
        service=row.service,
        on=on,
        amount_minor=row.amount_minor,
        accredited=is_accredited(session, row.provider_id, row.service, on),
        by_holder=True,
    )
    decided = decide(attempt, paying.facts(voucher))
    if isinstance(decided, Refused):
        return decided.outcome
    till = Till(row.provider_id, party_of(session, row.provider_id), row.actor)
    try:
        paying.pay(
            session, voucher, Payment(row.id, till, row.service, row.amount_minor, at=at, on=on)
        )
    except InsufficientError:
        return Outcome.INSUFFICIENT
    return Outcome.ACCEPTED


def _answered(session: Session, row: PaymentRequestRow, outcome: Outcome, actor: str) -> Outcome:
    row.outcome, row.answered_at, row.answered_by = outcome, clock.now(), actor
    session.add(row)
    session.flush()
    return outcome


def end_all(session: Session, voucher_id: uuid.UUID) -> None:
    """Decline whatever waits for a voucher that pays no more."""
    _end(session, col(PaymentRequestRow.voucher_id) == voucher_id)


def _end(session: Session, *which: ColumnElement[bool]) -> None:
    session.exec(
        update(PaymentRequestRow)
        .where(*which, col(PaymentRequestRow.outcome) == Outcome.AWAITING_CONFIRMATION)
        .values(outcome=Outcome.DECLINED, answered_at=clock.now())
    )
