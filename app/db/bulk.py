"""Writing many rows at once, by the fastest way that each engine has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlmodel import Session

from app.db import engine


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns, with every constraint and trigger.

    PostgreSQL copies them in: a statement per row takes it five times as long.
    """
    if not rows:
        return
    if engine.is_sqlite():
        session.connection().execute(insert(table), list(rows))
        return
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    _copy(
        session,
        f'COPY "{table.name}" ({columns}) FROM STDIN',
        ([row[name] for name in names] for row in rows),
    )


def _copy(session: Session, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was closed")
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
