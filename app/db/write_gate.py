"""One writer at a time on SQLite, in turn: without it one of 64 processes waits half a minute."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import lazy_gettext as lazy

from app.db.queue_lock import QueueLock
from app.errors import BusyError

WAIT_SECONDS_MAX = 10.0
_POLL_SECONDS = 0.002

_in_process = QueueLock()


@contextmanager
def write_gate(database: Path) -> Iterator[None]:
    """Hold the gate of this database file; raises BusyError after ten seconds of waiting."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    if not _in_process.acquire(timeout=WAIT_SECONDS_MAX):
        raise busy()
    try:
        with Path(f"{database}.write.lock").open("w") as lock:
            _take_file_lock(lock.fileno(), deadline)
            yield  # closing the file gives the lock back
    finally:
        _in_process.release()


def _take_file_lock(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise busy() from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def busy() -> BusyError:
    """Return the refusal for a change that the database could not take in time."""
    return BusyError(lazy("The service is busy. Nothing was changed. Try again in a minute."))
