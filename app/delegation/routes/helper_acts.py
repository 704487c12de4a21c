"""What delegates do for a resident beside answering payments: visits, gifts, appeals."""

import uuid
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import run_tx
from app.delegation import acting, doing, queries
from app.delegation.routes.base import blueprint
from app.delegation.routes.helper import ONE, VOUCHER
from app.delegation.rules import Power
from app.entitlements import appealing
from app.entitlements.forms import AppealForm
from app.errors import NotFoundError
from app.forms import form_page, try_form
from app.pool.forms import GiveForm, SureForm
from app.pool.routes.base import amount_of, key_of
from app.programmes.models import ProgrammeRow
from app.providers.days import today
from app.vouchers import agenda, holding, visit_booking
from app.vouchers.till_forms import VisitForm


@blueprint.route(f"{VOUCHER}/give", methods=["GET", "POST"])
def give(delegation_id: uuid.UUID, voucher_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the sum. Nothing is given yet."""
    shown, form = _held(delegation_id, voucher_id, Power.DONATE), GiveForm()
    if form.validate_on_submit():
        to_check = url_for(
            ".check_gift",
            delegation_id=delegation_id,
            voucher_id=voucher_id,
            amount=form.amount.data,
        )
        return redirect(to_check)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return form_page(
        form,
        status,
        title=_("Give to the shared pool"),
        lead=_(
            "From the voucher of %(name)s, to help somebody whose voucher is not enough. It does "
            "not come back. Give only what this person wants to give.",
            name=shown["name"],
        ),
        back=_voucher(delegation_id, voucher_id),
        button=_("Continue"),
    )


@blueprint.route(f"{VOUCHER}/give/check", methods=["GET", "POST"])
def check_gift(delegation_id: uuid.UUID, voucher_id: uuid.UUID) -> ResponseReturnValue:
    """Show what would be given; only the button here gives."""
    actor, shown = current.actor(), _held(delegation_id, voucher_id, Power.DONATE)
    amount_minor = amount_of(request.args.get("amount", ""))
    give_page = url_for(".give", delegation_id=delegation_id, voucher_id=voucher_id)
    if amount_minor is None:
        return redirect(give_page)
    form = SureForm(data={"key": uuid.uuid4().hex})
    key = key_of(form.key.data)
    status = try_form(
        form, lambda s: doing.give(s, actor, delegation_id, voucher_id, amount_minor, key=key)
    )
    if status is None:
        flash(_("Given. It is written down, and the holder sees it."))
        return redirect(_voucher(delegation_id, voucher_id))
    page = render_template(
        "pool/check.html",
        form=form,
        one=shown["one"],
        amount_minor=amount_minor,
        sees_balance=shown["sees_balance"],
        back=give_page,
        leave=_voucher(delegation_id, voucher_id),
    )
    return page, status


@blueprint.get(f"{VOUCHER}/visits/new")
def choose_who(delegation_id: uuid.UUID, voucher_id: uuid.UUID) -> ResponseReturnValue:
    """Choose the organisation that is to come."""
    shown = _held(delegation_id, voucher_id, Power.BOOK)
    return render_template("delegation/choose_who.html", **shown)


@blueprint.route(f"{VOUCHER}/visits/new/<uuid:provider_id>", methods=["GET", "POST"])
def book(
    delegation_id: uuid.UUID, voucher_id: uuid.UUID, provider_id: uuid.UUID
) -> ResponseReturnValue:
    actor, form = current.actor(), VisitForm()
    shown = _held(delegation_id, voucher_id, Power.BOOK)
    listed = next((one for one in shown["who"] if one.provider.id == provider_id), None)
    if listed is None:
        raise NotFoundError(_("This organisation cannot be booked with this voucher now."))
    visit_booking.offer(form, listed, shown["one"].row.services)
    status = visit_booking.try_booking(
        form, lambda s, wanted: doing.book(s, actor, delegation_id, voucher_id, provider_id, wanted)
    )
    if status is None:
        flash(_("The visit is booked, and its amount is set aside."))
        return redirect(_voucher(delegation_id, voucher_id))
    return render_template("delegation/book.html", form=form, listed=listed, **shown), status


@blueprint.post(f"{VOUCHER}/visits/<uuid:booking_id>/cancel")
def cancel_visit(
    delegation_id: uuid.UUID, voucher_id: uuid.UUID, booking_id: uuid.UUID
) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda s: doing.cancel_visit(s, actor, delegation_id, voucher_id, booking_id))
    flash(_("The visit is cancelled. All of its amount is back on the voucher."))
    return redirect(_voucher(delegation_id, voucher_id))


@blueprint.get(f"{ONE}/appeals")
def appeals(delegation_id: uuid.UUID) -> ResponseReturnValue:
    """The decisions against which an appeal is possible now."""
    return render_template("delegation/appeals.html", **_decisions(delegation_id))


@blueprint.route(f"{ONE}/appeals/<uuid:application_id>", methods=["GET", "POST"])
def appeal(delegation_id: uuid.UUID, application_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, found = current.actor(), AppealForm(), _decisions(delegation_id)
    back = url_for(".appeals", delegation_id=delegation_id)
    if application_id not in {row.id for row, _programme in found["rows"]}:
        raise NotFoundError(_("There is no such decision to appeal against. Look at the list."))
    text = form.text.data or ""
    status = try_form(form, lambda s: doing.appeal(s, actor, delegation_id, application_id, text))
    if status is None:
        flash(_("The appeal was sent. Somebody who had no part in the decision looks at it."))
        return redirect(url_for(".helped", delegation_id=delegation_id))
    return form_page(
        form,
        status,
        title=_("Appeal for %(name)s", name=found["name"]),
        lead=_("Somebody who had no part in the decision answers within 30 days."),
        back=back,
        button=_("Send the appeal"),
    )


def _held(delegation_id: uuid.UUID, voucher_id: uuid.UUID, power: Power) -> dict[str, Any]:
    """Read a voucher for a page about one power; who lacks it is refused here already."""
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        acts = acting.act_for(session, actor, delegation_id, power)
        row = acting.voucher(session, acts, voucher_id)
        whom = queries.entrusted(session, acts.row, today())
        return {
            "whom": whom,
            "name": queries.name_of(whom),
            "one": holding.held(session, row),
            "sees_balance": acts.may(Power.SEE_BALANCE),
            "who": agenda.who_can_come(session, row) if power is Power.BOOK else [],
        }

    return run_tx(read)


def _decisions(delegation_id: uuid.UUID) -> dict[str, Any]:
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        acts = acting.act_for(session, actor, delegation_id, Power.APPEAL)
        whom = queries.entrusted(session, acts.row, today())
        return {
            "whom": whom,
            "name": queries.name_of(whom),
            "rows": [
                (row, session.get_one(ProgrammeRow, row.programme_id))
                for row in appealing.appealable(session, acts.row.resident_id)
            ],
        }

    return run_tx(read)


def _voucher(delegation_id: uuid.UUID, voucher_id: uuid.UUID) -> str:
    return url_for(".voucher", delegation_id=delegation_id, voucher_id=voucher_id)
