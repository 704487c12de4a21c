"""What the pages of providers share."""

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as lazy
from werkzeug.wrappers import Response

from app import web
from app.errors import NotFoundError
from app.providers import evidence_files, point_words
from app.providers.criteria import Point
from app.providers.models import EvidenceFileRow

blueprint = Blueprint("providers", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": point_words}


def read_point(text: str) -> Point:
    """Return the point that an address names; raises NotFoundError for anything else."""
    try:
        return Point(text)
    except ValueError:
        raise NotFoundError(lazy("There is no such point. Check the address.")) from None


def file_answer(row: EvidenceFileRow) -> Response:
    """Send a file of the evidence as a download: nothing of it runs in the browser."""
    content = evidence_files.FILES.read(row.id)
    return web.download(content, row.name, row.media_type)
