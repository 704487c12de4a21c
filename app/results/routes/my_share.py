"""A voter's own share. The choices come by POST, so that they stand in no address and no log."""

import uuid
from http import HTTPStatus
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.db import read_tx
from app.errors import Lead, NotFoundError
from app.results.routes.base import blueprint
from app.results.share_view import share_view
from app.rounds import queries as rounds


@blueprint.route("/rounds/<slug>/results/<uuid:pot_id>/share", methods=["GET", "POST"])
def my_share(slug: str, pot_id: uuid.UUID) -> ResponseReturnValue:
    """Show the ballot's form, and after it was sent what the share paid for."""
    fields = request.form.to_dict(flat=False) if request.method == "POST" else None

    def read(session: Session) -> dict[str, Any]:
        round_row = rounds.public_round(session, slug)
        pots = rounds.pots(session, round_row.id)
        pot = next((one for one in pots if one.id == pot_id), None)
        if pot is None:
            raise NotFoundError(
                lazy("This round has no such budget. See its result instead."),
                lead=Lead(lazy("The result"), "results.show"),
            )
        return {"view": share_view(session, round_row, pot, fields), "several": len(pots) > 1}

    page = read_tx(read)
    wrong = bool(page["view"].blockers)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render_template("results/my_share.html", **page), status
