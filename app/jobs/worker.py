"""Doing jobs: in this process (`inline`, `thread`) or in `minga worker` (`external`).

The job row is the queue (decision 0003): workers look for due rows every second and at a nudge.
"""

import logging
import threading
from collections.abc import Callable

from flask import Flask
from sqlmodel import Session

from app import clock
from app.db import run_tx
from app.errors import UserFacingError
from app.jobs import service
from app.jobs.handlers import handler_of
from app.jobs.models import JobRow, JobState
from app.jobs.running import LostJobError, RunningJob

log = logging.getLogger("minga.jobs")

POLL_SECONDS = 1.0
ATTEMPTS_MAX = 3


def run_due() -> int:
    """Do every job that is due; returns how many were done by this worker."""
    done = 0
    for job_id in service.due():
        row = service.claim(job_id)
        if row is not None:
            _run(row)
            done += 1
    return done


class Worker:
    """Does jobs until stopped; `thread` mode of the web process, and `minga worker`.

    `load` runs before, as before a request: jobs ask which day it is in the town.
    """

    def __init__(self, app: Flask, *, load: Callable[[], None]) -> None:
        self._app = app
        self._load = load
        self._nudge = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self.run, name="minga-jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Look for work now instead of at the next second."""
        self._nudge.set()

    def stop(self) -> None:
        self._stopped.set()
        self._nudge.set()
        if self._thread.is_alive():
            self._thread.join()

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception:
                log.exception("looking for jobs failed")
            self._nudge.wait(POLL_SECONDS)
            self._nudge.clear()

    def look(self) -> None:
        """Do what is due, once."""
        with self._app.app_context():
            self._load()
            run_due()


def _run(row: JobRow) -> None:
    job = RunningJob(row)
    try:
        with job.heartbeat():
            work = handler_of(row.kind)
            if work is None:
                raise LookupError(f"no handler for jobs of kind {row.kind}")  # noqa: TRY301 (ends here)
            work(job)
        job.write(lambda session: _finish(session, row, JobState.DONE, None))
    except LostJobError:
        log.warning("job %s was taken over", row.id)
    except UserFacingError as error:
        sentence = str(error)
        run_tx(lambda session: _finish(session, row, JobState.FAILED, sentence))
    except Exception:
        log.exception("job %s of kind %s failed", row.id, row.kind)
        run_tx(lambda session: _retry_or_fail(session, row))


def _finish(session: Session, row: JobRow, state: JobState, error: str | None) -> None:
    service.update_fenced(
        session,
        row.id,
        row.fence,
        state=state,
        error=error,
        finished_at=clock.now(),
        **({"progress": 100} if state is JobState.DONE else {}),
    )


def _retry_or_fail(session: Session, row: JobRow) -> None:
    if row.attempt < ATTEMPTS_MAX:
        service.update_fenced(session, row.id, row.fence, state=JobState.QUEUED)
    else:
        _finish(session, row, JobState.FAILED, "The work failed three times. See the log.")
