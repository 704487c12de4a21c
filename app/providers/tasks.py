"""The nightly job of accreditations."""

from functools import partial

from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.providers import nights
from app.providers.days import today


@handler(nights.JOB)
def work(job: RunningJob) -> None:
    """Remind and expire to the end; a run that was killed is gone on with where it stopped."""
    job.write(nights.plan)
    on = today()
    for step in (nights.remind_some, nights.expire_some):
        while job.write(partial(step, on=on)):
            pass
