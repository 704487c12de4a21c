"""Deciding about a request: one officer writes the decision, another agrees, then money moves.

The pool's balance is guarded by the ledger's conditional update: of two grants at once that it
cannot both bear, one is refused as a whole.
"""

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock, i18n
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.errors import InsufficientError
from app.policy import ROUND_OFFICER, Actor, account_of
from app.pool import asking, queries, rules
from app.pool.models import PoolRequestRow
from app.pool.rules import State
from app.programmes.models import ProgrammeRow
from app.providers.days import today
from app.vouchers import queries as vouchers
from app.vouchers.models import ResidentRow, VoucherRow

GRANT = "pool.grant"


def propose(
    session: Session, actor: Actor, request_id: uuid.UUID, *, granted_minor: int, reason: str
) -> None:
    """Write down what is to be granted, 0 for nothing; it counts when another officer agrees.

    Raises ForbiddenError for one's own request, InvalidError for more than was asked for or than
    the pool holds, MovedOnError for what was decided or withdrawn.
    """
    row = asking.hold(session, request_id, State.SENT)
    _check_not_own(session, actor, row)
    programme = session.get_one(ProgrammeRow, row.programme_id)
    most = rules.possible_minor(row.amount_minor or 0, queries.pool(session, programme).holds_minor)
    if granted_minor > most:
        raise InvalidError(
            _(
                "At most %(most)s can be granted: no more than was asked for, nor than the pool "
                "holds.",
                most=i18n.money(most, programme.unit),
            )
        )
    payload = {"granted_minor": granted_minor, "reason": reason}
    approvals.propose(session, actor, GRANT, str(row.id), payload)


def target(session: Session, row: PoolRequestRow) -> VoucherRow | None:
    """Return the voucher to which a grant goes: in use, the one that ends last; None without."""
    found = queries.vouchers(session, row.resident_id, row.programme_id)
    return next((one for one in found if queries.is_usable(one, today())), None)


def _describe(session: Session, approval: ApprovalRow) -> str:
    row = session.get_one(PoolRequestRow, uuid.UUID(approval.subject))
    programme = session.get_one(ProgrammeRow, row.programme_id)
    granted_minor = approval.payload["granted_minor"]
    if not granted_minor:
        sentence = _(
            "Grant nothing from the pool of “%(name)s”. Reason: %(reason)s",
            name=programme.name,
            reason=approval.payload["reason"],
        )
        return str(sentence)
    sentence = _(
        "Grant %(amount)s from the pool of “%(name)s”; %(asked)s was asked for. Reason: %(reason)s",
        amount=i18n.money(granted_minor, programme.unit),
        asked=i18n.money(row.amount_minor or 0, programme.unit),
        name=programme.name,
        reason=approval.payload["reason"],
    )
    return str(sentence)


@approvals.act(GRANT, roles=frozenset({ROUND_OFFICER}), describe=_describe)
def grant(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Decide a request as it was written down, and move what is granted to the voucher."""
    row = asking.hold(session, uuid.UUID(approval.subject), State.SENT)
    _check_not_own(session, actor, row)
    granted_minor = int(approval.payload["granted_minor"])
    if granted_minor:
        _move(session, row, granted_minor, by=f"account/{account_of(actor)}")
    row.state, row.decided_at, row.words = State.DECIDED, clock.now(), ""
    row.granted_minor, row.reason = granted_minor, approval.payload["reason"]
    row.decided_by, row.confirmed_by = approval.proposed_by, account_of(actor)
    session.add(row)
    audit.record(session, actor, "pool.decided", str(row.id), {"granted_minor": granted_minor})


def _move(session: Session, row: PoolRequestRow, amount_minor: int, *, by: str) -> None:
    voucher = target(session, row)
    if voucher is None:
        raise ConflictError(
            lazy("The resident has no voucher in use any more. Nothing was granted.")
        )
    voucher = vouchers.locked(session, voucher.id)
    if not queries.is_usable(voucher, today()):
        raise asking.MovedOnError
    try:
        ledger.post(
            session,
            TransferKind.GRANT,
            ledger.account(session, AccountKind.POOL, subject_id=row.programme_id),
            voucher.account_id,
            amount_minor,
            event_id=row.id,
            reference=voucher.serial,
            actor=by,
        )
    except InsufficientError:
        raise ConflictError(
            lazy(
                "The pool does not hold as much any more. Nothing was granted. "
                "Refuse this, then write down a smaller amount."
            )
        ) from None


def _check_not_own(session: Session, actor: Actor, row: PoolRequestRow) -> None:
    holder = session.get_one(ResidentRow, row.resident_id)
    if actor.account_id in (row.account_id, holder.account_id):
        raise ForbiddenError(lazy("This is your own request. Somebody else has to decide it."))
