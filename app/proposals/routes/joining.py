"""Staff ask authors of proposals that are alike to make one of them."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.proposals import merging, queries
from app.proposals.desk_forms import JoinForm
from app.proposals.models import ProposalRow
from app.proposals.routes.base import blueprint
from app.rounds import queries as rounds
from app.rounds.models import RoundRow

NUMBER_FIGURES_MAX = 7


@blueprint.route("/staff/rounds/<slug>/proposals/join", methods=["GET", "POST"])
def join_form(slug: str) -> ResponseReturnValue:
    """Write the joint text of the proposals named in the address (`with=3&with=7`)."""
    round_row, rows = read_tx(lambda session: _chosen(session, slug))
    if not 1 < len(rows) <= merging.TOGETHER_MAX:
        sentence = _("Choose from 2 to %(most)d proposals to join.", most=merging.TOGETHER_MAX)
        flash(sentence, "important")
        return redirect(url_for(".desk", slug=slug))
    form = JoinForm(data={"title": rows[0].title, "description": _joint_text(rows)})
    status = HTTPStatus.OK
    if form.validate_on_submit():
        refused = _ask(form, [row.id for row in rows])
        if refused is None:
            flash(_("All authors were asked. Nothing changes until all have agreed."))
            return redirect(url_for(".review_page", slug=slug, number=rows[0].number))
        status = refused
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template("proposals/join.html", form=form, round=round_row, rows=rows)
    return page, status


@blueprint.post("/staff/rounds/<slug>/proposals/join/<uuid:merge_id>/withdraw")
def withdraw_join(slug: str, merge_id: uuid.UUID) -> ResponseReturnValue:
    """Take the wish back, for instance because an author cannot be reached."""
    actor = current.actor()
    run_tx(lambda session: merging.withdraw(session, actor, merge_id))
    flash(_("The wish was taken back. Each proposal goes on by itself."))
    return redirect(url_for(".desk", slug=slug))


def _chosen(session: Session, slug: str) -> tuple[RoundRow, list[ProposalRow]]:
    round_row = rounds.round_by_slug(session, slug)
    numbers = {
        int(text)
        for text in request.args.getlist("with")
        if text.isascii() and text.isdigit() and len(text) <= NUMBER_FIGURES_MAX
    }
    found = [one.proposal for one in queries.work(session, round_row.id)]
    return round_row, [row for row in found if row.number in numbers]


def _ask(form: JoinForm, ids: list[uuid.UUID]) -> HTTPStatus | None:
    actor = current.actor()
    title, text, reason = (str(form[name].data) for name in ("title", "description", "reason"))
    try:
        run_tx(
            lambda session: merging.ask(
                session, actor, ids, title=title, description=text, reason=reason
            )
        )
    except UserFacingError as error:
        form.refuse(error)
        return error.status
    return None


def _joint_text(rows: list[ProposalRow]) -> str:
    return "\n\n".join(f"{row.title}: {row.description}" for row in rows)
