"""Amount or time, then the confirmation by the holder: only there something is charged."""

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.db import read_tx
from app.errors import BusyError, UserFacingError
from app.forms import choice
from app.forms.money import AMOUNT_MINOR_MAX
from app.ledger.errors import StillRunningError
from app.providers import point_words
from app.providers import queries as providers
from app.providers.days import today
from app.providers.queries import Listed
from app.vouchers import agenda, scanned, till_words
from app.vouchers import till as tills
from app.vouchers.redeeming import Charge, redeem
from app.vouchers.routes.till_base import TILL, ProviderRow, Till, blueprint, till_required
from app.vouchers.rules import Outcome
from app.vouchers.till_forms import AmountForm, ConfirmForm

FIGURES_MAX = 16


@blueprint.route(f"{TILL}/amount", methods=["GET", "POST"])
@till_required
def amount(provider: ProviderRow, till: Till) -> ResponseReturnValue:
    """Ask for service and amount, or time. Nothing is charged, and no voucher looked up."""
    if scanned.code() is None:
        return _read_again(provider)
    listed = _listed(till)
    form = AmountForm()
    form.service.choices = [
        choice(one, point_words.SERVICES[one]) for one in (listed.services if listed else ())
    ]
    form.tariffs = agenda.hourly(listed) if listed else {}
    if listed and form.validate_on_submit():
        amount_minor = form.charge_minor()
        if amount_minor is not None:
            asked = {"service": form.service.data, "amount": amount_minor}
            return redirect(url_for(".confirm", provider_id=provider.id, **asked))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("till/amount.html", form=form, provider=provider), status


@blueprint.route(f"{TILL}/confirm", methods=["GET", "POST"])
@till_required
def confirm(provider: ProviderRow, till: Till) -> ResponseReturnValue:
    code, asked = scanned.code(), _asked()
    if code is None:
        return _read_again(provider)
    if asked is None:
        return redirect(url_for(".amount", provider_id=provider.id))
    form = ConfirmForm(data={"key": uuid.uuid4().hex, "which": scanned.digest(code)})
    status, repeated = HTTPStatus.OK, False
    if form.validate_on_submit():
        charge = Charge(code, asked.service, asked.amount_minor, form.digits.data or "")
        key = str(form.key.data or uuid.uuid4().hex)
        if form.which.data != scanned.digest(code):
            flash(str(till_words.ANOTHER), "important")
            return redirect(url_for(".amount", provider_id=provider.id))
        repeated = read_tx(
            lambda session: tills.is_repeat(session, till, charge, key=key, at=clock.now())
        )
        if repeated and not form.again.data:
            form.refuse(till_words.REPEATED, field="again")
            form.digits.data = ""  # who confirms a second time types the PIN a second time
            status = HTTPStatus.CONFLICT
        else:
            went = _take(form, till, charge, key)
            if isinstance(went, str):
                return scanned.forget(make_response(redirect(went, HTTPStatus.SEE_OTHER)))
            status = went
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template(
        "till/confirm.html", form=form, provider=provider, asked=asked, repeated=repeated
    )
    return page, status


@dataclass(frozen=True)
class _Asked:
    service: str
    amount_minor: int


def _asked() -> _Asked | None:
    """Read what the page before put into the address; None for what it never puts there."""
    service, figures = request.args.get("service", ""), request.args.get("amount", "")
    if service not in point_words.SERVICES or not (figures.isascii() and figures.isdigit()):
        return None
    amount_minor = int(figures[:FIGURES_MAX])
    return _Asked(service, amount_minor) if 0 < amount_minor <= AMOUNT_MINOR_MAX else None


def _take(form: ConfirmForm, till: Till, charge: Charge, key: str) -> str | HTTPStatus:
    """Redeem; the page that comes next, or the status of this one if nothing was charged."""
    try:
        answer = redeem(till, charge, key=key)
    except (BusyError, StillRunningError) as error:
        form.refuse(till_words.NO_ANSWER)  # key and digits stay: pressing again asks the same
        return error.status
    except UserFacingError as error:
        form.refuse(error)
        _begin_anew(form)
        return error.status
    said = json.loads(answer.body)
    outcome = Outcome(said["outcome"])
    if outcome in (Outcome.ACCEPTED, Outcome.AWAITING_CONFIRMATION):
        return _next_page(till, outcome, uuid.UUID(said["redemption_id"]))
    at_fault = "digits" if outcome is Outcome.PIN_NEEDED else None
    form.refuse(till_words.OUTCOMES[outcome], field=at_fault)
    _begin_anew(form)
    return HTTPStatus(answer.status)


def _begin_anew(form: ConfirmForm) -> None:
    """Draw a key, since the refusal is kept under the old one; the page shows no PIN again."""
    form.key.data = uuid.uuid4().hex
    form.digits.data = ""


def _next_page(till: Till, outcome: Outcome, number: uuid.UUID) -> str:
    if outcome is Outcome.ACCEPTED:
        return url_for(".receipt", provider_id=till.provider_id, redemption_id=number)
    return url_for(".waiting", provider_id=till.provider_id, request_id=number)


def _read_again(provider: ProviderRow) -> ResponseReturnValue:
    flash(str(till_words.TOO_LATE), "important")
    return redirect(url_for(".start", provider_id=provider.id), HTTPStatus.SEE_OTHER)


def _listed(till: Till) -> Listed | None:
    found = read_tx(lambda session: providers.register(session, today(), till.provider_id))
    return found[0] if found and found[0].services else None
