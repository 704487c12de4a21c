"""Visits at the till: book one with the holder's code, see what is booked, record or cancel it."""

import json
import uuid
from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db import read_tx, run_tx
from app.errors import BusyError, UserFacingError
from app.forms import choice
from app.ledger.errors import StillRunningError
from app.providers import point_words
from app.providers import queries as providers
from app.providers.days import today
from app.vouchers import agenda, booking, scanned, till_words, visits
from app.vouchers.models import BookingRow
from app.vouchers.redeeming import Charge, redeem
from app.vouchers.routes.till_base import TILL, ProviderRow, Till, blueprint, till_required
from app.vouchers.rules import Outcome
from app.vouchers.till_forms import AmountForm, BookForm

VISIT = f"{TILL}/visits/<uuid:booking_id>"


@blueprint.get(f"{TILL}/visits")
@till_required
def visit_list(provider: ProviderRow, till: Till) -> ResponseReturnValue:
    rows = read_tx(lambda session: agenda.of_provider(session, till))
    return render_template("till/visits.html", provider=provider, rows=rows)


@blueprint.route(f"{TILL}/visits/new", methods=["GET", "POST"])
@till_required
def book_visit(provider: ProviderRow, till: Till) -> ResponseReturnValue:
    """Set an amount aside with the code that was read last; the holder confirms with digits."""
    code = scanned.code()
    if code is None:
        flash(str(till_words.TOO_LATE), "important")
        return redirect(url_for(".start", provider_id=provider.id), HTTPStatus.SEE_OTHER)
    form = BookForm(data={"key": uuid.uuid4().hex, "which": scanned.digest(code)})
    found = read_tx(lambda session: providers.register(session, today(), till.provider_id))
    services = found[0].services if found else ()
    form.service.choices = [choice(one, point_words.SERVICES[one]) for one in services]
    form.tariffs = agenda.hourly(found[0]) if found else {}
    status = HTTPStatus.OK
    if form.validate_on_submit():
        went = _book(form, provider, till, code)
        if isinstance(went, Response):
            return went
        status = went
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("till/book.html", form=form, provider=provider), status


def _book(form: BookForm, provider: ProviderRow, till: Till, code: str) -> Response | HTTPStatus:
    if form.which.data != scanned.digest(code):
        flash(str(till_words.ANOTHER), "important")
        to_start = url_for(".start", provider_id=provider.id)
        return make_response(redirect(to_start, HTTPStatus.SEE_OTHER))
    wanted = form.wanted()
    if wanted is None:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    charge = Charge(code, wanted.service, wanted.amount_minor, form.digits.data or "", visit=wanted)
    try:
        answer = redeem(till, charge, key=str(form.key.data or uuid.uuid4().hex))
    except (BusyError, StillRunningError) as error:
        form.refuse(till_words.NO_ANSWER)
        return error.status
    except UserFacingError as error:
        form.refuse(error, field="visit_on" if isinstance(error, booking.DayError) else None)
        _begin_anew(form)
        return error.status
    said = json.loads(answer.body)
    outcome = Outcome(said["outcome"])
    if outcome is Outcome.ACCEPTED:
        flash(_("The visit is booked, and its amount is set aside."))
        to_visit = url_for(".visit", provider_id=provider.id, booking_id=said["booking_id"])
        return scanned.forget(make_response(redirect(to_visit, HTTPStatus.SEE_OTHER)))
    at_fault = "digits" if outcome is Outcome.PIN_NEEDED else None
    form.refuse(till_words.OUTCOMES[outcome], field=at_fault)
    _begin_anew(form)
    return HTTPStatus(answer.status)


def _begin_anew(form: BookForm) -> None:
    """Draw a key, since the refusal is kept under the old one; the page shows no PIN again."""
    form.key.data, form.digits.data = uuid.uuid4().hex, ""


@blueprint.route(VISIT, methods=["GET", "POST"])
@till_required
def visit(provider: ProviderRow, till: Till, booking_id: uuid.UUID) -> ResponseReturnValue:
    """A booked visit: what was delivered is recorded here, and paid."""
    row = read_tx(lambda session: booking.of_provider(session, till, booking_id))
    form = AmountForm(data={"service": row.service})
    form.service.choices = [choice(row.service, point_words.SERVICES[row.service])]
    form.tariffs = {row.service: row.hour_minor} if row.hour_minor else {}
    status = HTTPStatus.OK
    if form.validate_on_submit():
        amount_minor = _delivered_minor(form, row)
        if amount_minor is None:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            try:
                run_tx(lambda session: booking.record(session, till, row.id, amount_minor))
            except UserFacingError as error:
                form.refuse(error, field="amount")
                status = error.status
            else:
                flash(_("Recorded. The rest went back to the voucher at once."))
                return redirect(url_for(".receipt", provider_id=provider.id, redemption_id=row.id))
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template("till/visit.html", form=form, provider=provider, one=agenda.due(row))
    return page, status


def _delivered_minor(form: AmountForm, row: BookingRow) -> int | None:
    if row.hour_minor and form.time_minutes and not form.amount.data:
        return visits.delivered_minor(
            form.time_minutes, hour_minor=row.hour_minor, held_minor=row.amount_minor
        )
    return form.charge_minor()


@blueprint.post(f"{VISIT}/cancel")
@till_required
def cancel_visit(provider: ProviderRow, till: Till, booking_id: uuid.UUID) -> ResponseReturnValue:
    run_tx(lambda session: booking.cancel(session, till, booking_id))
    flash(_("The visit is cancelled. The amount went back to the voucher at once."))
    return redirect(url_for(".visit_list", provider_id=provider.id))
