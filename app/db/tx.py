"""The only way into the database: `run_tx` writes, `read_tx` reads one snapshot."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.db import engine
from app.db.write_gate import busy, write_gate

T = TypeVar("T")

ATTEMPTS_MAX = 8

_LOST_OR_LATE = ("40001", "40P01", "55P03", "57P01")  # serialization, deadlock, lock, shutdown
_open = threading.local()


def run_tx(work: Callable[[Session], T], *, serializable: bool = False) -> T:
    """Run `work` in one transaction; after a conflict roll back and run it again.

    `work` may run several times, so it must touch nothing but its session:
    no mail, no file, no changed argument. Raises BusyError when conflicts persist.
    """
    options: dict[str, object] = {engine.WRITE: True}
    if serializable and not engine.is_sqlite():
        options["isolation_level"] = "SERIALIZABLE"
    with _not_nested():
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                with _gate(), _session(options) as session, session.begin():
                    return work(session)
            except DBAPIError as error:
                if not is_conflict(error):
                    raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 (not a secret)
    raise busy()


def read_tx(work: Callable[[Session], T]) -> T:
    """Run `work` on one unchanging snapshot that cannot be written to."""
    options: dict[str, object] = {engine.WRITE: False}
    if not engine.is_sqlite():
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _not_nested(), _session(options) as session, session.begin():
        return work(session)


def is_conflict(error: DBAPIError) -> bool:
    """Say whether trying again may succeed: another writer was in the way, or a connection died."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _LOST_OR_LATE or state.startswith("08")
    if error.connection_invalidated:
        return True
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _session(options: dict[str, object]) -> Session:
    bind = engine.current().execution_options(**options)
    return Session(bind, expire_on_commit=False)


@contextmanager
def _gate() -> Iterator[None]:
    with write_gate(engine.sqlite_path()) if engine.is_sqlite() else nullcontext():
        yield


@contextmanager
def _not_nested() -> Iterator[None]:
    if getattr(_open, "now", False):
        raise RuntimeError("a transaction is already open: pass its session instead")
    _open.now = True
    try:
        yield
    finally:
        _open.now = False
