"""A resident's own pages: who acts for me, how far, until when, and what they did."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.delegation import naming, organisations, queries, rules
from app.delegation.forms import EndForm, PowersForm, WhoForm
from app.delegation.models import DelegationRow
from app.delegation.routes.base import blueprint, code_page
from app.delegation.rules import State
from app.forms import form_page, try_form
from app.policy import fetch
from app.providers.days import today
from app.vouchers.queries import resident_of

ONE = "/account/helpers/<uuid:delegation_id>"


@blueprint.get("/account/helpers")
def mine() -> ResponseReturnValue:
    account_id = current.account_id()

    def read(session: Session) -> dict[str, Any]:
        holder = resident_of(session, account_id)
        return {
            "proven": holder is not None,
            "rows": queries.of_resident(session, holder.id, today()) if holder else [],
        }

    return render_template("delegation/mine.html", **read_tx(read))


@blueprint.route("/account/helpers/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    actor, form = current.actor(), WhoForm()
    form.offer(_organisations())
    made: list[uuid.UUID] = []

    def begin(session: Session) -> None:
        row = naming.begin(
            session, actor, label=form.label.data or "", provider_id=form.provider_id()
        )
        made[:] = [row.id]

    status = try_form(form, begin)
    if status is None:
        return redirect(url_for(".powers", delegation_id=made[0]))
    return render_template("delegation/new.html", form=form), status


@blueprint.get(ONE)
def one(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        row = fetch(session, actor, DelegationRow, delegation_id)
        return {
            "one": queries.shown(session, row, today()),
            "uses": queries.uses(session, row.id),
            "invited_until": row.code_expires_at,
        }

    return render_template("delegation/one.html", most=queries.USES_SHOWN, **read_tx(read))


@blueprint.route(f"{ONE}/powers", methods=["GET", "POST"])
def powers(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(delegation_id)
    form = PowersForm(data={"powers": row.powers})
    chosen = list(form.powers.data or [])
    status = try_form(form, lambda s: naming.choose_powers(s, actor, delegation_id, chosen))
    if status is None:
        shown = read_tx(lambda s: queries.shown(s, row, today()))
        if shown.state is State.INVITED:
            return redirect(url_for(".last_day", delegation_id=delegation_id))
        flash(_("Changed. It counts from now on."))
        return redirect(_address(delegation_id))
    return form_page(
        form, status, title=row.label, back=_address(delegation_id), button=_("Save and continue")
    )


@blueprint.route(f"{ONE}/last-day", methods=["GET", "POST"])
def last_day(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor, row = current.actor(), _row(delegation_id)
    form = EndForm(data={"ends_on": row.ends_on})
    status = try_form(
        form,
        lambda s: naming.set_end(s, actor, delegation_id, form.last_day()),
        field="ends_on",
    )
    if status is None:
        return redirect(_address(delegation_id))
    return form_page(
        form, status, title=row.label, back=_address(delegation_id), button=_("Save and continue")
    )


@blueprint.post(f"{ONE}/code")
def make_code(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    code = run_tx(lambda session: naming.make_own_code(session, actor, delegation_id))
    return code_page(code, _address(delegation_id))


@blueprint.post(f"{ONE}/end")
def end(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: naming.revoke(session, actor, delegation_id))
    flash(_("Ended. From now on nothing can be done for you with it."))
    return redirect(url_for(".mine"))


def _organisations() -> list[tuple[uuid.UUID, str]]:
    found = read_tx(lambda session: organisations.all_of(session, today()))
    return [(row.id, row.name[: rules.LABEL_LENGTH_MAX]) for row in found]


def _row(delegation_id: uuid.UUID) -> DelegationRow:
    actor = current.actor()
    return read_tx(lambda session: fetch(session, actor, DelegationRow, delegation_id))


def _address(delegation_id: uuid.UUID) -> str:
    return url_for(".one", delegation_id=delegation_id)
