"""Asking the shared pool: one question at a time, then all answers, then the decision."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.forms import form_page, try_form
from app.policy import fetch
from app.pool import asking, rules
from app.pool.forms import AmountForm, NeedForm, WordsForm
from app.pool.models import PoolRequestRow
from app.pool.routes.base import blueprint
from app.pool.rules import Need, State
from app.programmes.models import ProgrammeRow

ONE = "/account/pool/requests/<uuid:request_id>"


@blueprint.post("/account/pool/vouchers/<uuid:voucher_id>/ask")
def begin(voucher_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    row = run_tx(lambda session: asking.begin(session, actor, voucher_id))
    if row.state == State.DRAFT and row.need is None:
        return redirect(url_for(".need", request_id=row.id))
    return redirect(_address(row.id))


@blueprint.get(ONE)
def own(request_id: uuid.UUID) -> ResponseReturnValue:
    """All answers before they are sent; then where it stands, and the decision."""
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        row = fetch(session, actor, PoolRequestRow, request_id)
        return {
            "row": row,
            "programme": session.get_one(ProgrammeRow, row.programme_id),
            "complete": rules.is_complete(row.need, row.amount_minor),
        }

    return render_template("pool/own.html", **read_tx(read))


@blueprint.route(f"{ONE}/need", methods=["GET", "POST"])
def need(request_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(request_id)
    form = NeedForm(data={"need": row.need})
    chosen = form.need.data
    status = try_form(form, lambda s: asking.tell_need(s, actor, request_id, Need(chosen)))
    if status is None:
        return redirect(url_for(".amount", request_id=request_id))
    return form_page(
        form,
        status,
        title=_("Ask the shared pool"),
        lead=_(
            "Everybody can need more for a while. Neighbours gave to the pool for that. "
            "Three short questions."
        ),
        back=_address(request_id),
        button=_("Save and continue"),
    )


@blueprint.route(f"{ONE}/amount", methods=["GET", "POST"])
def amount(request_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(request_id)
    form = AmountForm(data={"amount": row.amount_minor})
    wanted = form.amount.data or 0
    status = try_form(form, lambda s: asking.tell_amount(s, actor, request_id, wanted))
    if status is None:
        return redirect(url_for(".in_words", request_id=request_id))
    return form_page(
        form,
        status,
        title=_("Ask the shared pool"),
        back=url_for(".need", request_id=request_id),
        button=_("Save and continue"),
    )


@blueprint.route(f"{ONE}/words", methods=["GET", "POST"])
def in_words(request_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(request_id)
    form = WordsForm(data={"words": row.words})
    told = form.words.data or ""
    status = try_form(form, lambda s: asking.tell_words(s, actor, request_id, told))
    if status is None:
        return redirect(_address(request_id))
    return form_page(
        form,
        status,
        title=_("Ask the shared pool"),
        back=url_for(".amount", request_id=request_id),
        button=_("Save and continue"),
    )


@blueprint.post(f"{ONE}/send")
def send(request_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: asking.send(session, actor, request_id))
    flash(_("Sent. Two officers decide, and you read it here."))
    return redirect(_address(request_id))


@blueprint.post(f"{ONE}/withdraw")
def withdraw(request_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: asking.withdraw(session, actor, request_id))
    flash(_("Withdrawn. What you told us in your words was deleted."))
    return redirect(url_for(".mine"))


def _row(request_id: uuid.UUID) -> PoolRequestRow:
    actor = current.actor()
    return read_tx(lambda session: fetch(session, actor, PoolRequestRow, request_id))


def _address(request_id: uuid.UUID) -> str:
    return url_for(".own", request_id=request_id)
