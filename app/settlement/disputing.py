"""Disputes: a holder or a provider says that a payment is not right, and a person decides.

A dispute stops its own redemption and nothing else. When it is upheld, the money goes back to the
voucher at once, by a transfer that cites the payment.
"""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app import clock
from app.accounts import audit
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.policy import Actor, account_of
from app.providers.days import today
from app.providers.queries import role_of
from app.settlement import queries, rules
from app.settlement.models import DisputeRow
from app.settlement.rules import DisputeSide, DisputeState
from app.settlement.service import check_untied
from app.vouchers import paying, returning
from app.vouchers import queries as vouchers
from app.vouchers.models import RedemptionRow, ResidentRow, VoucherRow


def may_raise(session: Session, row: RedemptionRow) -> bool:
    """Say whether a payment can be disputed now: in its seven days, and once."""
    known = queries.dispute_about(session, row.id)
    return (
        rules.may_dispute(row.taken_on, today())
        and (known is None or known.state == DisputeState.WITHDRAWN)
        and queries.line_paying(session, row.id) is None
        and paying.standing_minor(session, row) > 0
    )


def open_dispute(
    session: Session, actor: Actor, redemption_id: uuid.UUID, *, reason: str
) -> DisputeRow:
    """Dispute a payment as its holder or for its provider, up to seven days after the service.

    Raises NotFoundError for who is neither, ConflictError when it is too late or was disputed.
    """
    row = session.get(RedemptionRow, redemption_id)
    side = None if row is None else _side(session, actor, row)
    if row is None or side is None:
        raise NotFoundError(lazy("There is no such payment. Look at your payments again."))
    vouchers.locked(session, row.voucher_id)
    if not may_raise(session, row):
        raise ConflictError(
            lazy(
                "This payment cannot be disputed: more than seven days have passed, it was "
                "disputed before, or it was taken back. Ask the town hall for help."
            )
        )
    dispute = DisputeRow(
        redemption_id=row.id,
        side=side,
        reason=reason,
        raised_by=account_of(actor),
        raised_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(dispute)
    except IntegrityError:
        raise ConflictError(
            lazy("Somebody disputes this payment already. Nothing was changed.")
        ) from None
    audit.record(session, actor, "dispute.opened", str(dispute.id), {"side": side})
    return dispute


def withdraw(session: Session, actor: Actor, dispute_id: uuid.UUID) -> None:
    """Take one's own dispute back. Raises NotFoundError for another's, ConflictError if decided."""
    dispute = _held(session, dispute_id)
    if dispute.raised_by != actor.account_id:
        raise NotFoundError(lazy("There is no such dispute. Look at your payments again."))
    _end(session, actor, dispute, DisputeState.WITHDRAWN, "")


def decide(
    session: Session, actor: Actor, dispute_id: uuid.UUID, *, back_minor: int, answer: str
) -> DisputeRow:
    """Decide with a reason that both sides read: `back_minor` goes back to the voucher; 0: no.

    Raises InvalidError for more than stands of the payment, ForbiddenError for who is the holder,
    belongs to the organisation or raised it.
    """
    dispute = _held(session, dispute_id)
    row = session.get_one(RedemptionRow, dispute.redemption_id)
    check_untied(session, actor, row.provider_id)
    if actor.account_id == dispute.raised_by or _is_holder(session, actor, row):
        raise ForbiddenError(lazy("This is about yourself. Somebody else has to decide it."))
    vouchers.locked_now(session, row.voucher_id)
    standing = paying.standing_minor(session, row)
    if not 0 <= back_minor <= standing:
        raise InvalidError(
            lazy("No more than what was paid can go back. Enter the payment or less.")
        )
    if back_minor:
        returning.give_back(session, row, back_minor, actor=str(account_of(actor)))
        dispute.back_minor = back_minor
    state = DisputeState.UPHELD if back_minor else DisputeState.REJECTED
    _end(session, actor, dispute, state, answer)
    return dispute


def _side(session: Session, actor: Actor, row: RedemptionRow) -> DisputeSide | None:
    if _is_holder(session, actor, row):
        return DisputeSide.HOLDER
    role = role_of(session, row.provider_id, actor.account_id)
    return DisputeSide.PROVIDER if role is not None else None


def _is_holder(session: Session, actor: Actor, row: RedemptionRow) -> bool:
    voucher = session.get_one(VoucherRow, row.voucher_id)
    holder = session.get_one(ResidentRow, voucher.resident_id)
    return actor.account_id is not None and holder.account_id == actor.account_id


def _held(session: Session, dispute_id: uuid.UUID) -> DisputeRow:
    query = select(DisputeRow).where(DisputeRow.id == dispute_id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFoundError(lazy("There is no such dispute. Look at the list again."))
    if row.state != DisputeState.OPEN:
        raise ConflictError(
            lazy("This dispute has been decided or withdrawn. Nothing was changed.")
        )
    return row


def _end(session: Session, actor: Actor, row: DisputeRow, state: DisputeState, answer: str) -> None:
    row.state, row.answer = state, answer
    row.decided_by, row.decided_at = account_of(actor), clock.now()
    session.add(row)
    session.flush()
    audit.record(session, actor, f"dispute.{state}", str(row.id))
