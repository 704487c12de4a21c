"""Correcting a redemption within its day: what was too much goes back to the voucher at once.

A redemption never changes. What goes back is a transfer that cites its own, so together they never
give back more than was taken. Later than its day a redemption is disputed, not corrected.
"""

import json
import uuid
from http import HTTPStatus

from sqlmodel import Session

from app.db import run_tx
from app.ledger import queries as ledger_queries
from app.ledger.once import Answer, once
from app.providers.days import today
from app.vouchers import queries, returning
from app.vouchers.amounts import Back, correction
from app.vouchers.models import RedemptionRow
from app.vouchers.paying import Till


def correct(till: Till, redemption_id: uuid.UUID, right_minor: int, *, key: str) -> Answer:
    """Leave `right_minor` (0: nothing) of what `till`'s provider took, once per `key`.

    201 when the rest went back, 404 for another provider's redemption or none, 422 with the reason
    if it cannot be corrected so. Raises as `redeeming.redeem` does, but for wrong codes.
    """
    body = json.dumps([str(redemption_id), right_minor]).encode()
    return run_tx(
        lambda session: once(
            session, till.actor, key, body, lambda s: _correct(s, till, redemption_id, right_minor)
        )
    )


def _correct(session: Session, till: Till, redemption_id: uuid.UUID, right_minor: int) -> Answer:
    row = session.get(RedemptionRow, redemption_id)
    if row is None or row.provider_id != till.provider_id:
        return _answer(HTTPStatus.NOT_FOUND, outcome="unknown")
    queries.locked_now(session, row.voucher_id)  # each sees what went back before
    back_before = ledger_queries.reversed_minor(session, row.transfer_id)
    decided = correction(
        standing_minor=row.amount_minor - back_before,
        right_minor=right_minor,
        same_day=row.taken_on == today(),
    )
    if not isinstance(decided, Back):
        return _answer(
            HTTPStatus.UNPROCESSABLE_ENTITY, outcome="invalid", errors=[decided.why.value]
        )
    returning.give_back(session, row, decided.amount_minor, actor=till.actor)
    return _answer(
        HTTPStatus.CREATED,
        redemption_id=str(row.id),
        outcome="corrected",
        amount_minor=right_minor,
    )


def _answer(status: HTTPStatus, **body: object) -> Answer:
    return Answer(status, json.dumps(body, sort_keys=True).encode())
