"""What the pages of entitlements share."""

from typing import Any

from flask import Blueprint, Response

from app import web
from app.db import read_tx
from app.entitlements import evidence_files, words
from app.entitlements.models import ApplicationFileRow
from app.town import queries as town

blueprint = Blueprint("entitlements", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words}


def town_name() -> str:
    row = read_tx(town.town)
    return row.name if row else ""


def file_answer(row: ApplicationFileRow) -> Response:
    """Send a document as a download: nothing of it runs in the browser."""
    content = evidence_files.FILES.read(row.id)
    return web.download(content, row.name, row.media_type)
