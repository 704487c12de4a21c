from flask import Blueprint

from app.openbooks import words

blueprint = Blueprint("openbooks", __name__)


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"words": words}
