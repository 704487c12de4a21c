"""Adding jobs and claiming them. A job is added in the transaction that gives the reason for it."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app import clock
from app.db import read_tx, run_tx
from app.jobs.models import JobRow, JobState

LOST_AFTER = timedelta(seconds=60)
"""A running job whose heartbeat is older is free for another worker."""


def add(
    session: Session,
    kind: str,
    *,
    dedupe_key: str,
    args: dict[str, Any] | None = None,
    run_after: datetime | None = None,
) -> uuid.UUID:
    """Queue a job once per `dedupe_key`; returns the identifier of the one that is there."""
    there = session.exec(select(JobRow.id).where(JobRow.dedupe_key == dedupe_key)).first()
    if there is not None:
        return there
    now = clock.now()
    row = JobRow(
        kind=kind,
        dedupe_key=dedupe_key,
        args=args or {},
        run_after=run_after or now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def add_nightly(session: Session, kind: str, *, hour: int) -> uuid.UUID:
    """Queue a job for the next time that it is `hour` o'clock in UTC, once."""
    now = clock.now()
    night = datetime.combine(now.date(), time(hour), UTC)
    if night <= now:
        night += timedelta(days=1)
    return add(session, kind, dedupe_key=f"{kind}:{night.date()}", run_after=night)


def find(session: Session, dedupe_key: str) -> JobRow | None:
    """Return the job of this key, in whatever state; None if it was never added."""
    return session.exec(select(JobRow).where(JobRow.dedupe_key == dedupe_key)).first()


def get(job_id: uuid.UUID) -> JobRow | None:
    return read_tx(lambda session: session.get(JobRow, job_id))


def due() -> list[uuid.UUID]:
    """Return the jobs that a worker may claim now, oldest first."""
    now = clock.now()
    query = select(JobRow.id).where(*_claimable(now)).order_by(col(JobRow.created_at)).limit(50)
    return list(read_tx(lambda session: session.exec(query).all()))


def claim(job_id: uuid.UUID) -> JobRow | None:
    """Take a job for this worker, raising its fence; None if another worker was faster."""

    def take(session: Session) -> JobRow | None:
        now = clock.now()
        taken = session.exec(
            update(JobRow)
            .where(col(JobRow.id) == job_id, *_claimable(now))
            .values(
                state=JobState.RUNNING,
                fence=JobRow.fence + 1,
                attempt=JobRow.attempt + 1,
                heartbeat_at=now,
            )
        )
        return session.get(JobRow, job_id) if taken.rowcount == 1 else None

    return run_tx(take)


def update_fenced(session: Session, job_id: uuid.UUID, fence: int, **values: Any) -> bool:
    """Change a job if this worker still holds it; False: another has taken over."""
    done = session.exec(
        update(JobRow).where(col(JobRow.id) == job_id, col(JobRow.fence) == fence).values(**values)
    )
    return bool(done.rowcount == 1)


def _claimable(now: datetime) -> tuple[Any, ...]:
    return (
        col(JobRow.run_after) <= now,
        or_(
            col(JobRow.state) == JobState.QUEUED,
            (col(JobRow.state) == JobState.RUNNING) & (col(JobRow.heartbeat_at) < now - LOST_AFTER),
        ),
    )
