"""A resident's own proposals: all of them, and each followed through its review."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.policy import account_of
from app.proposals import merging, queries, rules, service, views
from app.proposals.forms import AnswerForm
from app.proposals.holding import StaleError
from app.proposals.models import MergeRow, ProposalRow
from app.proposals.routes.base import blueprint
from app.proposals.rules import ProposalState
from app.proposals.views import Sheet, load_own, sent_version
from app.rounds import queries as rounds


@blueprint.get("/account/proposals")
def mine() -> ResponseReturnValue:
    """List what the person has written, in every round."""
    actor = current.actor()

    def read(session: Session) -> list[Sheet]:
        rows = queries.of_author(session, account_of(actor))
        return [views.sheet(session, row) for row in rows]

    return render_template("proposals/mine.html", sheets=read_tx(read))


@blueprint.get("/account/proposals/<uuid:proposal_id>")
def own(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """Show a draft before it is sent, or where the review of a proposal stands."""
    return _own_page(proposal_id, AnswerForm())


@blueprint.post("/account/proposals/<uuid:proposal_id>/send")
def send(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """Send the draft in. A refusal shows the draft again with the sentence above it."""
    actor, version = current.actor(), sent_version()
    try:
        row = run_tx(lambda session: service.submit(session, actor, proposal_id, version=version))
    except StaleError:
        flash(
            _("Your draft was changed in another window. Read it again, then send it."), "important"
        )
        return redirect(url_for(".own", proposal_id=proposal_id))
    except UserFacingError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        form = AnswerForm(formdata=None)
        form.refuse(error)
        return _own_page(proposal_id, form, status=error.status)
    flash(_("Your proposal was sent. Its number is P%(number)d.", number=row.number))
    return redirect(url_for(".own", proposal_id=proposal_id))


@blueprint.post("/account/proposals/<uuid:proposal_id>/withdraw")
def withdraw(proposal_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: service.withdraw(session, actor, proposal_id))
    flash(_("Your proposal was withdrawn."))
    return redirect(url_for(".mine"))


@blueprint.post("/account/proposals/<uuid:proposal_id>/delete")
def delete(proposal_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: service.delete_draft(session, actor, proposal_id))
    flash(_("The draft was deleted."))
    return redirect(url_for(".mine"))


@blueprint.post("/account/proposals/<uuid:proposal_id>/answer")
def answer(proposal_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = AnswerForm(), current.actor()
    if not form.validate():
        return _own_page(proposal_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        run_tx(lambda session: service.answer(session, actor, proposal_id, form.text()))
    except UserFacingError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        form.refuse(error)
        return _own_page(proposal_id, form, status=error.status)
    flash(_("Your answer was sent. The review goes on."))
    return redirect(url_for(".own", proposal_id=proposal_id))


@blueprint.post("/account/proposals/<uuid:proposal_id>/join/<uuid:merge_id>")
def join(proposal_id: uuid.UUID, merge_id: uuid.UUID) -> ResponseReturnValue:
    """Say yes or no to joining the own proposal with others."""
    actor, agreed = current.actor(), request.form.get("agreed") == "yes"
    run_tx(lambda s: merging.answer(s, actor, merge_id, proposal_id, agreed=agreed))
    flash(_("Thank you. You agreed.") if agreed else _("Thank you. Your proposal stays as it is."))
    return redirect(url_for(".own", proposal_id=proposal_id))


def _own_page(
    proposal_id: uuid.UUID, form: AnswerForm, *, status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    sheet = load_own(proposal_id)
    row = sheet.row
    alike, (merge, answered) = read_tx(lambda s: (queries.similar_to(s, row), _merge(s, row)))
    page = render_template(
        "proposals/own.html",
        sheet=sheet,
        form=form,
        missing=rules.missing(row.model_dump()),
        open_now=rounds.can_propose(sheet.round, clock.now()),
        alike=alike if row.state == ProposalState.DRAFT else [],
        merge=merge,
        answered=answered,
        editable=row.state in rules.EDITABLE,
        withdrawable=row.state in rules.WITHDRAWABLE and not sheet.released,
    )
    return page, status


def _merge(session: Session, row: ProposalRow) -> tuple[MergeRow | None, bool]:
    """Return the open wish to join, if any, and whether this author has agreed already."""
    merge = merging.open_of(session, row.id)
    if merge is None:
        return None, False
    consents = merging.consents_of(session, merge.id)
    return merge, any(one.proposal_id == row.id and one.agreed for one in consents)
