"""Reading what the API answers. Nothing here knows more than the public pages show."""

import uuid
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.api import shapes
from app.errors import NotFoundError
from app.results import queries as results
from app.results import seal
from app.results.models import AllocationRunRow
from app.results.pot_view import PotResult
from app.results.views import run_view
from app.rounds import queries as rounds
from app.rounds.models import PotRow, ProjectRow, RoundRow, RoundState
from app.rounds.views import RoundView, round_view


def find_round(session: Session, name: str) -> RoundRow:
    """Load a public round by its slug or its identifier."""
    try:
        round_id = uuid.UUID(name)
    except ValueError:
        return rounds.public_round(session, name)
    row = rounds.round_by_id(session, round_id)
    if row.state == RoundState.DRAFT:
        raise NotFoundError(lazy("There is no such round. See all rounds at /api/v1/rounds."))
    return row


def round_list(session: Session) -> shapes.RoundList:
    now = clock.now()
    views = [round_view(session, row, now) for row in rounds.public_rounds(session)]
    return shapes.RoundList(rounds=[shapes.RoundSummary(**_summary(view)) for view in views])


def round_details(session: Session, name: str) -> shapes.Round:
    row = find_round(session, name)
    view = round_view(session, row, clock.now())
    counted = seal.counted(session, row)
    parents = rounds.area_parents(session, row)
    areas = rounds.areas(session, row)
    codes = {area.id: area.code for area in areas}
    return shapes.Round(
        **_summary(view),
        **{field: getattr(row, field) for field in _SAME_IN_ROW},
        rule_sheet_sha256=view.sheet.sha256 if view.sheet else None,
        counted_root=counted.counted_root if counted else None,
        pots=[
            _pot(pot, codes[pot.area_id], counted.ballots if counted else {}) for pot in view.pots
        ],
        areas=[
            shapes.Area(code=a.code, name=a.name, kind=a.kind, parent=parents[a.code])
            for a in areas
        ],
        categories=[category.name for category in rounds.categories(session, row.id)],
    )


def projects(session: Session, name: str) -> shapes.ProjectList:
    """Return the projects on the ballot; NotFoundError before all prices are public together."""
    row = find_round(session, name)
    if not round_view(session, row, clock.now()).projects_public:
        raise NotFoundError(
            lazy("The projects of this round are not published yet. They appear all together.")
        )
    areas = {area.id: area.code for area in rounds.areas(session, row)}
    categories = {one.id: one.name for one in rounds.categories(session, row.id)}
    return shapes.ProjectList(
        round=row.slug,
        currency=row.currency,
        minor_per_unit=row.minor_per_unit,
        projects=[
            _project(row, project, areas, categories)
            for project in rounds.projects(session, row.id)
        ],
    )


def result(session: Session, name: str) -> shapes.Result:
    """Return the published result; NotFoundError before, whatever has been counted."""
    row = find_round(session, name)
    run = results.published_run(session, row)
    stored = results.result(session, run.id) if run else None
    if run is None or stored is None or stored.outcome is None or row.published_at is None:
        raise NotFoundError(lazy("The result of this round is not public yet."))
    view = run_view(session, row, run)
    pairs = zip(view.pots, stored.outcome["pots"], strict=True)
    return shapes.Result(
        round=row.slug,
        currency=row.currency,
        minor_per_unit=row.minor_per_unit,
        published_at=row.published_at,
        run=_run(session, run),
        pots=[_pot_result(row, shown, document) for shown, document in pairs],
        runs=[_run(session, one) for one in results.runs(session, row.id)],
    )


_SAME_IN_ROW = (
    "summary",
    "proposals_open_at",
    "proposals_close_at",
    "voting_opens_at",
    "voting_closes_at",
    "results_at",
    "published_at",
    "ballot",
    "rule",
    "lot_source",
    "lot_seed",
)


def _summary(view: RoundView) -> dict[str, Any]:
    row = view.row
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "phase": view.phase.name,
        "origin": row.origin,
        "currency": row.currency,
        "minor_per_unit": row.minor_per_unit,
        "budget_minor": view.budget_minor,
        "page": url_for("rounds.show", slug=row.slug, _external=True),
    }


def _pot(pot: PotRow, area: str, ballots: dict[str, Any]) -> shapes.Pot:
    return shapes.Pot(
        id=pot.id,
        name=pot.name,
        area=area,
        budget_minor=pot.budget_minor,
        ballots=ballots.get(str(pot.id)),
    )


def _project(
    row: RoundRow,
    project: ProjectRow,
    areas: dict[uuid.UUID, str],
    categories: dict[uuid.UUID, str],
) -> shapes.Project:
    return shapes.Project(
        reference=project.reference,
        title=project.title,
        description=project.description,
        cost_minor=project.cost_minor,
        pot=project.pot_id,
        area=areas.get(project.area_id) if project.area_id else None,
        category=categories.get(project.category_id) if project.category_id else None,
        latitude=project.latitude,
        longitude=project.longitude,
        page=url_for("rounds.project", slug=row.slug, reference=project.reference, _external=True),
    )


def _pot_result(row: RoundRow, shown: PotResult, document: dict[str, Any]) -> shapes.PotResult:
    lines = {line.project.reference: line for line in (*shown.winners, *shown.others)}
    has_file = shown.file is not None and bool(shown.file.sha256)
    address = url_for("api.ballots", name=row.slug, pot=shown.pot.id, _external=True)
    return shapes.PotResult(
        pot=shown.pot.id,
        name=shown.pot.name,
        budget_minor=document["budget_minor"],
        spent_minor=document["spent_minor"],
        allocation=document["allocation"],
        projects=[
            shapes.ProjectResult(
                **{key: one[key] for key in ("reference", "won", "votes", "supporters", "reason")},
                title=lines[one["reference"]].project.title,
                sentence=lines[one["reference"]].reason,
            )
            for one in document["projects"]
        ],
        representation=document["representation"],
        ballots_sha256=shown.file.sha256 if shown.file and has_file else None,
        ballots_file=address if has_file else None,
    )


def _run(session: Session, row: AllocationRunRow) -> shapes.Run:
    same = ("run_no", "kind", "rule", "reason", "requested_at")
    hashes = ("sheet_sha256", "input_sha256", "prev_hash", "hash")
    return shapes.Run(
        **{field: getattr(row, field) for field in (*same, *hashes)},
        standing=results.standing(session, row),
    )
