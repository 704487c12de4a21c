"""Suspending an accreditation, lifting that and ending it: two people, a reason, its days kept.

Source: sections 7 and 10 of the specification of vouchers.
"""

import uuid
from datetime import date

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.errors import InvalidError
from app.policy import CLERK, ROUND_OFFICER, Actor, account_of
from app.providers import queries
from app.providers.criteria import State
from app.providers.days import today
from app.providers.models import AccreditationRow, ProviderRow, SuspensionRow
from app.providers.service import MovedOnError, hold_untied, move

SUSPEND, LIFT, END = "accreditation.suspend", "accreditation.lift", "accreditation.end"
ACTS = (SUSPEND, LIFT, END)
OFFICERS = frozenset({CLERK, ROUND_OFFICER})
_BEFORE = {
    SUSPEND: frozenset({State.ACCREDITED}),
    LIFT: frozenset({State.SUSPENDED}),
    END: frozenset({State.ACCREDITED, State.SUSPENDED}),
}


def propose(
    session: Session, actor: Actor, act: str, accreditation_id: uuid.UUID, reason: str
) -> ApprovalRow:
    """Ask a second person for an act of `ACTS`. Raises MovedOnError where it is none to do."""
    row = _held(session, actor, act, accreditation_id)
    if not reason.strip():
        raise InvalidError(_("Write the reason, in words that the organisation understands."))
    return approvals.propose(
        session, actor, act, str(row.id), {"version": row.version}, reason=reason
    )


def waiting(session: Session, accreditation_id: uuid.UUID) -> ApprovalRow | None:
    """Return the act on this accreditation that waits for its second person."""
    found = (approvals.pending_for(session, act, str(accreditation_id)) for act in ACTS)
    return next((one for one in found if one is not None), None)


def suspensions(session: Session, accreditation_id: uuid.UUID) -> list[SuspensionRow]:
    """Return all suspensions that there were, the newest first."""
    query = select(SuspensionRow).where(SuspensionRow.accreditation_id == accreditation_id)
    return list(session.exec(query.order_by(col(SuspensionRow.id).desc())).all())


def _held(
    session: Session, actor: Actor, act: str, accreditation_id: uuid.UUID
) -> AccreditationRow:
    row = hold_untied(session, actor, accreditation_id)
    if row.state not in _BEFORE[act]:
        raise MovedOnError
    return row


def _describe(session: Session, approval: ApprovalRow) -> str:
    row = queries.accreditation(session, uuid.UUID(approval.subject))
    name = session.get_one(ProviderRow, row.provider_id).name
    sentences = {
        SUSPEND: _("Suspend “%(name)s”: from that moment on it takes no vouchers.", name=name),
        LIFT: _("End the suspension of “%(name)s”: it takes vouchers again.", name=name),
        END: _(
            "End the accreditation of “%(name)s” with that day. It takes no vouchers after it.",
            name=name,
        ),
    }
    return str(sentences[approval.action])


@approvals.act(SUSPEND, roles=OFFICERS, describe=_describe)
def suspend(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Stop new redemptions at once; confirmed ones are settled as ever."""
    row = _held(session, actor, SUSPEND, uuid.UUID(approval.subject))
    row.suspended_on = today()
    move(session, actor, row, State.SUSPENDED, approval.reason)
    session.add(
        SuspensionRow(
            accreditation_id=row.id,
            first_on=row.suspended_on,
            reason=approval.reason,
            asked_by=approval.proposed_by,
            decided_by=account_of(actor),
        )
    )
    _record(session, actor, row, "suspended")


@approvals.act(LIFT, roles=OFFICERS, describe=_describe)
def lift(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Take vouchers again from today on; the days in between stay on record."""
    row = _held(session, actor, LIFT, uuid.UUID(approval.subject))
    row.suspended_on = None
    move(session, actor, row, State.ACCREDITED, approval.reason)
    _close_suspension(session, row, today())
    _record(session, actor, row, "lifted")


@approvals.act(END, roles=OFFICERS, describe=_describe)
def end(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """End an accreditation with today; booked visits run off for 30 days."""
    row = _held(session, actor, END, uuid.UUID(approval.subject))
    row.ended_on = today()
    move(session, actor, row, State.ENDED, approval.reason)
    _record(session, actor, row, "ended")


def _close_suspension(session: Session, row: AccreditationRow, lifted_on: date) -> None:
    for one in suspensions(session, row.id):
        if one.lifted_on is None:
            one.lifted_on = lifted_on
            session.add(one)


def _record(session: Session, actor: Actor, row: AccreditationRow, act: str) -> None:
    audit.record(session, actor, f"accreditation.{act}", str(row.id))
