"""Visits that a holder books and cancels, and the holder's own limits."""

import uuid
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import NotFoundError, UserFacingError
from app.forms import choice, form_page, try_form
from app.ledger.errors import InsufficientError
from app.policy import fetch
from app.programmes.words import SERVICES
from app.vouchers import agenda, booking, caps, holding
from app.vouchers.holder_forms import LimitForm
from app.vouchers.models import VoucherRow
from app.vouchers.routes.holder_base import OWN, address, blueprint
from app.vouchers.till_forms import VisitForm


@blueprint.get(f"{OWN}/visits/new")
def choose_who(voucher_id: uuid.UUID) -> ResponseReturnValue:
    """Choose the organisation that is to come."""
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        row = fetch(session, actor, VoucherRow, voucher_id)
        return {"row": row, "providers": agenda.who_can_come(session, row)}

    return render_template("vouchers/choose_who.html", **read_tx(read))


@blueprint.route(f"{OWN}/visits/new/<uuid:provider_id>", methods=["GET", "POST"])
def book(voucher_id: uuid.UUID, provider_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), VisitForm()

    def read(session: Session) -> dict[str, Any]:
        row = fetch(session, actor, VoucherRow, voucher_id)
        for listed in agenda.who_can_come(session, row):
            if listed.provider.id == provider_id:
                return {"one": holding.held(session, row), "listed": listed}
        raise NotFoundError(_("This organisation cannot be booked with this voucher now."))

    shown = read_tx(read)
    listed, row = shown["listed"], shown["one"].row
    services = [one for one in listed.services if one in row.services]
    form.service.choices = [choice(one, SERVICES[one]) for one in services]
    form.tariffs = {
        service: amount for service, amount in agenda.hourly(listed).items() if service in services
    }
    status = HTTPStatus.OK
    if form.validate_on_submit() and (wanted := form.wanted()) is not None:
        try:
            run_tx(lambda s: booking.book(s, actor, voucher_id, provider_id, wanted))
        except UserFacingError as error:
            form.refuse(error, field=_beside(error))
            status = error.status
        else:
            flash(_("The visit is booked, and its amount is set aside."))
            return redirect(address(voucher_id))
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("vouchers/book.html", form=form, **shown), status


def _beside(error: UserFacingError) -> str | None:
    """Return beside which field a refusal stands."""
    fields = {booking.DayError: "visit_on", InsufficientError: "amount"}
    return fields.get(type(error))


@blueprint.post(f"{OWN}/visits/<uuid:booking_id>/cancel")
def cancel_visit(voucher_id: uuid.UUID, booking_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: booking.cancel_own(session, actor, voucher_id, booking_id))
    flash(_("The visit is cancelled. All of its amount is back on the voucher."))
    return redirect(address(voucher_id))


@blueprint.route(f"{OWN}/limits", methods=["GET", "POST"])
def limits(voucher_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, int | None]:
        row = fetch(session, actor, VoucherRow, voucher_id)
        return {"day": row.day_max_minor, "week": row.week_max_minor}

    form = LimitForm(data=read_tx(read))
    most = {"day_max_minor": form.day.data or None, "week_max_minor": form.week.data or None}
    status = try_form(form, lambda s: caps.set_limits(s, actor, voucher_id, **most), field="day")
    if status is None:
        flash(_("Your limits hold from now on."))
        return redirect(address(voucher_id))
    return form_page(
        form,
        status,
        title=_("Limits of your voucher"),
        lead=_(
            "You may limit what can be paid with your voucher, whoever asks for it. What was paid "
            "today and this week counts already. You can change this at any time."
        ),
        back=address(voucher_id),
    )
