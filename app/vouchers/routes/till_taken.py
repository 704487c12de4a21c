"""After the payment: the receipt, waiting for the holder, correcting, and what was taken."""

import json
import uuid
from datetime import date, timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import read_tx
from app.errors import UserFacingError
from app.providers.days import today
from app.vouchers import requests, till_words
from app.vouchers import till as tills
from app.vouchers.amounts import CorrectionFault
from app.vouchers.correcting import correct
from app.vouchers.models import PaymentRequestRow
from app.vouchers.routes.till_base import (
    TILL,
    ProviderRow,
    Till,
    blueprint,
    no_such_receipt,
    till_required,
)
from app.vouchers.rules import Outcome
from app.vouchers.till import Taken
from app.vouchers.till_forms import CorrectForm

FIRST_DAY = date(2020, 1, 1)  # before any voucher


@blueprint.get(f"{TILL}/taken")
@till_required
def taken(provider: ProviderRow, till: Till) -> ResponseReturnValue:
    """What was taken on a day: today, or the one that the address names."""
    day = _day(request.args.get("day", ""))
    rows = read_tx(lambda session: tills.taken_on(session, till, day))
    return render_template(
        "till/taken.html",
        provider=provider,
        rows=rows,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today() else None,
        total_minor=sum(one.standing_minor for one in rows),
        most=tills.SHOWN_MAX,
    )


@blueprint.get(f"{TILL}/receipts/<uuid:redemption_id>")
@till_required
def receipt(provider: ProviderRow, till: Till, redemption_id: uuid.UUID) -> ResponseReturnValue:
    one = _find(till, redemption_id)
    return render_template(
        "till/receipt.html", provider=provider, one=one, correctable=one.row.taken_on == today()
    )


@blueprint.route(f"{TILL}/receipts/<uuid:redemption_id>/correct", methods=["GET", "POST"])
@till_required
def correction(provider: ProviderRow, till: Till, redemption_id: uuid.UUID) -> ResponseReturnValue:
    one = _find(till, redemption_id)
    form = CorrectForm(data={"key": uuid.uuid4().hex})
    status = HTTPStatus.OK
    if form.validate_on_submit():
        status = _correct(form, till, redemption_id)
        if status is HTTPStatus.CREATED:
            flash(_("The rest went back to the voucher at once."))
            return redirect(
                url_for(".receipt", provider_id=provider.id, redemption_id=redemption_id)
            )
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("till/correct.html", form=form, provider=provider, one=one), status


@blueprint.get(f"{TILL}/waiting/<uuid:request_id>")
@till_required
def waiting(provider: ProviderRow, till: Till, request_id: uuid.UUID) -> ResponseReturnValue:
    """A payment that the holder has to confirm; goes on to the receipt once that is done."""
    row = _find_asked(till, request_id)
    outcome = requests.outcome_of(row)
    if outcome is Outcome.ACCEPTED:
        return redirect(url_for(".receipt", provider_id=provider.id, redemption_id=row.id))
    return render_template(
        "till/waiting.html",
        provider=provider,
        row=row,
        waits=outcome is Outcome.AWAITING_CONFIRMATION,
        sentence=till_words.OUTCOMES[outcome],
    )


@blueprint.get(f"{TILL}/waiting/<uuid:request_id>/progress")
@till_required
def waiting_progress(
    provider: ProviderRow, till: Till, request_id: uuid.UUID
) -> ResponseReturnValue:
    outcome = requests.outcome_of(_find_asked(till, request_id))
    return {
        "percent": None,
        "step": str(till_words.OUTCOMES.get(outcome, "")),
        "done": outcome is not Outcome.AWAITING_CONFIRMATION,
        "url": url_for(".waiting", provider_id=provider.id, request_id=request_id),
    }


def _correct(form: CorrectForm, till: Till, redemption_id: uuid.UUID) -> HTTPStatus:
    try:
        key = str(form.key.data or uuid.uuid4().hex)
        answer = correct(till, redemption_id, form.amount.data or 0, key=key)
    except UserFacingError as error:
        form.refuse(error)
        return error.status
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        [why] = json.loads(answer.body)["errors"]
        form.refuse(till_words.CORRECTIONS[CorrectionFault(why)], field="amount")
        form.key.data = uuid.uuid4().hex
    return HTTPStatus(answer.status)


def _find(till: Till, redemption_id: uuid.UUID) -> Taken:
    one = read_tx(lambda session: tills.receipt(session, till, redemption_id))
    if one is None:
        raise no_such_receipt()
    return one


def _find_asked(till: Till, request_id: uuid.UUID) -> PaymentRequestRow:
    row = read_tx(lambda session: tills.asked(session, till, request_id))
    if row is None:
        raise no_such_receipt()
    return row


def _day(text: str) -> date:
    """Return the day that an address names, or today's; never one to come."""
    try:
        return min(max(date.fromisoformat(text), FIRST_DAY), today())
    except ValueError:
        return today()
