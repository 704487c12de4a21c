from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app import web
from app.db import read_tx
from app.roll.sign_in import NotOpenError
from app.rounds import queries as rounds

blueprint = Blueprint("ballots", __name__)


@blueprint.errorhandler(NotOpenError)
def _show_not_open(error: NotOpenError) -> ResponseReturnValue:
    """Say when one can vote, or that the ballots are being counted."""
    if web.wants_json():
        return {"outcome": error.code, "message": str(error)}, error.status
    round_row = read_tx(lambda session: rounds.public_round(session, error.slug))
    page = render_template("ballots/not_open.html", round=round_row, sentence=str(error))
    return page, HTTPStatus.OK if request.method in web.SAFE_METHODS else error.status
