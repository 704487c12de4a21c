"""The officers' pages of a count: the draw, the official run, tries, the publication."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, current
from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.jobs.models import JobRow
from app.results import importer, publication, queries, runs, seal
from app.results.forms import DrawForm, WhatIfForm
from app.results.queries import Standing
from app.results.routes.base import blueprint, the_run
from app.results.views import run_lines, run_view
from app.rounds import queries as rounds
from app.rounds.models import RoundState


@blueprint.get("/staff/rounds/<slug>/count")
def count(slug: str) -> ResponseReturnValue:
    return _count_page(slug)


@blueprint.post("/staff/rounds/<slug>/count/official")
def request_official(slug: str) -> ResponseReturnValue:
    run = run_tx(
        lambda session: runs.request_official(session, current.actor(), _id(session, slug))
    )
    return redirect(url_for(".run", slug=slug, run_no=run.run_no))


@blueprint.post("/staff/rounds/<slug>/count/what-if")
def request_what_if(slug: str) -> ResponseReturnValue:
    form = WhatIfForm(ballot_type=_ballot_type(slug))
    if not form.validate_on_submit():
        return _count_page(slug, what_if_form=form), 422
    return _act(
        lambda session: runs.request_what_if(
            session,
            current.actor(),
            _id(session, slug),
            form.to_rule(),
            reason=str(form.reason.data),
        ),
        form,
        done=lambda run: url_for(".run", slug=slug, run_no=run.run_no),
        again=lambda: _count_page(slug, what_if_form=form),
    )


@blueprint.post("/staff/rounds/<slug>/count/draw")
def enter_draw(slug: str) -> ResponseReturnValue:
    form = DrawForm()
    if not form.validate_on_submit():
        return _count_page(slug, draw_form=form), 422

    def done(_row: object) -> str:
        flash(_("Entered. A second officer has to confirm the draw."))
        return url_for(".count", slug=slug)

    return _act(
        lambda session: publication.propose_draw(
            session, current.actor(), _id(session, slug), str(form.draw.data)
        ),
        form,
        done=done,
        again=lambda: _count_page(slug, draw_form=form),
    )


@blueprint.post("/staff/rounds/<slug>/count/publish")
def propose_publication(slug: str) -> ResponseReturnValue:
    run_tx(
        lambda session: publication.propose_publication(
            session, current.actor(), _id(session, slug)
        )
    )
    flash(_("Proposed. The result becomes public when a second officer approves it."))
    return redirect(url_for(".count", slug=slug))


@blueprint.get("/staff/rounds/<slug>/count/<int(max=999999):run_no>")
def run(slug: str, run_no: int) -> ResponseReturnValue:
    """Show a run to staff: under way, failed, or its outcome as a draft."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.round_by_slug(session, slug)
        row = the_run(session, round_row, run_no)
        return {
            "round": round_row,
            "view": run_view(session, round_row, row),
            "job": queries.job(session, row),
        }

    return render_template(
        "results/run.html",
        public=False,
        why=lambda reference: url_for(".run_why", slug=slug, run_no=run_no, reference=reference),
        **read_tx(read),
    )


@blueprint.get("/staff/rounds/<slug>/count/<int(max=999999):run_no>/progress")
def progress(slug: str, run_no: int) -> ResponseReturnValue:
    """Answer the page that waits for a run."""

    def read(session: Session) -> tuple[JobRow | None, Standing]:
        row = the_run(session, rounds.round_by_slug(session, slug), run_no)
        return queries.job(session, row), queries.standing(session, row)

    job, standing = read_tx(read)
    return {
        "percent": job.progress if job else 0,
        "step": job.step if job else "",
        "done": standing is not Standing.UNDER_WAY,
        "url": url_for(".run", slug=slug, run_no=run_no),
    }


def _act(
    work: Callable[[Session], Any],
    form: Any,
    *,
    done: Callable[[Any], str],
    again: Callable[[], str],
) -> ResponseReturnValue:
    """Run a service; a refusal comes back in the form, with what was typed."""
    try:
        answer = run_tx(work)
    except UserFacingError as error:
        form.refuse(error)
        return again(), error.status
    return redirect(done(answer))


def _count_page(
    slug: str, *, draw_form: DrawForm | None = None, what_if_form: WhatIfForm | None = None
) -> str:
    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.round_by_slug(session, slug)
        subject = str(round_row.id)
        official = queries.latest_official(session, round_row.id)
        return {
            "round": round_row,
            "closed": round_row.state in runs.COUNTABLE,
            "published": round_row.state == RoundState.PUBLISHED,
            "needs_draw": runs.needs_draw(round_row),
            "draw_waiting": approvals.pending_for(session, publication.DRAW, subject),
            "publication_waiting": approvals.pending_for(session, publication.PUBLISH, subject),
            "official": official,
            "standing": queries.standing(session, official) if official else None,
            "failure": queries.failure(session, official) if official else None,
            "counted": seal.counted(session, round_row),
            "lines": run_lines(session, round_row, details=True),
            "repairs": importer.warnings_of(session, round_row),
        }

    page = read_tx(read)
    ballot_type = page["round"].ballot.get("ballot_type", "approval")
    return render_template(
        "results/count.html",
        draw_form=draw_form or DrawForm(formdata=None),
        what_if_form=what_if_form or WhatIfForm(formdata=None, ballot_type=ballot_type),
        run_address=lambda run_no: url_for(".run", slug=slug, run_no=run_no),
        **page,
    )


def _ballot_type(slug: str) -> str:
    round_row = read_tx(lambda session: rounds.round_by_slug(session, slug))
    return str(round_row.ballot.get("ballot_type", "approval"))


def _id(session: Session, slug: str) -> uuid.UUID:
    return rounds.round_by_slug(session, slug).id
