"""A resident's page of the pool, and giving to it: a sum, a look at it, and then it is given."""

import uuid
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx
from app.forms import form_page, try_form
from app.policy import fetch
from app.pool import giving, queries
from app.pool.forms import GiveForm, SureForm
from app.pool.routes.base import amount_of, blueprint, key_of
from app.providers.days import today
from app.vouchers import holding
from app.vouchers.holding import Held
from app.vouchers.models import VoucherRow

VOUCHER = "/account/pool/vouchers/<uuid:voucher_id>"


@blueprint.get("/account/pool")
def mine() -> ResponseReturnValue:
    """What one can give from, and what one has asked for."""
    account_id = current.account_id()

    def read(session: Session) -> dict[str, Any]:
        return {
            "vouchers": [
                one
                for one in holding.of_account(session, account_id)
                if queries.is_usable(one.row, today())
            ],
            "requests": queries.requests_of(session, account_id),
        }

    return render_template("pool/mine.html", **read_tx(read))


@blueprint.route(f"{VOUCHER}/give", methods=["GET", "POST"])
def give(voucher_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the sum. Nothing is given yet."""
    one, form = _held(voucher_id), GiveForm()
    if form.validate_on_submit():
        return redirect(url_for(".check", voucher_id=voucher_id, amount=form.amount.data))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return form_page(
        form,
        status,
        title=_("Give to the shared pool"),
        lead=_(
            "What you give helps somebody in “%(programme)s” whose voucher is not enough. It does "
            "not come back to you.",
            programme=one.programme.name,
        ),
        back=url_for(".mine"),
        button=_("Continue"),
    )


@blueprint.route(f"{VOUCHER}/give/check", methods=["GET", "POST"])
def check(voucher_id: uuid.UUID) -> ResponseReturnValue:
    """Show what would be given and what stays; only the button here gives."""
    actor, one = current.actor(), _held(voucher_id)
    amount_minor = amount_of(request.args.get("amount", ""))
    if amount_minor is None:
        return redirect(url_for(".give", voucher_id=voucher_id))
    form = SureForm(data={"key": uuid.uuid4().hex})
    key = key_of(form.key.data)
    status = try_form(form, lambda s: giving.give_own(s, actor, voucher_id, amount_minor, key=key))
    if status is None:
        flash(_("Thank you. What you gave is in the shared pool."))
        return redirect(url_for(".mine"))
    page = render_template(
        "pool/check.html",
        form=form,
        one=one,
        amount_minor=amount_minor,
        sees_balance=True,
        back=url_for(".give", voucher_id=voucher_id),
        leave=url_for(".mine"),
    )
    return page, status


def _held(voucher_id: uuid.UUID) -> Held:
    actor = current.actor()
    return read_tx(lambda s: holding.held(s, fetch(s, actor, VoucherRow, voucher_id)))
