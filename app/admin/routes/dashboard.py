from collections.abc import Iterator

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlmodel import Session

from app.accounts import approvals, current, queries, work
from app.accounts.work import Line
from app.admin.routes.base import blueprint
from app.db import read_tx
from app.policy import CLERK, Actor


@blueprint.get("/staff")
def dashboard() -> ResponseReturnValue:
    actor = current.actor()
    lines = read_tx(lambda tx: work.lines(tx, actor))
    return render_template("admin/dashboard.html", lines=lines)


@work.source
def decisions_waiting(session: Session, actor: Actor) -> Iterator[Line]:
    number = sum(row.proposed_by != actor.account_id for row in approvals.waiting(session, actor))
    if number:
        text = ngettext(
            "%(num)d decision waits for a second person",
            "%(num)d decisions wait for a second person",
            number,
        )
        yield Line(text, url_for("admin.decisions"), urgent=True)


@work.source
def letters_waiting(session: Session, actor: Actor) -> Iterator[Line]:
    number = len(queries.letter_requests(session)) if actor.has(CLERK) else 0
    if number:
        text = ngettext(
            "%(num)d person waits for a letter with a code",
            "%(num)d people wait for a letter with a code",
            number,
        )
        yield Line(text, url_for("admin.account_letters"))
