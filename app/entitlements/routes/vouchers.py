"""The desk and one voucher: find it, replace and print it, block it, answer an appeal."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app import web
from app.accounts import approvals, audit, current
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.entitlements import printing, replacing
from app.entitlements.forms import AnswerBlockForm, BlockForm, FindVoucherForm, ReplaceForm
from app.entitlements.routes.base import blueprint, town_name
from app.errors import NotFoundError
from app.forms import form_page, try_act, try_form
from app.programmes.models import ProgrammeRow
from app.vouchers import blocking, life
from app.vouchers import queries as vouchers
from app.vouchers.holder_words import STATES
from app.vouchers.models import VoucherRow
from app.vouchers.rules import ReplacedFor

VOUCHERS = "/staff/care/vouchers"
VOUCHER = f"{VOUCHERS}/<serial>"


@blueprint.route(VOUCHERS, methods=["GET", "POST"])
def find_voucher() -> ResponseReturnValue:
    """Find by serial or register number; the number stands in no address, so it is sent."""
    actor, form = current.actor(), FindVoucherForm()
    rows: list[VoucherRow] = []

    def find(session: Session) -> None:
        rows[:] = replacing.found(session, form.wanted.data or "")
        for row in rows:
            audit.record(session, actor, "voucher.looked_up", row.serial)

    status = try_form(form, find, field="wanted")

    def read(session: Session) -> dict[str, Any]:
        return {
            "rows": [(row, session.get_one(ProgrammeRow, row.programme_id)) for row in rows],
            "waiting": replacing.waiting(session),
            "appeals": blocking.open_appeals(session),
        }

    page = render_template(
        "entitlements/find_voucher.html", form=form, states=STATES, **read_tx(read)
    )
    return page, status or 200


@blueprint.get(VOUCHER)
def voucher(serial: str) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        row = blocking.find(session, serial)
        known = life.of(session, row)
        replaced = vouchers.replacement_of(session, row.id)
        before = vouchers.replacement_by(session, row.id)
        block = known.block
        people = {block.proposed_by, block.blocked_by, block.answered_by} if block else set()
        people |= {before.printed_by, before.pins_printed_by} if before else set()
        return {
            "row": row,
            "programme": session.get_one(ProgrammeRow, row.programme_id),
            "life": known,
            "new": session.get_one(VoucherRow, replaced.replaced_by) if replaced else None,
            "before": before,
            "old": session.get_one(VoucherRow, before.voucher_id) if before else None,
            "pending": approvals.pending_for(session, blocking.BLOCK, serial)
            or approvals.pending_for(session, blocking.UNBLOCK, serial),
            "answer_until": blocking.answer_until(block) if block else None,
            "names": accounts.names(session, people),
        }

    return render_template("entitlements/voucher.html", states=STATES, **read_tx(read))


@blueprint.route(f"{VOUCHER}/replace", methods=["GET", "POST"])
def replace_voucher(serial: str) -> ResponseReturnValue:
    actor, form = current.actor(), ReplaceForm()
    read_tx(lambda session: blocking.find(session, serial))
    made: list[str] = []

    def replace() -> None:
        reason = ReplacedFor(form.reason.data)
        done = run_tx(lambda session: replacing.replace(session, actor, serial, reason).voucher)
        made.append(done.serial)

    status = try_act(form, replace, field="reason")
    if status is None:
        flash(_("The old code is dead. Print the new voucher, then hand it over."))
        return redirect(_address(made[0]))
    return form_page(
        form,
        status,
        title=_("Replace the voucher %(serial)s", serial=serial),
        lead=_(
            "Look at an identity document first. The old code dies at once; what is left moves to "
            "a new voucher on paper, with a new PIN."
        ),
        back=_address(serial),
        button=_("Stop the old code and make a new voucher"),
    )


@blueprint.route(f"{VOUCHER}/block", methods=["GET", "POST"])
def block_voucher(serial: str) -> ResponseReturnValue:
    return _ask_second(serial, blocking.BLOCK, _("Block the voucher %(serial)s", serial=serial))


@blueprint.route(f"{VOUCHER}/unblock", methods=["GET", "POST"])
def unblock_voucher(serial: str) -> ResponseReturnValue:
    title = _("Unblock the voucher %(serial)s", serial=serial)
    return _ask_second(serial, blocking.UNBLOCK, title)


def _ask_second(serial: str, action: str, title: str) -> ResponseReturnValue:
    actor, form = current.actor(), BlockForm()
    read_tx(lambda session: blocking.find(session, serial))
    text = form.text.data or ""
    status = try_form(
        form, lambda s: blocking.propose(s, actor, action, serial, text), field="text"
    )
    if status is None:
        flash(_("A second person has to agree. It waits under “Decisions of two people”."))
        return redirect(_address(serial))
    return form_page(
        form, status, title=title, back=_address(serial), button=_("Ask a second person")
    )


@blueprint.route(f"{VOUCHER}/appeal", methods=["GET", "POST"])
def answer_block(serial: str) -> ResponseReturnValue:
    actor, form = current.actor(), AnswerBlockForm()

    def read(session: Session) -> str:
        found = blocking.open_block(session, blocking.find(session, serial).id)
        if found is None or found.appealed_at is None:
            raise NotFoundError(_("There is no appeal about this voucher."))
        return found.appeal

    appeal = read_tx(read)
    upheld, text = form.upheld.data == "yes", form.text.data or ""
    status = try_form(
        form, lambda s: blocking.answer(s, actor, serial, upheld=upheld, text=text), field="upheld"
    )
    if status is None:
        flash(_("The holder sees your answer."))
        return redirect(_address(serial))
    return form_page(form, status, title=_("Answer the appeal"), lead=appeal, back=_address(serial))


@blueprint.post(f"{VOUCHER}/print")
def print_replacement(serial: str) -> ResponseReturnValue:
    actor = current.actor()
    one = read_tx(lambda session: replacing.to_print(session, serial))
    content = printing.vouchers([one.voucher], town_name=town_name())
    run_tx(lambda session: replacing.note_printed(session, actor, serial))
    return web.download(content, "voucher.pdf")


@blueprint.post(f"{VOUCHER}/slip")
def print_replacement_slip(serial: str) -> ResponseReturnValue:
    actor = current.actor()
    one = read_tx(lambda session: replacing.to_print(session, serial))
    content = printing.slips([(one.voucher, one.row.pin_sealed)], town_name=town_name())
    run_tx(lambda session: replacing.note_slip_printed(session, actor, serial))
    return web.download(content, "pin.pdf")


def _address(serial: str) -> str:
    return url_for(".voucher", serial=serial)
