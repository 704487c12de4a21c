"""The nightly run over all vouchers: when it comes, and what it does."""

from datetime import UTC, datetime, time, timedelta

from sqlmodel import Session

from app import clock
from app.jobs import service as jobs

JOB = "voucher.night"
HOUR = 3
"""In UTC, every night."""


def plan(session: Session) -> None:
    """Queue the next night's run, once. Called where vouchers come into the world."""
    now = clock.now()
    night = datetime.combine(now.date(), time(HOUR), UTC)
    if night <= now:
        night += timedelta(days=1)
    jobs.add(session, JOB, dedupe_key=f"{JOB}:{night.date()}", run_after=night)
