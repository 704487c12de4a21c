"""What the pages of delegation share."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.delegation import words
from app.programmes.words import SERVICES
from app.vouchers import receipts
from app.vouchers.holder_words import STATES

blueprint = Blueprint("delegation", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "words": words,
        "services": SERVICES,
        "voucher_states": STATES,
        "receipt_number": receipts.number,
    }


def code_page(code: str, back: str) -> ResponseReturnValue:
    """Show a code of invitation: it stands on this answer and nowhere else."""
    page = render_template("delegation/code.html", code=code, back=back)
    return page, HTTPStatus.OK, {"Cache-Control": "no-store"}
