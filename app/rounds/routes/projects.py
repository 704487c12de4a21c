"""The projects on the ballot: list, map, each one's page."""

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import current
from app.db import read_tx
from app.errors import NotFoundError
from app.policy import ROUND_OFFICER
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeRow
from app.rounds import browsing, maps, pictures, programme_words, queries
from app.rounds.browse import Catalogue, Item
from app.rounds.models import ProjectProgrammeRow, ProjectRow, RoundRow
from app.rounds.routes.base import blueprint
from app.rounds.routes.public import visible_round
from app.rounds.views import (
    RoundView,
    catalogue,
    project_item,
    project_points,
    round_view,
)


@blueprint.get("/rounds/<slug>/projects")
def project_list(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> tuple[RoundView, Catalogue, list[Item]]:
        row = visible_round(session, slug)
        view = round_view(session, row, clock.now())
        return view, catalogue(session, row), _items(session, row) if _may_see(view) else []

    view, names, items = read_tx(load)
    listing = browsing.look(items, names)
    return render_template(
        "rounds/projects.html", view=view, round=view.row, listing=listing, form=listing.form
    )


@blueprint.get("/rounds/<slug>/projects/<path:reference>")
def project(slug: str, reference: str) -> ResponseReturnValue:
    def load(session: Session) -> tuple[RoundView, Catalogue, ProjectRow, str, _Care]:
        row = visible_round(session, slug)
        view = round_view(session, row, clock.now())
        _check_public(view)
        found = queries.project(session, row.id, reference)
        alts = pictures.alt_texts(session, [found.picture_id])
        alt_text = alts.get(found.picture_id or found.id, "")
        return view, catalogue(session, row), found, alt_text, _care(session, found)

    view, names, found, alt_text, (terms, care) = read_tx(load)
    item = project_item(view.row, found, alt_text)
    return render_template(
        "rounds/project.html",
        view=view,
        round=view.row,
        project=found,
        programme=programme_words.terms(terms, view.row.currency) if terms else None,
        care=care,
        card=browsing.card(item, names),
        points=[browsing.point(item, names)] if found.latitude is not None else [],
        areas=maps.feature_collection(names.areas),
    )


@blueprint.get("/rounds/<slug>/projects.geojson")
def project_places(slug: str) -> ResponseReturnValue:
    """Answer with the places of the projects, for maps of other people."""

    def load(session: Session) -> dict[str, object]:
        row = visible_round(session, slug)
        _check_public(round_view(session, row, clock.now()))
        return project_points(row, queries.projects(session, row.id))

    answer = jsonify(read_tx(load))
    answer.mimetype = "application/geo+json"
    return answer


_Care = tuple[ProjectProgrammeRow | None, ProgrammeRow | None]


def _care(session: Session, project: ProjectRow) -> _Care:
    """Return the terms of a project that is a voucher programme, and what has come of it."""
    terms = queries.programmes(session, project.round_id).get(project.id)
    if terms is None:
        return None, None
    return terms, programmes.of_project(session, project.round_id, project.reference)


def _items(session: Session, row: RoundRow) -> list[Item]:
    found = queries.projects(session, row.id)
    alts = pictures.alt_texts(session, [project.picture_id for project in found])
    return [project_item(row, one, alts.get(one.picture_id or one.id, "")) for one in found]


def _may_see(view: RoundView) -> bool:
    return view.projects_public or current.actor().has(ROUND_OFFICER)


def _check_public(view: RoundView) -> None:
    if not _may_see(view):
        raise NotFoundError(
            lazy("The projects of this round are not published yet. They appear all together."),
            lead=queries.THE_ROUND,
        )
