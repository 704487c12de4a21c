"""What everybody sees: the rounds of the town, a round, its rules, its shapes."""

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import current
from app.db import read_tx
from app.errors import NotFoundError
from app.policy import ROUND_OFFICER
from app.rounds import maps, queries
from app.rounds.models import RoundRow
from app.rounds.phases import Chance
from app.rounds.routes.base import blueprint
from app.rounds.views import RoundView, round_view

SHAPES_LAST_SECONDS = 3600


def visible_round(session: Session, slug: str) -> RoundRow:
    """Load a round that this visitor may see: officers also see what they prepare."""
    if current.actor().has(ROUND_OFFICER):
        return queries.round_by_slug(session, slug)
    return queries.public_round(session, slug)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    def load(session: Session) -> list[RoundView]:
        now = clock.now()
        return [round_view(session, row, now) for row in queries.public_rounds(session)]

    views = read_tx(load)
    return render_template(
        "rounds/home.html",
        running=sorted(
            (view for view in views if not view.over and not view.imported), key=_urgency
        ),
        over=[view for view in views if view.over and not view.imported],
        imported=[view for view in views if view.imported],
    )


def _urgency(view: RoundView) -> int:
    """What one can do now comes first: vote, then propose."""
    order = [Chance.VOTE, Chance.PROPOSE, None]
    return order.index(view.phase.chance)


@blueprint.get("/rounds/<slug>")
def show(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> tuple[RoundView, dict[str, object]]:
        row = visible_round(session, slug)
        shapes = maps.feature_collection(queries.areas(session, row))
        return round_view(session, row, clock.now()), shapes

    view, shapes = read_tx(load)
    return render_template("rounds/show.html", view=view, round=view.row, areas=shapes)


@blueprint.get("/rounds/<slug>/rules")
def rules(slug: str) -> ResponseReturnValue:
    view = _view(slug)
    return render_template("rounds/rules.html", view=view, round=view.row)


@blueprint.get("/rounds/<slug>/rules.json")
def rule_sheet(slug: str) -> ResponseReturnValue:
    """Answer with the bytes that were fixed; their SHA-256 is the published digest."""
    sheet = _view(slug).sheet
    if sheet is None:
        raise NotFoundError(
            lazy("The rules of this round are not fixed yet. They will be published here.")
        )
    answer = Response(sheet.content, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-rules.json"'
    return answer


@blueprint.get("/rounds/<slug>/areas.geojson")
def areas(slug: str) -> ResponseReturnValue:
    """Answer with the shapes of the town's areas, for maps of other people."""

    def load(session: Session) -> dict[str, object]:
        return maps.feature_collection(queries.areas(session, visible_round(session, slug)))

    answer = jsonify(read_tx(load))
    answer.mimetype = "application/geo+json"
    answer.cache_control.max_age = SHAPES_LAST_SECONDS
    return answer


def _view(slug: str) -> RoundView:
    return read_tx(lambda session: round_view(session, visible_round(session, slug), clock.now()))
