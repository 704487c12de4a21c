"""What everybody sees: how to propose, all proposals of a round, each on its page."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app import clock
from app.accounts import current
from app.db import read_tx, run_tx
from app.proposals import queries, rules, service, views
from app.proposals.routes.base import blueprint
from app.rounds import browsing
from app.rounds import queries as rounds
from app.rounds.browse import Catalogue, Item
from app.rounds.models import RoundRow
from app.rounds.views import catalogue


@blueprint.get("/rounds/<slug>/propose")
def start(slug: str) -> ResponseReturnValue:
    """Say what a proposal needs. The form carries a fresh key, so pressing twice starts one."""
    round_row = read_tx(lambda session: rounds.public_round(session, slug))
    return render_template(
        "proposals/start.html",
        round=round_row,
        open_now=rounds.can_propose(round_row, clock.now()),
        key=uuid.uuid4(),
        submitted_max=rules.SUBMITTED_MAX,
    )


@blueprint.post("/rounds/<slug>/propose/<uuid:key>")
def begin(slug: str, key: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    row = run_tx(lambda session: service.start(session, actor, slug, key))
    return redirect(url_for(".step", proposal_id=row.id, step="idea"))


@blueprint.get("/rounds/<slug>/proposals")
def browse(slug: str) -> ResponseReturnValue:
    round_row, items, names = read_tx(lambda session: _all(session, slug))
    listing = browsing.look(items, names)
    return render_template(
        "proposals/browse.html",
        round=round_row,
        listing=listing,
        form=listing.form,
        open_now=rounds.can_propose(round_row, clock.now()),
    )


@blueprint.get("/rounds/<slug>/proposals/<int(max=9999999):number>")
def show(slug: str, number: int) -> ResponseReturnValue:
    sheet = read_tx(lambda session: _one(session, slug, number))
    return render_template("proposals/show.html", sheet=sheet, round=sheet.round)


def _all(session: Session, slug: str) -> tuple[RoundRow, list[Item], Catalogue]:
    round_row = rounds.public_round(session, slug)
    return round_row, views.items(session, round_row), catalogue(session, round_row)


def _one(session: Session, slug: str, number: int) -> views.Sheet:
    round_row = rounds.public_round(session, slug)
    return views.sheet(session, queries.by_number(session, round_row.id, number))
