"""Visits that a holder books and cancels, and the holder's own limits."""

import uuid
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.forms import form_page, try_form
from app.policy import fetch
from app.vouchers import agenda, booking, caps, holding, visit_booking
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
    visit_booking.offer(form, shown["listed"], shown["one"].row.services)
    status = visit_booking.try_booking(
        form, lambda s, wanted: booking.book(s, actor, voucher_id, provider_id, wanted)
    )
    if status is None:
        flash(_("The visit is booked, and its amount is set aside."))
        return redirect(address(voucher_id))
    return render_template("vouchers/book.html", form=form, **shown), status


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
