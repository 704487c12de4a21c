"""The shape of the database: which revision it has, and bringing it to the newest."""

from collections.abc import Callable
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db import engine as engines
from app.errors import UserFacingError
from app.paths import PACKAGE


class SchemaError(UserFacingError):
    """The database is not at the revision that this program was written for."""

    code = "schema"


def config() -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(PACKAGE / "db" / "migrations"))
    alembic.set_main_option("path_separator", "os")
    return alembic


@cache
def head() -> str:
    """Return the newest revision this program knows: all revisions are read to find it, once."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def revision(engine: Engine | None = None) -> str | None:
    """Return the revision, None for an empty database; SchemaError if it cannot be opened."""
    try:
        with _writable(engine).connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise SchemaError(
            f"The database cannot be opened ({reason}). "
            "Check DATABASE_URL, and that its server runs or its folder is there."
        ) from error


def upgrade(engine: Engine | None = None, to: str = "head") -> None:
    """Apply the revisions up to `to`, all or none. Raises SchemaError for an unknown revision."""
    _run(engine, lambda alembic: command.upgrade(alembic, to))


def downgrade(engine: Engine | None = None, to: str = "base") -> None:
    """Take revisions back down to `to`; for tests of the revisions."""
    _run(engine, lambda alembic: command.downgrade(alembic, to))


def check(engine: Engine | None = None) -> None:
    """Raise SchemaError unless the database is at the newest revision."""
    found = revision(engine)
    if found is None:
        raise SchemaError("The database is empty. Run `minga db upgrade` first.")
    if found != head():
        raise SchemaError(
            f"The database has revision {found}, this program needs {head()}. "
            "Run `minga db upgrade`, or install the version of Minga that belongs to the database."
        )


def _run(engine: Engine | None, act: Callable[[Config], None]) -> None:
    alembic = config()
    with _writable(engine).begin() as connection:
        if not engines.is_sqlite(engine):
            # Changing tables may wait for readers and take longer than a page may.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        alembic.attributes["connection"] = connection
        try:
            act(alembic)
        except CommandError as error:
            raise SchemaError(
                f"The database cannot be upgraded: {error}. "
                "It may belong to a newer Minga: install that version."
            ) from error


def _writable(engine: Engine | None) -> Engine:
    return (engine or engines.current()).execution_options(**{engines.WRITE: True})
