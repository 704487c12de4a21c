"""The time, asked for in one place so that tests can set it."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """Return the current instant, aware and in UTC."""
    return _source()


def is_system() -> bool:
    """Say whether the time comes from the system, as everywhere but in tests and rehearsals."""
    return _source is _system_time


def use(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` (None: from the system again). For tests and rehearsals."""
    global _source  # noqa: PLW0603 (one clock per process is the point)
    _source = source or _system_time
