"""Vouchers in batches: the dry run, the release by a second officer, paper, slips, hand-over."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app import clock, web
from app.accounts import approvals, current
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.entitlements import batches, printing, queries
from app.entitlements.forms import SerialForm
from app.entitlements.routes.base import blueprint, town_name
from app.errors import ConflictError
from app.forms import form_page, try_form
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.vouchers.rules import Carrier, State

BATCH = "/staff/care/batches/<uuid:batch_id>"


@blueprint.get("/staff/care/batches")
def batch_list() -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        return {
            "rows": queries.batches(session),
            "programmes": [
                (one, len(queries.waiting_for_vouchers(session, one.id, until=clock.now())))
                for one in programmes.public_programmes(session)
                if one.state != ProgrammeState.APPROVED
            ],
        }

    return render_template("entitlements/batches.html", **read_tx(read))


@blueprint.get("/staff/care/batches/new/<slug>")
def dry_run(slug: str) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        programme = programmes.by_slug(session, slug)
        return {
            "programme": programme,
            "found": batches.dry_run(session, programme, until=clock.now()),
            "pending": approvals.pending_for(session, batches.ISSUE, slug),
        }

    # In a writing transaction: the accounts of the programme may have to be opened.
    return render_template("entitlements/dry_run.html", **run_tx(read))


@blueprint.post("/staff/care/batches/new/<slug>")
def propose_batch(slug: str) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: batches.propose(session, actor, slug))
    flash(_("A second officer has to release it. It waits under “Decisions of two people”."))
    return redirect(url_for(".dry_run", slug=slug))


@blueprint.get(BATCH)
def batch(batch_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        row = batches.batch(session, batch_id)
        paper = [
            one
            for one in queries.made_in(session, batch_id)
            if one.voucher.carrier == Carrier.PAPER
        ]
        who = (row.prepared_by, row.released_by, row.printed_by, row.pins_printed_by)
        return {
            "row": row,
            "programme": session.get_one(ProgrammeRow, row.programme_id),
            "paper": len(paper),
            "waiting": sum(one.voucher.state == State.INACTIVE for one in paper),
            "names": accounts.names(session, who),
        }

    return render_template("entitlements/batch.html", **read_tx(read))


@blueprint.post(f"{BATCH}/vouchers")
def print_vouchers(batch_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    rows = [one.voucher for one in _made(batch_id)]
    content = printing.vouchers(rows, town_name=town_name())
    run_tx(lambda session: batches.note_vouchers_printed(session, actor, batch_id))
    return web.download(content, "vouchers.pdf")


@blueprint.post(f"{BATCH}/slips")
def print_slips(batch_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    sealed = [(one.voucher, one.entitlement.pin_sealed) for one in _made(batch_id)]
    content = printing.slips(sealed, town_name=town_name())
    run_tx(lambda session: batches.note_slips_printed(session, actor, batch_id))
    return web.download(content, "pins.pdf")


@blueprint.route("/staff/care/hand-over", methods=["GET", "POST"])
def hand_over() -> ResponseReturnValue:
    actor, form = current.actor(), SerialForm()
    serial = form.written()

    def give(session: Session) -> None:
        if not batches.hand_over(session, actor, serial):
            raise ConflictError(_("This voucher was handed over before, or it is blocked."))

    status = try_form(form, give, field="serial")
    if status is None:
        flash(_("%(serial)s is handed over and can be spent.", serial=serial))
        return redirect(url_for(".hand_over"))
    return form_page(
        form,
        status,
        title=_("Hand a voucher over"),
        lead=_("Look at an identity document first. From now on the paper is worth its value."),
        back=url_for(".desk"),
        button=_("Hand it over"),
    )


def _made(batch_id: uuid.UUID) -> list[queries.Made]:
    def read(session: Session) -> list[queries.Made]:
        batches.batch(session, batch_id)
        return queries.made_in(session, batch_id)

    return read_tx(read)
