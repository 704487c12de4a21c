"""Pages around the count: the result for everybody, runs and publication for officers."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals, current
from app.db import read_tx, run_tx
from app.errors import NotFoundError, UserFacingError
from app.jobs import service as jobs
from app.results import export, importer, publication, runs
from app.results.forms import DrawForm, ImportForm, WhatIfForm
from app.results.models import AllocationRunRow
from app.results.views import RunView, run_view
from app.rounds import queries as rounds
from app.rounds.models import RoundRow, RoundState

blueprint = Blueprint("results", __name__)

PB_MEDIA_TYPE = "text/plain; charset=utf-8"


@blueprint.get("/rounds/<slug>/results")
def show(slug: str) -> ResponseReturnValue:
    """Show winners, others and reasons; before the publication, when to come back."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        shown = _published(session, round_row)
        return {
            "round": round_row,
            "view": shown,
            "pots": rounds.pots(session, round_row.id),
            "sheet": rounds.rule_sheet(session, round_row.id),
            "run_count": len(runs.runs(session, round_row.id)),
        }

    page = read_tx(read)
    template = "results/show.html" if page["view"] else "results/not_yet.html"
    return render_template(template, **page)


@blueprint.get("/rounds/<slug>/ballots.pb")
def ballots_file(slug: str) -> ResponseReturnValue:
    """Hand out the ballots of one pot once the result is public."""
    round_row, pot, pots = read_tx(lambda session: _pot_of_file(session, slug))
    text = export.pb_file(round_row, pot)
    name = export.file_name(round_row, pot, pots)
    headers = {
        "Content-Type": PB_MEDIA_TYPE,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return text, headers


@blueprint.get("/rounds/<slug>/runs")
def run_list(slug: str) -> ResponseReturnValue:
    """List every run, failed ones too: nobody can try rules in secret."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        return {"round": round_row, "views": _views(session, round_row)}

    return render_template("results/runs.html", **read_tx(read))


@blueprint.get("/staff/rounds/<slug>/count")
def count(slug: str) -> ResponseReturnValue:
    return _count_page(slug, DrawForm(), WhatIfForm())


@blueprint.post("/staff/rounds/<slug>/count/official")
def request_official(slug: str) -> ResponseReturnValue:
    run = run_tx(
        lambda session: runs.request_official(session, current.actor(), _id(session, slug))
    )
    return redirect(url_for(".run", slug=slug, run_no=run.run_no))


@blueprint.post("/staff/rounds/<slug>/count/what-if")
def request_what_if(slug: str) -> ResponseReturnValue:
    form = WhatIfForm()
    if not form.validate_on_submit():
        return _count_page(slug, DrawForm(formdata=None), form), 422
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
        again=lambda: _count_page(slug, DrawForm(formdata=None), form),
    )


@blueprint.post("/staff/rounds/<slug>/count/draw")
def enter_draw(slug: str) -> ResponseReturnValue:
    form = DrawForm()
    if not form.validate_on_submit():
        return _count_page(slug, form, WhatIfForm(formdata=None)), 422

    def done(_row: object) -> str:
        flash(_("Entered. A second officer has to confirm the draw."))
        return url_for(".count", slug=slug)

    return _act(
        lambda session: publication.propose_draw(
            session, current.actor(), _id(session, slug), str(form.draw.data)
        ),
        form,
        done=done,
        again=lambda: _count_page(slug, form, WhatIfForm(formdata=None)),
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


@blueprint.get("/staff/rounds/<slug>/count/<int:run_no>")
def run(slug: str, run_no: int) -> ResponseReturnValue:
    """Show a run to staff: under way, failed, or its outcome as a draft."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.round_by_slug(session, slug)
        return {
            "round": round_row,
            "view": run_view(session, round_row, _run(session, round_row, run_no)),
        }

    page = read_tx(read)
    return render_template("results/run.html", job=_job(page["view"].run), **page)


@blueprint.get("/staff/rounds/<slug>/count/<int:run_no>/progress")
def progress(slug: str, run_no: int) -> ResponseReturnValue:
    """Answer the page that waits for a run."""
    row = read_tx(lambda session: _run(session, rounds.round_by_slug(session, slug), run_no))
    job = _job(row)
    return {
        "percent": job.progress if job else 0,
        "step": job.step if job else "",
        "done": job is None or job.finished_at is not None,
        "url": url_for(".run", slug=slug, run_no=run_no),
    }


@blueprint.route("/staff/rounds/import", methods=["GET", "POST"])
def import_election() -> ResponseReturnValue:
    """Make a closed round of a published election."""
    form = ImportForm()
    if form.validate_on_submit():
        upload = form.file.data
        try:
            row = importer.import_election(
                current.actor(),
                upload.read(),
                file_name=upload.filename or "",
                name=form.name.data or None,
                lenient=bool(form.lenient.data),
            )
        except UserFacingError as error:
            form.refuse(error, field="file")
        else:
            flash(_("Imported. The round is closed and can be counted."))
            return redirect(url_for(".count", slug=row.slug))
    return render_template("results/import.html", form=form), 422 if form.errors else 200


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


def _count_page(slug: str, draw_form: DrawForm, what_if_form: WhatIfForm) -> str:
    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.round_by_slug(session, slug)
        subject = str(round_row.id)
        official = runs.latest_official(session, round_row.id)
        return {
            "round": round_row,
            "closed": round_row.state in runs.COUNTABLE,
            "published": round_row.state == RoundState.PUBLISHED,
            "needs_draw": runs.needs_draw(round_row),
            "draw_waiting": approvals.pending_for(session, publication.DRAW, subject),
            "publication_waiting": approvals.pending_for(session, publication.PUBLISH, subject),
            "official": run_view(session, round_row, official) if official else None,
            "views": _views(session, round_row),
        }

    return render_template(
        "results/count.html",
        draw_form=draw_form,
        what_if_form=what_if_form,
        run_address=lambda run_no: url_for(".run", slug=slug, run_no=run_no),
        **read_tx(read),
    )


def _views(session: Session, round_row: RoundRow) -> list[RunView]:
    return [run_view(session, round_row, row) for row in runs.runs(session, round_row.id)]


def _published(session: Session, round_row: RoundRow) -> RunView | None:
    """Return the public result; None before its publication, whatever has been counted."""
    if round_row.state != RoundState.PUBLISHED or round_row.published_run_no is None:
        return None
    return run_view(session, round_row, _run(session, round_row, round_row.published_run_no))


def _run(session: Session, round_row: RoundRow, run_no: int) -> AllocationRunRow:
    row = runs.run(session, round_row.id, run_no)
    if row is None:
        raise NotFoundError(_("This round has no run with that number. See the list of its runs."))
    return row


def _job(run_row: AllocationRunRow) -> Any:
    return jobs.get(run_row.job_id) if run_row.job_id else None


def _id(session: Session, slug: str) -> uuid.UUID:
    return rounds.round_by_slug(session, slug).id


def _pot_of_file(session: Session, slug: str) -> tuple[RoundRow, Any, list[Any]]:
    round_row = rounds.public_round(session, slug)
    if round_row.state != RoundState.PUBLISHED:
        raise NotFoundError(_("The ballots are published together with the result, not before."))
    pots = rounds.pots(session, round_row.id)
    wanted = request.args.get("pot", str(pots[0].id))
    chosen = [pot for pot in pots if str(pot.id) == wanted]
    if not chosen:
        raise NotFoundError(_("This round has no such budget. Start from its results page."))
    return round_row, chosen[0], pots
