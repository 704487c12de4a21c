"""One proposal on the review desk, and what staff do about it beside the verdict."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.accounts import queries as accounts
from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.forms import MingaForm
from app.policy import CLERK, ROUND_OFFICER
from app.proposals import checklist as checks
from app.proposals import merging, queries, review, rules
from app.proposals.desk_forms import AssignForm, NoteForm, QuestionForm, TakeDownForm
from app.proposals.routes.base import blueprint
from app.proposals.views import ITEM, Sheet, load_for_desk

Act = Callable[[Session, uuid.UUID], None]


@blueprint.get(ITEM)
def review_page(slug: str, number: int) -> ResponseReturnValue:
    """One proposal on the desk."""
    return _item_page(slug, number)


@blueprint.post(f"{ITEM}/assign")
def assign(slug: str, number: int) -> ResponseReturnValue:
    form, actor = AssignForm(), current.actor()
    form.offer(read_tx(review.people))
    return _act(
        slug,
        number,
        form,
        lambda session, key: review.assign(session, actor, key, form.chosen()),
        done=_("Who reviews this was changed."),
    )


@blueprint.post(f"{ITEM}/ask")
def ask(slug: str, number: int) -> ResponseReturnValue:
    form, actor = QuestionForm(), current.actor()
    return _act(
        slug,
        number,
        form,
        lambda session, key: review.ask(session, actor, key, str(form.question.data)),
        done=_("The question was sent to the author."),
    )


@blueprint.post(f"{ITEM}/note")
def note(slug: str, number: int) -> ResponseReturnValue:
    form, actor = NoteForm(), current.actor()
    return _act(
        slug,
        number,
        form,
        lambda session, key: review.note(session, actor, key, str(form.note.data)),
        done=_("The note was saved."),
    )


@blueprint.post(f"{ITEM}/take-down")
def take_down(slug: str, number: int) -> ResponseReturnValue:
    form, actor = TakeDownForm(), current.actor()
    return _act(
        slug,
        number,
        form,
        lambda session, key: review.take_down(session, actor, key, str(form.reason.data)),
        done=_("The proposal is not public any more. The author was told why."),
    )


@blueprint.post(f"{ITEM}/reopen")
def reopen(slug: str, number: int) -> ResponseReturnValue:
    actor = current.actor()
    return _act(
        slug,
        number,
        MingaForm(),
        lambda session, key: review.reopen(session, actor, key),
        done=_("The review is open again."),
    )


def _act(slug: str, number: int, form: MingaForm, act: Act, *, done: str) -> ResponseReturnValue:
    """Do one thing about a proposal; a refusal stands on the same page, with what was typed."""
    sheet = load_for_desk(slug, number)
    if not form.validate():
        return _item_page(slug, number, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        run_tx(lambda session: act(session, sheet.row.id))
    except UserFacingError as error:
        form.refuse(error)
        return _item_page(slug, number, form, status=error.status)
    flash(done)
    return redirect(url_for(".review_page", slug=slug, number=number))


def _item_page(
    slug: str, number: int, failed: MingaForm | None = None, *, status: int = HTTPStatus.OK
) -> ResponseReturnValue:
    sheet = load_for_desk(slug, number)
    more = read_tx(lambda session: _more(session, sheet))
    forms = {type(form): form for form in _forms(sheet)} | (
        {type(failed): failed} if failed else {}
    )
    page = render_template(
        "proposals/item.html",
        sheet=sheet,
        form=failed,
        assign_form=forms[AssignForm],
        question_form=forms[QuestionForm],
        note_form=forms[NoteForm],
        take_down_form=forms[TakeDownForm],
        questions=checks.QUESTIONS,
        answers=checks.ANSWERS,
        is_open=sheet.row.state in rules.OPEN,
        under_review=sheet.row.state in rules.UNDER_REVIEW,
        is_own=sheet.row.author_id == current.actor().account_id,
        may_decide=current.actor().has(*review.DECIDING_ROLES),
        may_take_down=current.actor().has(CLERK, ROUND_OFFICER) and not sheet.released,
        **more,
    )
    return page, status


def _forms(sheet: Sheet) -> list[MingaForm]:
    """Make the forms of the page as they are before anybody has typed."""
    assigned = sheet.review.assigned_to if sheet.review else None
    to = AssignForm(formdata=None, data={"to": str(assigned or "")})
    to.offer(read_tx(review.people))
    return [to, *(kind(formdata=None) for kind in (QuestionForm, NoteForm, TakeDownForm))]


def _more(session: Session, sheet: Sheet) -> dict[str, object]:
    row, reviewed = sheet.row, sheet.review
    merge = merging.open_of(session, row.id)
    asked = merging.consents_of(session, merge.id) if merge else []
    people = [row.author_id, *(one.author_id for one in sheet.messages)]
    if reviewed:
        people += [one for one in (reviewed.assigned_to, reviewed.decided_by) if one]
    return {
        "names": accounts.names(session, people),
        "author": accounts.account(session, row.author_id),
        "alike": queries.similar_to(session, row),
        "merge": merge,
        "consents": [(one, session.get_one(type(row), one.proposal_id)) for one in asked],
    }
