"""A job in the hands of its worker: its arguments, its progress, its fenced writes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlmodel import Session

from app import clock
from app.db import run_tx
from app.jobs import service
from app.jobs.models import JobRow

T = TypeVar("T")
HEARTBEAT_SECONDS = 10


class LostJobError(Exception):
    """Another worker has taken this job over; this one must stop and change nothing."""


class RunningJob:
    def __init__(self, row: JobRow) -> None:
        self.id: uuid.UUID = row.id
        self.args: dict[str, Any] = row.args
        self.attempt = row.attempt
        self._fence = row.fence

    def progress(self, step: str, percent: int) -> None:
        """Show how far the work is: a sentence for people and per cent done."""
        self.write(lambda session: self._mark(session, step=step, progress=percent))

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that holds only while this worker holds the job."""

        def fenced(session: Session) -> T:
            self._mark(session)
            return work(session)

        return run_tx(fenced)

    @contextmanager
    def heartbeat(self) -> Iterator[None]:
        """Keep saying "still alive" while the work goes on."""
        stop = threading.Event()
        beat = threading.Thread(target=self._beat, args=(stop,), daemon=True)
        beat.start()
        try:
            yield
        finally:
            stop.set()
            beat.join()

    def _beat(self, stop: threading.Event) -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            try:
                run_tx(self._mark)
            except LostJobError:
                return

    def _mark(self, session: Session, **values: Any) -> None:
        values["heartbeat_at"] = clock.now()
        if not service.update_fenced(session, self.id, self._fence, **values):
            raise LostJobError(str(self.id))
