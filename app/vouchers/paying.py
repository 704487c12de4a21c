"""Taking money from a voucher that may pay: the transfer and the redemption, written together.

`redeeming` and `requests` decide before whether it may; the ledger says whether it holds enough.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from sqlmodel import Session, select

from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.once import Answer
from app.ledger.queries import reversed_minor
from app.vouchers import caps, codes, keys, pins
from app.vouchers.models import RedemptionRow, VoucherRow
from app.vouchers.rules import Carrier, Outcome, State, VoucherFacts

STATUS = {
    Outcome.ACCEPTED: HTTPStatus.CREATED,
    Outcome.AWAITING_CONFIRMATION: HTTPStatus.ACCEPTED,
    Outcome.DECLINED: HTTPStatus.CONFLICT,
    Outcome.NOT_ACCREDITED: HTTPStatus.FORBIDDEN,
    Outcome.UNKNOWN: HTTPStatus.NOT_FOUND,
    Outcome.WRONG_SERVICE: HTTPStatus.CONFLICT,
    Outcome.EXPIRED: HTTPStatus.CONFLICT,
    Outcome.PIN_NEEDED: HTTPStatus.CONFLICT,
    Outcome.INSUFFICIENT: HTTPStatus.CONFLICT,
}


@dataclass(frozen=True)
class Till:
    """Who asks to be paid: a provider, its party in the ledger, and the device or person."""

    provider_id: uuid.UUID
    party_id: uuid.UUID
    actor: str


@dataclass(frozen=True)
class Payment:
    """What is taken, by whom and when. `id` names the redemption; `on`: the day in the town."""

    id: uuid.UUID
    till: Till
    service: str
    amount_minor: int
    at: datetime
    on: date


def locked(session: Session, code: str) -> VoucherRow | None:
    """Find a voucher and keep others from it; on SQLite whoever writes is alone already."""
    wanted = codes.keyed_hash(code, keys.pepper())
    return session.exec(
        select(VoucherRow).where(VoucherRow.code_hash == wanted).with_for_update()
    ).first()


def standing_minor(session: Session, row: RedemptionRow) -> int:
    """Return what of a redemption still stands after corrections."""
    return row.amount_minor - reversed_minor(session, row.transfer_id)


def facts(row: VoucherRow | None) -> VoucherFacts | None:
    """Return what the rules have to know of a voucher."""
    if row is None:
        return None
    return VoucherFacts(
        state=State(row.state),
        carrier=Carrier(row.carrier),
        services=frozenset(row.services),
        starts_on=row.starts_on,
        expires_on=row.expires_on,
        refunded_on=row.refunded_on,
        pin_locked=row.pin_failures >= pins.FAILURES_MAX,
    )


def pay(session: Session, voucher: VoucherRow, payment: Payment) -> Answer:
    """Move the amount to the provider and note the redemption; returns the answer ACCEPTED.

    Raises ledger.errors.InsufficientError if the voucher holds less, or its holder limits it so;
    nothing is moved then.
    """
    if not caps.limited(voucher):
        return _pay(session, voucher, payment)
    with session.begin_nested():  # what was counted is taken back with what is not paid
        caps.count(session, voucher, payment.amount_minor, payment.on)
        return _pay(session, voucher, payment)


def _pay(session: Session, voucher: VoucherRow, payment: Payment) -> Answer:
    till = payment.till
    owed = ledger.account(
        session,
        AccountKind.PROVIDER,
        party_id=till.party_id,
        subject_id=voucher.programme_id,
    )
    transfer = ledger.post(
        session,
        TransferKind.REDEEM,
        voucher.account_id,
        owed,
        payment.amount_minor,
        event_id=payment.id,
        reference=voucher.serial,
        actor=till.actor,
    )
    session.flush()
    row = RedemptionRow(
        id=payment.id,
        voucher_id=voucher.id,
        provider_id=till.provider_id,
        transfer_id=transfer.id,
        service=payment.service,
        amount_minor=payment.amount_minor,
        taken_on=payment.on,
        redeemed_at=payment.at,
        actor=till.actor,
    )
    session.add(row)
    session.flush()
    return accepted(row, payment.amount_minor)


def accepted(row: RedemptionRow, amount_minor: int) -> Answer:
    """Return the answer for what was taken. `amount_minor`: what stands of it."""
    return answer(
        Outcome.ACCEPTED,
        redemption_id=str(row.id),
        amount_minor=amount_minor,
        redeemed_at=row.redeemed_at.isoformat(timespec="seconds"),
    )


def answer(outcome: Outcome, **more: object) -> Answer:
    """Return an outcome as the API answers it; nothing else may be told of a voucher."""
    body = {"outcome": outcome.value, **more}
    return Answer(STATUS[outcome], json.dumps(body, sort_keys=True).encode())
