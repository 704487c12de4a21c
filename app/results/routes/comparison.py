"""Rules side by side: a rehearsal before the council decides, and afterwards for everybody."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import NotFoundError, UserFacingError
from app.results import queries, runs, seal
from app.results.comparing import comparison
from app.results.forms import ComparisonForm
from app.results.models import AllocationRunRow
from app.results.routes.base import blueprint
from app.rounds import queries as rounds
from app.rounds.models import Origin, RoundRow


@blueprint.get("/staff/rehearsal")
def rehearsal() -> ResponseReturnValue:
    """List the rounds on whose ballots rules can be tried."""

    def read(session: Session) -> list[RoundRow]:
        every = rounds.all_rounds(session)
        return [row for row in every if row.state in runs.COUNTABLE]

    return render_template("results/rehearsal.html", rounds=read_tx(read))


@blueprint.get("/staff/rounds/<slug>/count/compare")
def compare(slug: str) -> ResponseReturnValue:
    return _staff_page(slug)


@blueprint.post("/staff/rounds/<slug>/count/compare")
def request_comparison(slug: str) -> ResponseReturnValue:
    """Ask for the chosen rules; a refusal comes back in the form, with what was entered."""
    form = ComparisonForm(ballot_type=_ballot_type(slug))
    if not form.validate_on_submit():
        return _staff_page(slug, form), 422

    def ask(session: Session) -> list[AllocationRunRow]:
        round_row = rounds.round_by_slug(session, slug)
        return runs.request_comparison(
            session,
            current.actor(),
            round_row.id,
            form.to_rules(),
            reason=str(form.reason.data),
        )

    try:
        made = run_tx(ask)
    except UserFacingError as error:
        form.refuse(error)
        return _staff_page(slug, form), error.status
    if made:
        flash(ngettext("%(num)d count was started.", "%(num)d counts were started.", len(made)))
    else:
        flash(_("All of these rules are counted already. They stand below."))
    return redirect(url_for(".compare", slug=slug))


@blueprint.get("/rounds/<slug>/runs/compare")
def public_compare(slug: str) -> ResponseReturnValue:
    """Show everybody all counted rules side by side, once the result is public."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        if queries.published_run(session, round_row) is None:
            raise NotFoundError(_("What a count gave is published together with the result."))
        return {"round": round_row, "comparison": comparison(session, round_row)}

    return render_template("results/compare.html", public=True, form=None, **read_tx(read))


def _staff_page(slug: str, form: ComparisonForm | None = None) -> str:
    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.round_by_slug(session, slug)
        fixed = round_row.origin == Origin.IMPORTED or seal.counted(session, round_row)
        return {
            "round": round_row,
            "closed": round_row.state in runs.COUNTABLE,
            "ready": bool(fixed) and not runs.needs_draw(round_row),
            "comparison": comparison(session, round_row),
        }

    page = read_tx(read)
    shown = form or ComparisonForm(
        formdata=None, ballot_type=page["round"].ballot.get("ballot_type", "approval")
    )
    return render_template("results/compare.html", public=False, form=shown, **page)


def _ballot_type(slug: str) -> str:
    round_row = read_tx(lambda session: rounds.round_by_slug(session, slug))
    return str(round_row.ballot.get("ballot_type", "approval"))
