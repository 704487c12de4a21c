"""The blueprint of the API, and how its answers are written."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlmodel import SQLModel

from app.web import csrf

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
# No cookie is looked at here, so no other site can send one along.
csrf.exempt(blueprint)


def as_json(answer: SQLModel) -> ResponseReturnValue:
    return answer.model_dump(mode="json")
