"""The desk: who acts for a resident who is here, without a phone or an account."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, current
from app.db import read_tx, run_tx
from app.delegation import desk, organisations, queries
from app.delegation.forms import DeskForm, NumberForm
from app.delegation.routes.base import blueprint, code_page
from app.forms import form_page, try_form
from app.providers.days import today

RESIDENT = "/staff/care/helpers/<uuid:resident_id>"
ONE = f"{RESIDENT}/<uuid:delegation_id>"


@blueprint.route("/staff/care/helpers", methods=["GET", "POST"])
def find_resident() -> ResponseReturnValue:
    actor, form = current.actor(), NumberForm()
    number = form.number.data or ""
    found: list[uuid.UUID] = []

    def find(session: Session) -> None:
        found[:] = [desk.find(session, actor, number).id]

    status = try_form(form, find, field="number")
    if status is None:
        return redirect(url_for(".at_desk", resident_id=found[0]))
    return form_page(
        form,
        status,
        title=_("Who acts for a resident"),
        lead=_(
            "For residents who are at the desk and have no phone or account. Look at an identity "
            "document first. The number is not kept."
        ),
        back=url_for("admin.dashboard"),
        button=_("Continue"),
    )


@blueprint.get(RESIDENT)
def at_desk(resident_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        holder = desk.resident(session, resident_id)
        return {
            "resident_id": resident_id,
            "rows": queries.of_resident(session, holder.id, today()),
            "vouchers": queries.vouchers(session, holder.id),
            "waiting": approvals.pending_for(session, desk.NAME, str(resident_id)),
        }

    return render_template("delegation/desk.html", **read_tx(read))


@blueprint.route(f"{RESIDENT}/new", methods=["GET", "POST"])
def name_at_desk(resident_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), DeskForm()

    def read(session: Session) -> list[tuple[uuid.UUID, str]]:
        desk.resident(session, resident_id)
        return [(row.id, row.name) for row in organisations.all_of(session, today())]

    form.offer(read_tx(read))
    status = try_form(
        form,
        lambda session: desk.propose(
            session,
            actor,
            resident_id,
            label=form.label.data or "",
            provider_id=form.provider_id(),
            powers=list(form.powers.data or []),
            ends_on=form.last_day(),
        ),
    )
    if status is None:
        flash(_("Written down. It counts when a second person has agreed."), "important")
        return redirect(url_for(".at_desk", resident_id=resident_id))
    page = render_template("delegation/desk_new.html", form=form, resident_id=resident_id)
    return page, status


@blueprint.get(ONE)
def one_at_desk(resident_id: uuid.UUID, delegation_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        row = desk.of_resident(session, resident_id, delegation_id)
        return {
            "resident_id": resident_id,
            "one": queries.shown(session, row, today()),
            "uses": queries.uses(session, row.id),
        }

    return render_template("delegation/desk_one.html", most=queries.USES_SHOWN, **read_tx(read))


@blueprint.post(f"{ONE}/code")
def make_code_at_desk(resident_id: uuid.UUID, delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    code = run_tx(lambda s: desk.make_code(s, actor, resident_id, delegation_id))
    return code_page(
        code, url_for(".one_at_desk", resident_id=resident_id, delegation_id=delegation_id)
    )


@blueprint.post(f"{ONE}/end")
def end_at_desk(resident_id: uuid.UUID, delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: desk.end(session, actor, resident_id, delegation_id))
    flash(_("Ended. From now on nothing can be done for this resident with it."))
    return redirect(url_for(".at_desk", resident_id=resident_id))
