"""Forgetting: income, ages and documents go when nobody can appeal any more.

What stays is the value, the digests of parameters and documents, and the decision.
"""

import uuid
from datetime import timedelta

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app import clock
from app.entitlements import rules
from app.entitlements.models import AppealRow, ApplicationFileRow, ApplicationRow, MemberRow
from app.entitlements.rules import State
from app.jobs import service as jobs

JOB = "care.forget"
HOUR = 2
"""In UTC, every night."""


def plan(session: Session) -> None:
    """Queue the next night's run, once."""
    jobs.add_nightly(session, JOB, hour=HOUR)


def due(session: Session) -> list[uuid.UUID]:
    """Return the applications whose income and documents are not needed any more."""
    last = clock.now() - timedelta(days=rules.APPEAL_DAYS)
    appealed = select(AppealRow.application_id).where(
        or_(col(AppealRow.answered_at).is_(None), col(AppealRow.answered_at) > last)
    )
    query = select(ApplicationRow.id).where(
        col(ApplicationRow.forgotten_at).is_(None),
        or_(
            col(ApplicationRow.state) == State.WITHDRAWN,
            (col(ApplicationRow.state) == State.DECIDED) & (col(ApplicationRow.decided_at) < last),
        ),
        col(ApplicationRow.id).not_in(appealed),
    )
    return list(session.exec(query).all())


def documents(session: Session, application_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the documents of an application, whose bytes go first."""
    query = select(ApplicationFileRow.id).where(ApplicationFileRow.application_id == application_id)
    return list(session.exec(query).all())


def forget(session: Session, application_id: uuid.UUID) -> None:
    """Empty what an application says of income and ages; a withdrawn one also forgets its area."""
    session.exec(
        update(MemberRow).where(col(MemberRow.application_id) == application_id).values(age=None)
    )
    session.exec(
        update(ApplicationRow)
        .where(col(ApplicationRow.id) == application_id)
        .values(age=None, income_minor=None, arithmetic={}, forgotten_at=clock.now())
    )
    session.exec(
        update(ApplicationRow)
        .where(
            col(ApplicationRow.id) == application_id,
            col(ApplicationRow.granted).is_not(True),
        )
        .values(area_id=None)
    )
