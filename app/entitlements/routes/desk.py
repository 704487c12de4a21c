"""The desk: the queue, an application, a decision, an answer to an appeal."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, audit, current
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.entitlements import appealing, deciding, queries, rules, words
from app.entitlements.forms import AnswerForm, AskForm, DecideForm
from app.entitlements.models import ApplicationRow
from app.entitlements.routes.base import blueprint, file_answer
from app.entitlements.routes.own import find_file
from app.entitlements.rules import Income, State
from app.errors import ConflictError, NotFoundError
from app.forms import form_page, try_form
from app.programmes.models import ProgrammeRow

ITEM = "/staff/care/<uuid:application_id>"


@blueprint.get("/staff/care")
def desk() -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        lines = queries.at_the_desk(session)
        return {
            "lines": lines,
            "names": accounts.names(session, queries.accounts_in(row for row, _one in lines)),
            "appeals": queries.open_appeals(session),
        }

    return render_template("entitlements/desk.html", **read_tx(read))


@blueprint.get(ITEM)
def item(application_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        row = _sent(session, application_id)
        appeal = queries.appeal(session, row.id)
        doubles = queries.same_people(session, row)
        people = {row.account_id, row.assigned_to, row.decided_by, row.confirmed_by}
        people |= {appeal.answered_by} if appeal else set()
        people |= {one.account_id for one in doubles}
        return {
            "row": row,
            "programme": session.get_one(ProgrammeRow, row.programme_id),
            "members": queries.members(session, row.id),
            "files": queries.files(session, row.id),
            "promises": queries.entitlements_of(session, row.id),
            "appeal": appeal,
            "doubles": doubles,
            "preview": _preview(session, row),
            "pending": approvals.pending_for(session, deciding.GRANT, str(row.id)),
            "names": accounts.names(session, people),
        }

    shown = read_tx(read)
    row: ApplicationRow = shown["row"]
    unit = shown["programme"].unit
    preview: deciding.Assessed | None = shown["preview"]
    sums = []
    if row.state == State.DECIDED and row.value_minor is not None:
        sums = words.arithmetic(row.arithmetic, row.value_minor, unit)
    elif preview is not None:
        sums = words.arithmetic(preview.arithmetic, preview.value_minor, unit)
    return render_template("entitlements/item.html", sums=sums, **shown)


@blueprint.get(f"{ITEM}/files/<uuid:file_id>")
def desk_file(application_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    """A document; who read it is recorded, and what one sent oneself is read elsewhere."""
    actor = current.actor()
    file = find_file(application_id, file_id)

    def note(session: Session) -> None:
        _sent(session, application_id)
        audit.record(session, actor, "care.evidence_read", str(application_id))

    run_tx(note)
    return file_answer(file)


@blueprint.post(f"{ITEM}/take")
def take(application_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: deciding.take(session, actor, application_id))
    flash(_("You assess this application now."))
    return _item(application_id)


@blueprint.route(f"{ITEM}/ask", methods=["GET", "POST"])
def ask(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), AskForm()
    read_tx(lambda session: _sent(session, application_id))
    text = form.text.data or ""
    status = try_form(form, lambda s: deciding.ask(s, actor, application_id, text))
    if status is None:
        flash(_("The applicant sees your question and can answer it."))
        return _item(application_id)
    return form_page(form, status, title=_("Ask the applicant"), back=_address(application_id))


@blueprint.route(f"{ITEM}/decide", methods=["GET", "POST"])
def decide(application_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    row = read_tx(lambda session: _sent(session, application_id))
    form = DecideForm()
    if row.income_kind == Income.NONE:
        del form.verified
    granted, text = form.granted.data == "yes", form.text.data or ""
    verified = "verified" in form and bool(form["verified"].data)

    def work(session: Session) -> ApplicationRow:
        return deciding.decide(
            session, actor, application_id, granted=granted, verified=verified, reason=text
        )

    status = try_form(form, work)
    if status is None:
        done = read_tx(lambda session: _sent(session, application_id))
        flash(
            _("Decided. The applicant sees it with your reason.")
            if done.state == State.DECIDED
            else _("This much needs a second person. It waits under “Decisions of two people”.")
        )
        return _item(application_id)
    return form_page(
        form, status, title=_("Decide"), back=_address(application_id), button=_("Decide")
    )


@blueprint.post(f"{ITEM}/back")
def back_to_review(application_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: deciding.back_to_review(session, actor, application_id))
    return _item(application_id)


@blueprint.route(f"{ITEM}/appeal", methods=["GET", "POST"])
def answer_appeal(application_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), AnswerForm()
    found = read_tx(lambda session: queries.appeal(session, application_id))
    if found is None:
        raise NotFoundError(_("There is no appeal about this application."))
    upheld, text = form.upheld.data == "yes", form.text.data or ""
    status = try_form(
        form, lambda s: appealing.answer(s, actor, application_id, upheld=upheld, text=text)
    )
    if status is None:
        flash(_("The applicant sees your answer."))
        return _item(application_id)
    return form_page(
        form, status, title=_("Answer the appeal"), lead=found.text, back=_address(application_id)
    )


def _preview(session: Session, row: ApplicationRow) -> deciding.Assessed | None:
    """What the schedule would give; nothing once it is decided, or before there is a schedule."""
    if row.state not in rules.AT_THE_DESK:
        return None
    try:
        return deciding.assess(session, row)
    except ConflictError:
        return None


def _sent(session: Session, application_id: uuid.UUID) -> ApplicationRow:
    """Load an application that was sent. Raises NotFoundError for drafts and withdrawn ones."""
    row = session.get(ApplicationRow, application_id)
    if row is None or row.state in (State.DRAFT, State.WITHDRAWN):
        raise NotFoundError(_("There is no such application. Look at the list again."))
    return row


def _address(application_id: uuid.UUID) -> str:
    return url_for(".item", application_id=application_id)


def _item(application_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(_address(application_id))
