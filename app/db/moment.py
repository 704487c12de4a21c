"""The time as the database has it, so that all machines of a deployment agree on it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from app import clock
from app.db import engine


def now(session: Session) -> datetime:
    """Return the instant of this very statement, not of the transaction's beginning.

    With SQLite the database is on this machine; a clock set by a test holds everywhere.
    """
    if engine.is_sqlite() or not clock.is_system():
        return clock.now()
    moment: datetime = session.connection().execute(select(func.clock_timestamp())).scalar_one()
    return moment
