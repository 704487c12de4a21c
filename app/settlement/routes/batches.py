"""Settlements: the list, a cut-off, a settlement with its lines, and each step of it."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from app.accounts import approvals, current, work
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.forms import form_page, try_form
from app.policy import CLERK, ROUND_OFFICER, Actor
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeRow
from app.settlement import booking, exporting, owing, preparing, queries, releasing, rules, words
from app.settlement.models import BatchRow, LineRow
from app.settlement.preparing import Preview
from app.settlement.rules import State
from app.settlement.staff_forms import CutOffForm
from app.web import download

blueprint = Blueprint("settlement", __name__)
ITEM = "/staff/settlements/<uuid:batch_id>"
CSV = "text/csv; charset=utf-8"


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words}


@work.source
def _waiting(session: Session, actor: Actor) -> Iterable[work.Line]:
    """What waits for officers who settle, and for who decides disputes."""
    number = len(queries.disputes(session, only_open=True))
    if number and actor.has(CLERK, ROUND_OFFICER):
        text = ngettext("%(num)d disputed payment", "%(num)d disputed payments", number)
        yield work.Line(str(text), url_for("settlement.dispute_list"))
    if actor.has(ROUND_OFFICER):
        for row, programme in queries.batches(session):
            if row.state == State.RELEASED:
                text = _("The payment file of “%(name)s” waits for the bank", name=programme.name)
                yield work.Line(str(text), url_for("settlement.batch", batch_id=row.id))


@blueprint.get("/staff/settlements")
def batch_list() -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        known = programmes.public_programmes(session)
        return {
            "rows": queries.batches(session),
            "programmes": [(one, queries.under_way(session, one.id)) for one in known],
            "disputes": len(queries.disputes(session, only_open=True)),
            "payer": queries.payer(session),
        }

    return render_template("settlement/batches.html", **read_tx(read))


@blueprint.route("/staff/settlements/new/<slug>", methods=["GET", "POST"])
def prepare(slug: str) -> ResponseReturnValue:
    actor = current.actor()
    programme = read_tx(lambda session: programmes.by_slug(session, slug))
    usual = read_tx(preparing.usual_cut_off)
    form = CutOffForm(data={"cut_off_on": usual})
    chosen: date = form.cut_off_on.data or usual
    made: list[BatchRow] = []

    def work_(session: Session) -> None:
        made[:] = [preparing.prepare(session, actor, slug, chosen)]

    status = try_form(form, work_, field="cut_off_on")
    if status is None:
        flash(_("The cut-off is recorded. This is what it would pay."))
        return _item(made[0].id)
    return form_page(
        form,
        status,
        title=_("Prepare a settlement"),
        lead=programme.name,
        back=url_for(".batch_list"),
        button=_("Continue"),
    )


@blueprint.get(ITEM)
def batch(batch_id: uuid.UUID) -> ResponseReturnValue:
    """What it pays or would pay, what stops it, and the step that comes next."""

    def read(session: Session) -> dict[str, Any]:
        row = queries.batch(session, batch_id)
        seen = preparing.preview(session, row) if row.state == State.DRAFT else None
        who = (row.prepared_by, row.frozen_by, row.released_by, row.taken_by, row.second_taken_by)
        lines = _lines(session, row, seen)
        return {
            "row": row,
            "programme": session.get_one(ProgrammeRow, row.programme_id),
            "lines": lines,
            "seen": seen,
            "total_minor": seen.total_minor if seen else row.total_minor,
            "payer": queries.payer(session),
            "names": accounts.names(session, who),
            "pending": approvals.pending_for(session, preparing.RELEASE, str(row.id)),
            "booking": approvals.pending_for(session, booking.BOOK, str(row.id)),
            "invoices": [
                provider.name
                for line, provider in lines
                if line.unpaid == rules.Unpaid.OWES
                and owing.needs_invoice(session, row.programme_id, provider.id)
            ],
        }

    draft = read_tx(lambda session: queries.batch(session, batch_id).state == State.DRAFT)
    # For a draft in a writing transaction: accounts of its programme may have to be opened.
    return render_template("settlement/batch.html", **(run_tx if draft else read_tx)(read))


@blueprint.post(f"{ITEM}/freeze")
def freeze(batch_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: preparing.freeze(session, actor, batch_id))
    flash(_("Frozen: nothing of it changes any more. Another officer has to release it."))
    return _item(batch_id)


@blueprint.post(f"{ITEM}/withdraw")
def withdraw(batch_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: preparing.withdraw(session, actor, batch_id))
    flash(_("Given up. Nothing was paid, and all of it can be in another settlement."))
    return redirect(url_for(".batch_list"))


@blueprint.post(f"{ITEM}/propose")
def propose(batch_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: releasing.propose(session, actor, batch_id))
    flash(_("Another officer has to release it. It waits under “Decisions of two people”."))
    return _item(batch_id)


@blueprint.post(f"{ITEM}/file")
def take_file(batch_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    content = run_tx(lambda session: exporting.take_file(session, actor, batch_id))
    return download(content, f"settlement-{batch_id.hex[:12]}.xml", "application/xml")


@blueprint.get(f"{ITEM}/lines.csv")
def table(batch_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> bytes:
        row = queries.batch(session, batch_id)
        return exporting.table(queries.lines_in(session, row.id), row)

    return download(read_tx(read), f"settlement-{batch_id.hex[:12]}.csv", CSV)


def _lines(session: Session, row: BatchRow, seen: Preview | None) -> list[tuple[LineRow, Any]]:
    """The lines of a batch; those of a draft as they would be."""
    if seen is None:
        return list(queries.lines_in(session, row.id))
    return [(preparing.line_row(row, due), due.provider) for due in seen.due]


def _item(batch_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".batch", batch_id=batch_id))
