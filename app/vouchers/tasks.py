"""The nightly job: visits that nobody recorded, reminding, ending what nobody spent in time."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.providers.days import today
from app.vouchers import booking, expiring, nights, notices

Step = Callable[[Session, date], int]
STEPS: tuple[Step, ...] = (
    booking.lapse_some,
    notices.send_some,
    expiring.expire_some,
    expiring.lapse_some,
)
"""Each does a part in a transaction of its own and returns 0 when nothing is left to do."""


@handler(nights.JOB)
def work(job: RunningJob) -> None:
    """Do all steps to their end; a run that was killed is gone on with where it stopped."""
    job.write(nights.plan)
    on = today()
    for step in STEPS:
        _to_its_end(job, step, on)


def _to_its_end(job: RunningJob, step: Step, on: date) -> None:
    while job.write(lambda session: step(session, on)):
        pass
