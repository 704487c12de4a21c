"""What delegates do, each with the power it needs, and each written down with what it changed."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.delegation import acting
from app.delegation.acting import Acting
from app.delegation.rules import Power, Use
from app.entitlements import appealing
from app.entitlements.models import ApplicationRow
from app.errors import NotFoundError
from app.policy import Actor
from app.pool import giving
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRow
from app.vouchers import booking, holding, requests
from app.vouchers.holding import Codes
from app.vouchers.models import PaymentRequestRow, VoucherRow
from app.vouchers.rules import Outcome
from app.vouchers.visits import Wanted


def codes(
    session: Session, actor: Actor, delegation_id: uuid.UUID, voucher_id: uuid.UUID
) -> tuple[Acting, VoucherRow, Codes | None]:
    """Open the code of a voucher, each time noted; None unless the voucher is in use."""
    acts = acting.act_for(session, actor, delegation_id, Power.SHOW_CODE)
    row = acting.voucher(session, acts, voucher_id)
    shown = holding.codes_of(row)
    if shown is not None:
        acting.note(session, acts, Use.SAW_CODE, voucher_id=row.id)
    return acts, row, shown


def answer(
    session: Session,
    actor: Actor,
    delegation_id: uuid.UUID,
    voucher_id: uuid.UUID,
    request_id: uuid.UUID,
    *,
    pay: bool,
) -> Outcome:
    """Confirm or refuse a payment for the resident; again changes nothing.

    Raises ForbiddenError where the delegate's own organisation asks, and as `act_for` does.
    """
    acts = acting.act_for(session, actor, delegation_id, Power.CONFIRM)
    row = acting.voucher(session, acts, voucher_id)
    request = session.get(PaymentRequestRow, request_id)
    if request is None or request.voucher_id != row.id:
        raise NotFoundError(lazy("There is no such payment. Look at the voucher again."))
    acting.check_other_side(session, acts, request.provider_id)
    waited = request.answered_at is None
    decide = requests.confirm if pay else requests.refuse
    outcome = decide(session, request_id, acts.actor)
    answered = waited and request.answered_by == acts.actor  # and not somebody else meanwhile
    if answered and outcome in (Outcome.ACCEPTED, Outcome.DECLINED):
        acting.note(
            session,
            acts,
            Use.PAID if outcome is Outcome.ACCEPTED else Use.REFUSED,
            voucher_id=row.id,
            amount_minor=request.amount_minor,
            about=session.get_one(ProviderRow, request.provider_id).name,
        )
    return outcome


def give(
    session: Session,
    actor: Actor,
    delegation_id: uuid.UUID,
    voucher_id: uuid.UUID,
    amount_minor: int,
    *,
    key: uuid.UUID,
) -> None:
    """Give to the shared pool for the resident; the same key again changes nothing.

    Raises as `act_for` and `pool.giving.give` do.
    """
    acts = acting.act_for(session, actor, delegation_id, Power.DONATE)
    row = acting.voucher(session, acts, voucher_id)
    if giving.give(session, row, amount_minor, key=key, by=acts.actor):
        acting.note(session, acts, Use.GAVE, voucher_id=row.id, amount_minor=amount_minor)


def book(
    session: Session,
    actor: Actor,
    delegation_id: uuid.UUID,
    voucher_id: uuid.UUID,
    provider_id: uuid.UUID,
    wanted: Wanted,
) -> None:
    """Book a visit for the resident, never with an organisation of the delegate's own.

    Raises ForbiddenError for that, and as `act_for` and `booking.book_for` do.
    """
    acts = acting.act_for(session, actor, delegation_id, Power.BOOK)
    row = acting.voucher(session, acts, voucher_id)
    acting.check_other_side(session, acts, provider_id)
    booking.book_for(session, row.id, provider_id, wanted, by=acts.actor)
    acting.note(
        session,
        acts,
        Use.BOOKED,
        voucher_id=row.id,
        amount_minor=wanted.amount_minor,
        about=session.get_one(ProviderRow, provider_id).name,
    )


def cancel_visit(
    session: Session,
    actor: Actor,
    delegation_id: uuid.UUID,
    voucher_id: uuid.UUID,
    booking_id: uuid.UUID,
) -> None:
    """Cancel a visit for the resident. Raises as `act_for` and `booking.cancel_for` do."""
    acts = acting.act_for(session, actor, delegation_id, Power.BOOK)
    row = acting.voucher(session, acts, voucher_id)
    visit = booking.cancel_for(session, row.id, booking_id)
    acting.note(
        session,
        acts,
        Use.CANCELLED,
        voucher_id=row.id,
        amount_minor=visit.amount_minor,
        about=session.get_one(ProviderRow, visit.provider_id).name,
    )


def appeal(
    session: Session,
    actor: Actor,
    delegation_id: uuid.UUID,
    application_id: uuid.UUID,
    text: str,
) -> None:
    """Appeal against a decision in the resident's name. Raises as `act_for` and `file_for` do."""
    acts = acting.act_for(session, actor, delegation_id, Power.APPEAL)
    appealing.file_for(session, actor, acts.row.resident_id, application_id, text)
    row = session.get_one(ApplicationRow, application_id)
    programme = session.get_one(ProgrammeRow, row.programme_id)
    acting.note(session, acts, Use.APPEALED, about=programme.name)
