"""The record of what staff did: written in the same transaction as the act."""

from typing import Any

from sqlmodel import Session, select

from app import clock
from app.accounts.models import AuditRow
from app.policy import Actor


def record(
    session: Session, actor: Actor, action: str, subject: str, details: dict[str, Any] | None = None
) -> None:
    """Add a line. Never called for signing in to vote, or for anything on a ballot."""
    session.add(
        AuditRow(
            at=clock.now(),
            actor_id=actor.account_id,
            action=action,
            subject=subject,
            details=details or {},
        )
    )


def is_recorded(session: Session, action: str) -> bool:
    """Say whether something like this has ever been done."""
    return session.exec(select(AuditRow.id).where(AuditRow.action == action)).first() is not None
