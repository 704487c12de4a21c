"""What everybody reads about programmes."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.db import read_tx
from app.errors import NotFoundError
from app.programmes import queries, words
from app.programmes.routes.base import Shown, blueprint, shown


@blueprint.get("/programmes")
def browse() -> ResponseReturnValue:
    rows = read_tx(queries.public_programmes)
    return render_template("programmes/browse.html", rows=rows, states=words.STATES)


@blueprint.get("/programmes/<slug>")
def show(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> Shown:
        found = shown(session, slug)
        if found.row.state not in queries.PUBLIC_STATES:
            raise NotFoundError(lazy("There is no such programme. Check the address."))
        return found

    found = read_tx(load)
    return render_template(
        "programmes/show.html", found=found, row=found.row, names=words.PARAMETERS
    )
