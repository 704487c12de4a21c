"""Asking the shared pool: a few questions, answered one by one, sent when the resident wants."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.errors import ConflictError, NotFoundError
from app.policy import Actor, account_of, fetch
from app.pool import queries, rules
from app.pool.models import PoolRequestRow
from app.pool.rules import Need, State
from app.providers.days import today
from app.vouchers.models import VoucherRow


class MovedOnError(ConflictError):
    """The request is not in a state in which this can be done."""

    code = "moved_on"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This request has moved on since you opened the page. Nothing was changed. "
                "Look at it again."
            )
        )


def begin(session: Session, actor: Actor, voucher_id: uuid.UUID) -> PoolRequestRow:
    """Begin a request for the programme of one's voucher, or go on with the one under way."""
    voucher = fetch(session, actor, VoucherRow, voucher_id)
    if not queries.is_usable(voucher, today()):
        raise ConflictError(
            lazy("The pool adds to a voucher that is in use, and this one is not. Ask at the desk.")
        )
    there = _under_way(session, voucher)
    if there is not None:
        return there
    row = PoolRequestRow(
        resident_id=voucher.resident_id,
        programme_id=voucher.programme_id,
        account_id=account_of(actor),
        made_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # pressed twice
        raise MovedOnError from None
    return row


def tell_need(session: Session, actor: Actor, request_id: uuid.UUID, need: Need) -> None:
    row = _draft(session, actor, request_id)
    row.need = need
    session.add(row)


def tell_amount(session: Session, actor: Actor, request_id: uuid.UUID, amount_minor: int) -> None:
    row = _draft(session, actor, request_id)
    row.amount_minor = amount_minor
    session.add(row)


def tell_words(session: Session, actor: Actor, request_id: uuid.UUID, words: str) -> None:
    row = _draft(session, actor, request_id)
    row.words = words
    session.add(row)


def send(session: Session, actor: Actor, request_id: uuid.UUID) -> None:
    """Send a request to the officers. Raises ConflictError while an answer is missing."""
    row = _draft(session, actor, request_id)
    if not rules.is_complete(row.need, row.amount_minor):
        raise ConflictError(lazy("An answer is missing. Give it, then send the request."))
    row.state, row.sent_at = State.SENT, clock.now()
    session.add(row)
    audit.record(session, actor, "pool.asked", str(row.id))


def withdraw(session: Session, actor: Actor, request_id: uuid.UUID) -> None:
    """Take a request back before it is decided; what was told in words is deleted at once."""
    row = hold(session, fetch(session, actor, PoolRequestRow, request_id).id, *rules.UNDER_WAY)
    row.state, row.words = State.WITHDRAWN, ""
    session.add(row)


def hold(session: Session, request_id: uuid.UUID, *states: State) -> PoolRequestRow:
    """Load a request as it is now and keep it so until the transaction ends.

    Raises NotFoundError, or MovedOnError when it is in none of `states`.
    """
    query = select(PoolRequestRow).where(PoolRequestRow.id == request_id)
    held = query.with_for_update().execution_options(populate_existing=True)
    row = session.exec(held).first()
    if row is None:
        raise NotFoundError(lazy("There is no such request. Look at the list again."))
    if row.state not in states:
        raise MovedOnError
    return row


def _draft(session: Session, actor: Actor, request_id: uuid.UUID) -> PoolRequestRow:
    return hold(session, fetch(session, actor, PoolRequestRow, request_id).id, State.DRAFT)


def _under_way(session: Session, voucher: VoucherRow) -> PoolRequestRow | None:
    query = select(PoolRequestRow).where(
        PoolRequestRow.resident_id == voucher.resident_id,
        PoolRequestRow.programme_id == voucher.programme_id,
        col(PoolRequestRow.state).in_(rules.UNDER_WAY),
    )
    return session.exec(query).first()
