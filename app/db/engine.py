"""The engine of this process: SQLite from the wheel (a version without the WAL-reset fault) or
PostgreSQL, each set up so that a change answered "recorded" is on the disk.
"""

from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.pool import ConnectionPoolEntry

WRITE = "minga_write"  # execution option: this transaction may write
BUSY_SECONDS = 10

# The first versions of each line in which two writing connections cannot corrupt a WAL database.
_WAL_SAFE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))

_current: Engine | None = None


def configure(url: str) -> Engine:
    """Make `url` the database of this process; returns its engine."""
    global _current  # noqa: PLW0603 (one deployment, one database)
    if _current is not None:
        _current.dispose()
    _current = make_engine(url)
    return _current


def current() -> Engine:
    """Return the engine; raises RuntimeError before `configure`."""
    if _current is None:
        raise RuntimeError("app.db.engine.configure(url) has not been called")
    return _current


def is_sqlite(engine: Engine | None = None) -> bool:
    return (engine or current()).dialect.name == "sqlite"


def sqlite_path(engine: Engine | None = None) -> Path:
    """Return the file of an SQLite database."""
    return Path(str((engine or current()).url.database))


def make_engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return _postgresql_engine(url)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Say whether write-ahead logging is safe in this SQLite (faulty: 3.7.0 to 3.51.2).

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 50, 8)), wal_is_safe((3, 53, 4))
    (False, True, True)
    """
    newest = _WAL_SAFE[0]
    return version >= newest or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in _WAL_SAFE
    )


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        module=sqlite,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    journal = "WAL" if wal_is_safe(sqlite.sqlite_version_info) else "TRUNCATE"

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see below
        for pragma in (
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # INSERT OR REPLACE must not slip past a delete trigger
            "secure_delete=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        # A write transaction takes its lock at once: no deadlock halfway.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: str) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=22,
        connect_args={
            "prepare_threshold": None,
            "options": "-c timezone=UTC -c statement_timeout=10s -c lock_timeout=5s "
            "-c idle_in_transaction_session_timeout=30s",
        },
    )
