"""The release: one officer proposes to publish all answers of a round, another decides."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, current
from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER
from app.proposals import release as releases
from app.proposals.routes.base import blueprint
from app.rounds import queries as rounds
from app.rounds.models import RoundRow


@blueprint.get("/staff/rounds/<slug>/proposals/release")
def release(slug: str) -> ResponseReturnValue:
    """Show what would be published, and what still stands in the way."""

    def read(session: Session) -> tuple[RoundRow, releases.Readiness, ApprovalRow | None]:
        row = rounds.round_by_slug(session, slug)
        waiting = approvals.pending_for(session, releases.ACTION, releases.subject(row))
        return row, releases.readiness(session, row), waiting

    round_row, ready, waiting = read_tx(read)
    return render_template(
        "proposals/release.html",
        round=round_row,
        ready=ready,
        waiting=waiting,
        may_propose=current.actor().has(ROUND_OFFICER),
    )


@blueprint.post("/staff/rounds/<slug>/proposals/release")
def propose_release(slug: str) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda s: releases.propose(s, actor, rounds.round_by_slug(s, slug)))
    flash(_("A second officer has to decide now. Nothing is public yet."))
    return redirect(url_for(".release", slug=slug), HTTPStatus.SEE_OTHER)
