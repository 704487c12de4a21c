"""The nightly run over all vouchers: when it comes, and what it does."""

from sqlmodel import Session

from app.jobs import service as jobs

JOB = "voucher.night"
HOUR = 3
"""In UTC, every night."""


def plan(session: Session) -> None:
    """Queue the next night's run, once. Called where vouchers come into the world."""
    jobs.add_nightly(session, JOB, hour=HOUR)
