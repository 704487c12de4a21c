"""What everybody may see of a count: the result, its ballots, and that runs were made."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.db import read_tx
from app.errors import NotFoundError
from app.i18n import money
from app.programmes import queries as programmes
from app.results import export, publication, queries, seal
from app.results.pot_view import ProjectLine
from app.results.routes.base import blueprint, pb_answer, the_run
from app.results.views import RunView, run_lines, run_view
from app.rounds import maps
from app.rounds import queries as rounds
from app.rounds.models import RoundRow


@blueprint.get("/rounds/<slug>/results")
def show(slug: str) -> ResponseReturnValue:
    """Show winners, others and reasons; before the publication, when to come back."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        published = queries.published_run(session, round_row)
        return {
            "round": round_row,
            "view": run_view(session, round_row, published) if published else None,
            "sheet": rounds.rule_sheet(session, round_row.id),
            "counted": seal.counted(session, round_row),
            "draw": publication.public_draw(session, round_row),
            "run_count": len(queries.runs(session, round_row.id)),
            "areas": rounds.areas(session, round_row),
            "care": programmes.of_round(session, round_row.id) if published else {},
        }

    page = read_tx(read)
    template = "results/show.html" if page["view"] else "results/not_yet.html"
    return render_template(
        template,
        **page,
        **_map(page),
        why=lambda reference: url_for(".why", slug=slug, reference=reference),
    )


@blueprint.get("/rounds/<slug>/ballots.pb")
def ballots_file(slug: str) -> ResponseReturnValue:
    """Hand out the ballots of one pot once the result is public."""

    def read(session: Session) -> tuple[bytes, str]:
        round_row, pot, name = export.public_pot(session, slug, request.args.get("pot"))
        return export.published_file(session, round_row, pot), name

    content, name = read_tx(read)
    return pb_answer(content, name)


@blueprint.get("/rounds/<slug>/runs")
def run_list(slug: str) -> ResponseReturnValue:
    """List every run, failed ones too: nobody can try rules in secret.

    What came of them is told together with the result, not before.
    """

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        published = queries.published_run(session, round_row) is not None
        lines = run_lines(session, round_row, details=published)
        return {"round": round_row, "lines": lines, "published": published}

    page = read_tx(read)
    address = _public_address(slug) if page["published"] else None
    return render_template("results/runs.html", **page, run_address=address)


@blueprint.get("/rounds/<slug>/runs/<int(max=999999):run_no>")
def public_run(slug: str, run_no: int) -> ResponseReturnValue:
    """Show what a run gave, once the result is public: a try beside the real thing."""

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        if queries.published_run(session, round_row) is None:
            raise NotFoundError(_("What a count gave is published together with the result."))
        return {
            "round": round_row,
            "view": run_view(session, round_row, the_run(session, round_row, run_no)),
        }

    return render_template(
        "results/run.html",
        public=True,
        job=None,
        why=lambda reference: url_for(
            ".public_run_why", slug=slug, run_no=run_no, reference=reference
        ),
        **read_tx(read),
    )


def _public_address(slug: str) -> Callable[[int], str]:
    return lambda run_no: url_for(".public_run", slug=slug, run_no=run_no)


def _map(page: dict[str, Any]) -> dict[str, Any]:
    """Return the places of the funded projects, where the round has both shapes and places."""
    shapes = maps.feature_collection(page.pop("areas"))
    view: RunView | None = page["view"]
    lines = [line for pot in view.pots for line in pot.winners] if view else []
    points = [_point(page["round"], line) for line in lines if line.project.latitude is not None]
    return {"shapes": shapes, "points": points if shapes["features"] else []}


def _point(round_row: RoundRow, line: ProjectLine) -> dict[str, Any]:
    project = line.project
    return {
        "lat": project.latitude,
        "lon": project.longitude,
        "title": project.title,
        "href": f"#{line.anchor}",
        "line": money(project.cost_minor, round_row.currency, round_row.minor_per_unit),
        "tone": "good",
    }
