"""Acts of two officers: one proposes, another decides, and the act runs in that transaction.

A feature registers its act with `@act("round.open", subject=..., roles=...)`; the function gets
the session and the approval and does the work, or raises a UserFacingError and nothing happens.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.accounts.models import ApprovalRow, ApprovalState
from app.errors import ConflictError, ForbiddenError, Lead, NotFoundError
from app.policy import Actor, account_of, object_rule

LASTS = timedelta(days=14)
DECISIONS = Lead(lazy("Decisions of two people"), "admin.decisions")

Run = Callable[[Session, ApprovalRow, Actor], None]
Describe = Callable[[Session, ApprovalRow], str]


@dataclass(frozen=True)
class Act:
    """What an approval does. `describe` gives the sentence that the second officer reads."""

    action: str
    roles: frozenset[str]
    run: Run
    describe: Describe


_acts: dict[str, Act] = {}


def act(action: str, *, roles: frozenset[str], describe: Describe) -> Callable[[Run], Run]:
    """Declare the function that an approved `action` runs, and who may propose and decide it."""

    def declare(run: Run) -> Run:
        _acts[action] = Act(action, roles, run, describe)
        return run

    return declare


def propose(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    payload: dict[str, Any],
    *,
    reason: str = "",
) -> ApprovalRow:
    """Ask for a second person. Raises ConflictError when the same act already waits."""
    _check_role(actor, action)
    expire(session)
    row = ApprovalRow(
        action=action,
        subject=subject,
        payload=payload,
        payload_hash=_digest(payload),
        reason=reason,
        proposed_by=account_of(actor),
        proposed_at=clock.now(),
        expires_at=clock.now() + LASTS,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise ConflictError(
            lazy(
                "This already waits for a second person. Nothing was changed. "
                "See it under “Waiting for a second person”."
            ),
            lead=DECISIONS,
        ) from None
    audit.record(session, actor, f"{action}.proposed", subject, {"approval": str(row.id)})
    return row


def approve(session: Session, actor: Actor, approval_id: uuid.UUID) -> ApprovalRow:
    """Decide yes: the act runs now, in this transaction, or nothing happens at all."""
    row = pending(session, approval_id)
    _check_role(actor, row.action)
    if row.proposed_by == actor.account_id:
        raise ForbiddenError(
            lazy("You proposed this yourself. A second person has to decide about it."),
            lead=DECISIONS,
        )
    if row.payload_hash != _digest(row.payload):
        raise ConflictError(
            lazy("What was proposed has been changed. Withdraw it and ask again."), lead=DECISIONS
        )
    row.state = ApprovalState.APPROVED
    row.decided_by = account_of(actor)
    row.decided_at = clock.now()
    session.add(row)
    session.flush()
    _acts[row.action].run(session, row, actor)
    audit.record(session, actor, f"{row.action}.approved", row.subject, {"approval": str(row.id)})
    return row


def refuse(session: Session, actor: Actor, approval_id: uuid.UUID) -> ApprovalRow:
    """Decide no, or take one's own proposal back."""
    row = pending(session, approval_id)
    _check_role(actor, row.action)
    own = row.proposed_by == actor.account_id
    row.state = ApprovalState.WITHDRAWN if own else ApprovalState.REFUSED
    row.decided_by = account_of(actor)
    row.decided_at = clock.now()
    session.add(row)
    audit.record(
        session, actor, f"{row.action}.{row.state}", row.subject, {"approval": str(row.id)}
    )
    return row


def pending(session: Session, approval_id: uuid.UUID) -> ApprovalRow:
    """Load a proposal that still waits, holding its row. Raises if it is decided or too old."""
    held = select(ApprovalRow).where(ApprovalRow.id == approval_id).with_for_update()
    # Who asked whether they may see it has it loaded already, perhaps as it was before.
    row = session.exec(held.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFoundError(
            lazy("There is no such proposal. It may be from another database."), lead=DECISIONS
        )
    if not is_open(row):
        raise ConflictError(
            lazy("This has already been decided, or it waited too long. Nothing was changed."),
            lead=DECISIONS,
        )
    return row


def is_open(row: ApprovalRow) -> bool:
    """Say whether a proposal still waits for its second person."""
    return row.state == ApprovalState.PENDING and row.expires_at > clock.now()


def waiting(session: Session, actor: Actor) -> list[ApprovalRow]:
    """Return what waits for a decision that this person's roles allow, oldest first."""
    query = (
        select(ApprovalRow)
        .where(
            col(ApprovalRow.action).in_(actions_of(actor)),
            ApprovalRow.state == ApprovalState.PENDING,
            col(ApprovalRow.expires_at) > clock.now(),
        )
        .order_by(col(ApprovalRow.proposed_at))
    )
    return list(session.exec(query).all())


def actions_of(actor: Actor) -> list[str]:
    """Return the acts that this person may propose and decide."""
    return [action for action, known in _acts.items() if actor.has(*known.roles)]


@object_rule(ApprovalRow)
def _may_see(_session: Session, actor: Actor, row: ApprovalRow) -> bool:
    return row.action in actions_of(actor)


def pending_for(session: Session, action: str, subject: str) -> ApprovalRow | None:
    """Return the proposal of this act on this subject that waits, if there is one."""
    return session.exec(
        select(ApprovalRow).where(
            ApprovalRow.action == action,
            ApprovalRow.subject == subject,
            ApprovalRow.state == ApprovalState.PENDING,
            col(ApprovalRow.expires_at) > clock.now(),
        )
    ).first()


def last_approved(session: Session, action: str, subject: str) -> ApprovalRow | None:
    """Return the newest proposal of this act on this subject that was approved and done."""
    query = select(ApprovalRow).where(
        ApprovalRow.action == action,
        ApprovalRow.subject == subject,
        ApprovalRow.state == ApprovalState.APPROVED,
    )
    return session.exec(query.order_by(col(ApprovalRow.decided_at).desc())).first()


def describe(session: Session, row: ApprovalRow) -> str:
    """Say in a sentence what approving this would do."""
    return _acts[row.action].describe(session, row)


def expire(session: Session) -> None:
    """Close proposals that waited too long, so that they can be made again."""
    late = select(ApprovalRow).where(
        ApprovalRow.state == ApprovalState.PENDING, col(ApprovalRow.expires_at) <= clock.now()
    )
    for row in session.exec(late).all():
        row.state = ApprovalState.EXPIRED
        session.add(row)


def _check_role(actor: Actor, action: str) -> None:
    if not actor.has(*_acts[action].roles):
        raise ForbiddenError(_("Your account may not do this. Ask an administrator."))


def _digest(payload: dict[str, Any]) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
