"""What the pages of holders share."""

from flask import Blueprint, url_for

from app.programmes.words import SERVICES
from app.vouchers import receipts
from app.vouchers.holder_words import STATES

blueprint = Blueprint("vouchers", __name__)

OWN = "/account/vouchers/<uuid:voucher_id>"


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {"services": SERVICES, "states": STATES, "receipt_number": receipts.number}


def address(voucher_id: object) -> str:
    """Return where the page of a voucher is."""
    return url_for("vouchers.show", voucher_id=voucher_id)
