"""How many have voted, for the staff. Never what."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.ballots import turnout as turnout_view
from app.ballots.routes.base import blueprint
from app.ballots.turnout import Turnout
from app.db import read_tx
from app.rounds import queries as rounds


@blueprint.get("/staff/rounds/<slug>/turnout")
def turnout(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> Turnout:
        return turnout_view.turnout(session, rounds.round_by_slug(session, slug))

    return render_template("ballots/turnout.html", turnout=read_tx(load))
