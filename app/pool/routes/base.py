"""What the pages of the shared pool share."""

import uuid
from typing import Any

from flask import Blueprint

from app.pool import words

blueprint = Blueprint("pool", __name__)

FIGURES_MAX = 16


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words}


def amount_of(text: str) -> int | None:
    """Read what the page before put into the address; None for what it never puts there."""
    if not (text.isascii() and text.isdigit()) or len(text) > FIGURES_MAX:
        return None
    return int(text) or None


def key_of(text: str | None) -> uuid.UUID:
    """Return the hidden key of a page; a fresh one for what no page of ours has sent."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.uuid4()
