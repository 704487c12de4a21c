"""The nightly run over accreditations: reminders of the renewal, and the end of what is over."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.jobs import service as jobs
from app.providers import criteria, notices
from app.providers.criteria import State
from app.providers.models import AccreditationRow, ProviderRow
from app.providers.service import move

JOB = "provider.night"
HOUR = 2
"""In UTC, every night."""
CHUNK = 100


def plan(session: Session) -> None:
    """Queue the next night's run, once. Called where accreditations come into force."""
    jobs.add_nightly(session, JOB, hour=HOUR)


def remind_some(session: Session, on: date) -> int:
    """Remind managers of up to 100 accreditations, each once at 90, 60 and 30 days."""
    first = max(criteria.REMINDER_DAYS)
    query = _granted().where(
        col(AccreditationRow.valid_to) >= on,
        col(AccreditationRow.valid_to) <= on + timedelta(days=first),
    )
    done = 0
    for row, provider in session.exec(query).all():
        days = criteria.reminder(row.valid_to, on) if row.valid_to else None
        if days is None or (row.reminded_days is not None and row.reminded_days <= days):
            continue
        row.reminded_days = days
        session.add(row)
        notices.ends_soon(session, provider, row, days)
        done += 1
        if done == CHUNK:
            break
    return done


def expire_some(session: Session, on: date) -> int:
    """Note of up to 100 accreditations that their last day is over; nobody does this by hand."""
    query = _granted().where(col(AccreditationRow.valid_to) < on).limit(CHUNK)
    rows = session.exec(query).all()
    for row, provider in rows:
        move(session, None, row, State.EXPIRED)
        notices.expired(session, provider)
    return len(rows)


def _granted() -> Any:  # a query of two tables
    return (
        select(AccreditationRow, ProviderRow)
        .join(ProviderRow, col(ProviderRow.id) == col(AccreditationRow.provider_id))
        .where(col(AccreditationRow.state).in_(criteria.GRANTED))
        .order_by(col(AccreditationRow.id))
        .with_for_update(of=AccreditationRow)
    )
