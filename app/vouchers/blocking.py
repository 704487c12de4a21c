"""Stopping a voucher, which needs two people and a reason that its holder reads; and what then.

The holder may appeal within 30 days; somebody who had no part in it answers within 30 more.
Nothing is taken from a blocked voucher, and visits that were booked before still take place.
Source: the specification of vouchers, section 10.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from app import clock
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.policy import CLERK, ROUND_OFFICER, Actor, account_of, fetch
from app.providers.days import today
from app.vouchers import queries, requests
from app.vouchers.models import BlockRow, ResidentRow, VoucherRow
from app.vouchers.rules import State

BLOCK, UNBLOCK = "voucher.block", "voucher.unblock"
APPEAL_TIME = timedelta(days=30)
ANSWER_TIME = timedelta(days=30)
_ROLES = frozenset({CLERK, ROUND_OFFICER})


class MovedOnError(ConflictError):
    """The voucher or the appeal is not in a state in which this can be done."""

    code = "moved_on"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This voucher has moved on since you opened the page. Nothing was changed. "
                "Look at it again."
            )
        )


def propose(session: Session, actor: Actor, action: str, serial: str, reason: str) -> ApprovalRow:
    """Ask a second person to BLOCK or UNBLOCK.

    Raises NotFoundError, MovedOnError, and ForbiddenError for one's own.
    """
    row = find(session, serial)
    _check_not_own(session, actor, row)
    if row.state != (State.ACTIVE if action == BLOCK else State.BLOCKED):
        raise MovedOnError
    return approvals.propose(session, actor, action, serial, {"reason": reason}, reason=reason)


def find(session: Session, serial: str) -> VoucherRow:
    """Raises NotFoundError."""
    row = queries.by_serial(session, serial)
    if row is None:
        raise NotFoundError(lazy("No voucher has this serial. Compare it with the letter."))
    return row


def _describe_block(_session: Session, approval: ApprovalRow) -> str:
    return str(_("Block the voucher %(serial)s: it pays no more.", serial=approval.subject))


def _describe_unblock(_session: Session, approval: ApprovalRow) -> str:
    return str(_("Unblock the voucher %(serial)s: it pays again.", serial=approval.subject))


@approvals.act(BLOCK, roles=_ROLES, describe=_describe_block)
def block(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Stop what was proposed; a voucher that replaced it meanwhile is the one that is stopped."""
    row = queries.locked_now(session, find(session, approval.subject).id)
    _check_not_own(session, actor, row)
    if row.state != State.ACTIVE:
        raise MovedOnError
    row.state = State.BLOCKED
    session.add(row)
    session.add(
        BlockRow(
            voucher_id=row.id,
            reason=approval.payload["reason"],
            proposed_by=approval.proposed_by,
            blocked_by=account_of(actor),
            blocked_at=clock.now(),
        )
    )
    requests.end_all(session, row.id)
    session.flush()


@approvals.act(UNBLOCK, roles=_ROLES, describe=_describe_unblock)
def unblock(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    row = queries.locked(session, find(session, approval.subject).id)
    _check_not_own(session, actor, row)
    found = open_block(session, row.id)
    if found is None:
        raise MovedOnError
    _lift(session, row, found, approval.payload["reason"])


def open_block(session: Session, voucher_id: uuid.UUID) -> BlockRow | None:
    """Return why a voucher is blocked; None if it is not."""
    query = select(BlockRow).where(
        BlockRow.voucher_id == voucher_id, col(BlockRow.lifted_at).is_(None)
    )
    return session.exec(query.execution_options(populate_existing=True)).first()


def undecided(now: datetime) -> ColumnElement[bool]:
    """Tell blocks of which nobody knows yet whether they stay: nothing expires meanwhile."""
    return and_(
        col(BlockRow.lifted_at).is_(None),
        col(BlockRow.answered_at).is_(None),
        or_(col(BlockRow.appealed_at).is_not(None), col(BlockRow.blocked_at) >= now - APPEAL_TIME),
    )


def last_block(session: Session, voucher_id: uuid.UUID) -> BlockRow | None:
    """Return the newest block of a voucher, lifted or not."""
    query = select(BlockRow).where(BlockRow.voucher_id == voucher_id)
    return session.exec(query.order_by(col(BlockRow.id).desc())).first()


def can_appeal(row: BlockRow) -> bool:
    """Say whether the holder may still appeal: once, within 30 days, while it is blocked."""
    return row.lifted_at is None and row.appealed_at is None and clock.now() <= appeal_until(row)


def appeal_until(row: BlockRow) -> datetime:
    return row.blocked_at + APPEAL_TIME


def answer_until(row: BlockRow) -> datetime | None:
    """Return until when an appeal has to be answered; None where there is none."""
    return None if row.appealed_at is None else row.appealed_at + ANSWER_TIME


def appeal(session: Session, actor: Actor, voucher_id: uuid.UUID, text: str) -> None:
    """Appeal as the holder. Raises NotFoundError for another's voucher, MovedOnError."""
    voucher = queries.locked(session, fetch(session, actor, VoucherRow, voucher_id).id)
    found = open_block(session, voucher.id)
    if found is None or not can_appeal(found):
        raise MovedOnError
    found.appeal, found.appealed_at = text, clock.now()
    session.add(found)
    session.flush()


def answer(session: Session, actor: Actor, serial: str, *, upheld: bool, text: str) -> None:
    """Answer an appeal; if it is right, the voucher pays again at once.

    Raises ForbiddenError for the holder, for who took part in the block, and after the 30 days for
    anybody but a round officer; MovedOnError where no appeal waits.
    """
    voucher = queries.locked(session, find(session, serial).id)
    _check_not_own(session, actor, voucher)
    found = open_block(session, voucher.id)
    due = None if found is None else answer_until(found)
    if found is None or due is None or found.answered_at is not None:
        raise MovedOnError
    if actor.account_id in (found.proposed_by, found.blocked_by):
        raise ForbiddenError(
            lazy("You took part in blocking it. Somebody else has to answer the appeal.")
        )
    if clock.now() > due and not actor.has(ROUND_OFFICER):
        raise ForbiddenError(lazy("The 30 days are over. A round officer has to answer now."))
    found.upheld, found.answer = upheld, text
    found.answered_by, found.answered_at = account_of(actor), clock.now()
    session.add(found)
    if upheld:
        _lift(session, voucher, found, text)
    audit.record(session, actor, "voucher.appeal_answered", serial, {"upheld": upheld})


def open_appeals(session: Session) -> Sequence[tuple[BlockRow, VoucherRow]]:
    """Return the appeals that wait for an answer, the oldest first."""
    query = (
        select(BlockRow, VoucherRow)
        .join(VoucherRow, col(VoucherRow.id) == col(BlockRow.voucher_id))
        .where(
            col(BlockRow.appealed_at).is_not(None),
            col(BlockRow.answered_at).is_(None),
            col(BlockRow.lifted_at).is_(None),
        )
        .order_by(col(BlockRow.appealed_at))
    )
    return session.exec(query).all()


def _check_not_own(session: Session, actor: Actor, row: VoucherRow) -> None:
    if session.get_one(ResidentRow, row.resident_id).account_id == actor.account_id:
        raise ForbiddenError(lazy("This is your own voucher. Somebody else has to handle it."))


def _lift(session: Session, voucher: VoucherRow, found: BlockRow, reason: str) -> None:
    found.lifted_because, found.lifted_at = reason, clock.now()
    voucher.state = State.ACTIVE
    if today() > voucher.expires_on:  # it was of no use meanwhile
        voucher.refunded_on = today()
    session.add_all([found, voucher])
    session.flush()
