"""What the pages of the till share."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import format_time
from flask_babel import gettext as _

from app.accounts import current
from app.errors import NotFoundError
from app.providers import point_words
from app.providers.models import ProviderRow
from app.vouchers import receipts, till
from app.vouchers.paying import Till

blueprint = Blueprint("till", __name__)

TILL = "/till/<uuid:provider_id>"


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": point_words, "receipt_number": receipts.number, "clock_time": _clock_time}


def _clock_time(moment: datetime) -> str:
    return str(format_time(moment, "short"))


def till_required(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Hand the view the provider and its till; NotFoundError for who does not act for it."""

    @wraps(view)
    def open_till(provider_id: uuid.UUID, **values: Any) -> ResponseReturnValue:
        provider, at_till = till.of_person(current.actor(), provider_id)
        return view(provider, at_till, **values)

    return open_till


def no_such_receipt() -> NotFoundError:
    """Return the refusal for another provider's redemption and for none alike."""
    return NotFoundError(_("There is no such receipt. Look at the list of what you took."))


__all__ = ["TILL", "ProviderRow", "Till", "blueprint", "no_such_receipt", "till_required"]
