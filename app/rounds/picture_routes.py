"""Showing pictures: each is checked, so knowing an address gives no right to see one."""

import uuid

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.accounts import current
from app.db import read_tx
from app.rounds import pictures
from app.rounds.models import PictureRow

blueprint = Blueprint("pictures", __name__)

CACHE_SECONDS = 24 * 3600
"""A picture that is taken down is gone from browsers within a day."""


@blueprint.get("/pictures/<uuid:picture_id>")
def full(picture_id: uuid.UUID) -> ResponseReturnValue:
    """Answer with the picture, 1600 pixels at the longest side."""
    row = _visible(picture_id)
    return _answer(row, row.content)


@blueprint.get("/pictures/<uuid:picture_id>/small")
def small(picture_id: uuid.UUID) -> ResponseReturnValue:
    """Answer with the thumbnail, 480 pixels at the longest side."""
    row = _visible(picture_id)
    return _answer(row, row.thumbnail)


def _visible(picture_id: uuid.UUID) -> PictureRow:
    actor = current.actor()
    return read_tx(lambda session: pictures.visible(session, actor, picture_id))


def _answer(row: PictureRow, content: bytes) -> Response:
    """Nothing but a picture: even if it were HTML, the browser would run nothing of it."""
    response = Response(content, mimetype=row.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline; filename=picture.jpg"
    response.add_etag()
    if row.public:
        response.cache_control.public = True
        response.cache_control.max_age = CACHE_SECONDS
    response.make_conditional(request)
    return response
