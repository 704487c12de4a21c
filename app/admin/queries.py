"""Reading what staff did: the audit trail, and past decisions."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.accounts.models import ApprovalRow, ApprovalState, AuditRow

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 100_000
DECIDED_SHOWN = 30
NEWEST_FIRST = (col(AuditRow.at).desc(), col(AuditRow.id).desc())


@dataclass(frozen=True)
class AuditFilter:
    """Which lines to show; an empty part does not narrow."""

    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def audit_page(session: Session, wanted: AuditFilter, page: int) -> tuple[list[AuditRow], int]:
    """Return one page of lines, newest first, and how many pages there are."""
    conditions = _conditions(wanted)
    number = session.exec(select(func.count()).select_from(AuditRow).where(*conditions)).one()
    query = select(AuditRow).where(*conditions).order_by(*NEWEST_FIRST)
    rows = session.exec(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return list(rows), max(1, -(-number // PAGE_SIZE))


def audit_lines(session: Session, wanted: AuditFilter) -> list[AuditRow]:
    """Return all lines for an export, newest first."""
    query = select(AuditRow).where(*_conditions(wanted)).order_by(*NEWEST_FIRST)
    return list(session.exec(query.limit(EXPORT_ROWS_MAX)).all())


def audit_actions(session: Session) -> list[str]:
    """Return the kinds of acts that the trail knows."""
    return sorted(session.exec(select(AuditRow.action).distinct()).all())


def proposed_by(session: Session, account_id: uuid.UUID) -> list[ApprovalRow]:
    """Return what this person asked for and nobody has decided."""
    query = select(ApprovalRow).where(
        ApprovalRow.proposed_by == account_id, ApprovalRow.state == ApprovalState.PENDING
    )
    return list(session.exec(query.order_by(col(ApprovalRow.proposed_at))).all())


def decided(session: Session, actions: list[str]) -> list[ApprovalRow]:
    """Return the last decisions about these acts, newest first."""
    query = (
        select(ApprovalRow)
        .where(
            ApprovalRow.state != ApprovalState.PENDING,
            col(ApprovalRow.action).in_(actions),
        )
        .order_by(col(ApprovalRow.proposed_at).desc())
        .limit(DECIDED_SHOWN)
    )
    return list(session.exec(query).all())


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.action:
        conditions.append(col(AuditRow.action) == wanted.action)
    if wanted.subject:
        conditions.append(col(AuditRow.subject).contains(wanted.subject, autoescape=True))
    if wanted.since is not None:
        conditions.append(col(AuditRow.at) >= wanted.since)
    if wanted.until is not None:
        conditions.append(col(AuditRow.at) < wanted.until)
    return conditions
