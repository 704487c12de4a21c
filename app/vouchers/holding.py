"""What the holder of a voucher sees of it and decides about it; nobody else does."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.errors import NotFoundError
from app.ledger import service as ledger
from app.policy import Actor, account_of, fetch
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRow
from app.vouchers import keys, paying, pins, queries, requests
from app.vouchers.models import PaymentRequestRow, RedemptionRow, VoucherRow
from app.vouchers.rules import Carrier, Outcome, State, last_day


@dataclass(frozen=True)
class Spent:
    """A payment. `standing_minor`: what of it still stands after corrections."""

    row: RedemptionRow
    provider: ProviderRow
    standing_minor: int


@dataclass(frozen=True)
class Asked:
    """A payment that a provider asks for and that waits for the holder."""

    row: PaymentRequestRow
    provider: ProviderRow


@dataclass(frozen=True)
class Held:
    """A voucher as its holder sees it. `left_minor`: None while its money is only promised."""

    row: VoucherRow
    programme: ProgrammeRow
    left_minor: int | None
    last_day: date


@dataclass(frozen=True)
class Codes:
    """What is shown at the door. `rotating`: of this minute, on a phone only."""

    code: str
    rotating: str | None
    seconds_left: int


def held(session: Session, row: VoucherRow) -> Held:
    left_minor = ledger.balance_minor(session, row.account_id)
    return Held(
        row,
        session.get_one(ProgrammeRow, row.programme_id),
        left_minor if left_minor or row.state != State.INACTIVE else None,
        last_day(known) if (known := paying.facts(row)) else row.expires_on,
    )


def codes_of(row: VoucherRow) -> Codes | None:
    """Open what is sealed, for the eyes of its holder; None unless the voucher is in use."""
    if row.state != State.ACTIVE:
        return None
    now, rotating = clock.now(), None
    if row.carrier == Carrier.PHONE:
        secret = keys.unseal(row.secret_sealed, voucher_id=row.id)
        rotating = pins.rotating_code(secret, pins.step_at(now))
    code = keys.unseal(row.code_sealed, voucher_id=row.id).decode()
    return Codes(code, rotating, pins.seconds_left(now))


def spent(session: Session, row: VoucherRow) -> Sequence[Spent]:
    """Return what was paid with a voucher, or with one that it replaced, the newest first."""
    query = (
        select(RedemptionRow, ProviderRow)
        .join(ProviderRow, col(ProviderRow.id) == col(RedemptionRow.provider_id))
        .where(col(RedemptionRow.voucher_id).in_(queries.line_of(session, row.id)))
        .order_by(col(RedemptionRow.id).desc())
    )
    return [
        Spent(paid, provider, paying.standing_minor(session, paid))
        for paid, provider in session.exec(query).all()
    ]


def asked(session: Session, row: VoucherRow) -> Sequence[Asked]:
    """Return the payments that wait for the holder, the oldest first."""
    return [
        Asked(one, session.get_one(ProviderRow, one.provider_id))
        for one in requests.waiting_for(session, row.id)
    ]


def answer(
    session: Session, actor: Actor, voucher_id: uuid.UUID, request_id: uuid.UUID, *, pay: bool
) -> Outcome:
    """Confirm or refuse a payment from one's own voucher; again changes nothing.

    Raises NotFoundError for another's voucher, and for a request about another voucher.
    """
    voucher = fetch(session, actor, VoucherRow, voucher_id)
    request = session.get(PaymentRequestRow, request_id)
    if request is None or request.voucher_id != voucher.id:
        raise NotFoundError(lazy("There is no such payment. Look at your voucher again."))
    decide = requests.confirm if pay else requests.refuse
    return decide(session, request_id, f"account/{account_of(actor)}")


def of_account(session: Session, account_id: uuid.UUID) -> Sequence[Held]:
    return [held(session, row) for row in queries.vouchers_of(session, account_id)]
