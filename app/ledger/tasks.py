"""The nightly job: sealing what was moved."""

from sqlmodel import Session

from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.ledger import sealing


@handler(sealing.JOB)
def seal(job: RunningJob) -> None:
    """Seal, and see to it that the next night does."""
    job.write(_seal_and_go_on)


def _seal_and_go_on(session: Session) -> None:
    sealing.seal(session)
    sealing.plan(session)
