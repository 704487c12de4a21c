"""`/api/v1/redemptions`: a provider's device takes vouchers. Its token stands in for a sign-in."""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.api import shapes
from app.api.base import blueprint
from app.api.charges import Unreadable, read_charge, read_key, read_right_amount
from app.api.description import Operation, describes
from app.db import read_tx
from app.ledger.once import Answer
from app.vouchers import paying, requests
from app.vouchers import till as tills
from app.vouchers.correcting import correct
from app.vouchers.paying import Till
from app.vouchers.redeeming import redeem
from app.vouchers.rules import Outcome

BEARER = "Bearer "
UNREADABLE = "Something in it cannot be read; `errors` names each fault. Or the key was reused."
NO_TOKEN = "No valid token of a device."  # noqa: S105 (words of the description)
RUNNING = "The first request with this key is still under way."


def device_required(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Hand the view the till that the bearer token opens; 401 without one."""

    @wraps(view)
    def open_till(**values: Any) -> ResponseReturnValue:
        sent = request.headers.get("Authorization", "")
        till = tills.of_device(sent.removeprefix(BEARER)) if sent.startswith(BEARER) else None
        if till is None:
            refused = _json({"outcome": "unauthorized"}, HTTPStatus.UNAUTHORIZED)
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        return view(till, **values)

    return open_till


@blueprint.post("/redemptions")
@describes(
    Operation(
        "Take an amount from a voucher, once per key",
        shapes.Redemption,
        body=shapes.ChargeRequest,
        status=HTTPStatus.CREATED,
        by_device=True,
        with_key=True,
        outcomes={
            202: "The holder has to confirm on the phone: ask for `redemption_id` until then.",
            401: NO_TOKEN,
            403: "The provider is not accredited for this service today.",
            404: "No voucher with this code can be used.",
            409: f"`wrong_service`, `expired`, `pin_needed` or `insufficient`. {RUNNING}",
            422: UNREADABLE,
            429: "Too many wrong codes; `Retry-After` says when to come back.",
        },
    )
)
@device_required
def redeem_voucher(till: Till) -> ResponseReturnValue:
    key, charge = read_key(request.headers.get("Idempotency-Key", "")), read_charge(_body())
    if isinstance(charge, Unreadable) or key is None:
        return _invalid(key, charge)
    return _answer(redeem(till, charge, key=key))


@blueprint.get("/redemptions/<uuid:redemption_id>")
@describes(
    Operation(
        "A redemption, or a payment that waits for its holder",
        shapes.Redemption,
        by_device=True,
        outcomes={401: NO_TOKEN, 404: "The provider has no such redemption."},
    )
)
@device_required
def redemption(till: Till, redemption_id: uuid.UUID) -> ResponseReturnValue:
    one = read_tx(lambda session: tills.receipt(session, till, redemption_id))
    if one is not None:
        return _answer(Answer(HTTPStatus.OK, paying.accepted(one.row, one.standing_minor).body))
    asked = read_tx(lambda session: tills.asked(session, till, redemption_id))
    if asked is None:
        return _answer(paying.answer(Outcome.UNKNOWN))
    outcome = requests.outcome_of(asked)
    return _json({"outcome": outcome.value, "redemption_id": str(asked.id)}, HTTPStatus.OK)


@blueprint.post("/redemptions/<uuid:redemption_id>/corrections")
@describes(
    Operation(
        "Give back what was too much, on the day of the redemption, once per key",
        shapes.Correction,
        body=shapes.CorrectionRequest,
        status=HTTPStatus.CREATED,
        by_device=True,
        with_key=True,
        outcomes={
            401: NO_TOKEN,
            404: "The provider has no such redemption.",
            409: RUNNING,
            422: f"{UNREADABLE} Or it is too late, or not less than what was taken.",
        },
    )
)
@device_required
def correct_redemption(till: Till, redemption_id: uuid.UUID) -> ResponseReturnValue:
    key, right = read_key(request.headers.get("Idempotency-Key", "")), read_right_amount(_body())
    if isinstance(right, Unreadable) or key is None:
        return _invalid(key, right)
    return _answer(correct(till, redemption_id, right, key=key))


def _body() -> bytes:
    return request.get_data(cache=False)


def _invalid(key: str | None, read: object) -> ResponseReturnValue:
    errors = list(read.errors) if isinstance(read, Unreadable) else []
    if key is None:
        errors.append("key_missing")
    return _json({"outcome": "invalid", "errors": errors}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _answer(answer: Answer) -> Response:
    """Send stored bytes as they are: the same key gets the same answer."""
    return Response(answer.body, answer.status, mimetype="application/json")


def _json(body: dict[str, object], status: HTTPStatus) -> Response:
    return Response(json.dumps(body, sort_keys=True), status, mimetype="application/json")
