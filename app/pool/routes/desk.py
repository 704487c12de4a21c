"""The officers' pages: who asked the pool, and writing down what is granted."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from app.accounts import approvals, current, work
from app.accounts import queries as accounts
from app.db import read_tx
from app.errors import NotFoundError
from app.forms import try_form
from app.ledger import service as ledger
from app.policy import ROUND_OFFICER, Actor
from app.pool import granting, queries
from app.pool.forms import DecideForm
from app.pool.models import PoolRequestRow
from app.pool.routes.base import blueprint
from app.pool.rules import State
from app.programmes.models import ProgrammeRow

ONE = "/staff/pool/<uuid:request_id>"


@work.source
def _waiting(session: Session, actor: Actor) -> Iterable[work.Line]:
    number = queries.waiting(session) if actor.has(ROUND_OFFICER) else 0
    if number:
        text = ngettext(
            "%(num)d request to the shared pool", "%(num)d requests to the shared pool", number
        )
        yield work.Line(str(text), url_for("pool.desk"))


@blueprint.get("/staff/pool")
def desk() -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        lines = queries.at_the_desk(session)
        return {
            "lines": lines,
            "pools": queries.pools(session),
            "names": accounts.names(session, (row.account_id for row, _one in lines)),
        }

    return render_template("pool/desk.html", **read_tx(read))


@blueprint.get(ONE)
def item(request_id: uuid.UUID) -> ResponseReturnValue:
    return render_template("pool/item.html", **read_tx(lambda session: _shown(session, request_id)))


@blueprint.route(f"{ONE}/decide", methods=["GET", "POST"])
def decide(request_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), DecideForm()
    shown = read_tx(lambda session: _shown(session, request_id))
    granted_minor, reason = form.granted_minor(), form.reason.data or ""
    status = try_form(
        form,
        lambda session: granting.propose(
            session, actor, request_id, granted_minor=granted_minor, reason=reason
        ),
    )
    if status is None:
        flash(_("Written down. It counts when another officer has agreed."), "important")
        return redirect(url_for(".item", request_id=request_id))
    return render_template("pool/decide.html", form=form, **shown), status


def _shown(session: Session, request_id: uuid.UUID) -> dict[str, Any]:
    row = session.get(PoolRequestRow, request_id)
    if row is None or row.state not in (State.SENT, State.DECIDED):
        raise NotFoundError(_("There is no such request. Look at the list again."))
    programme = session.get_one(ProgrammeRow, row.programme_id)
    voucher = granting.target(session, row)
    people = (row.account_id, row.decided_by, row.confirmed_by)
    return {
        "row": row,
        "programme": programme,
        "pool": queries.pool(session, programme),
        "left_minor": ledger.balance_minor(session, voucher.account_id) if voucher else None,
        "pending": approvals.pending_for(session, granting.GRANT, str(row.id)),
        "names": accounts.names(session, people),
    }
