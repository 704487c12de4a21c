"""Sealing transfers: a digest over all rows up to an instant, chained to the seal before.

Whoever keeps a published seal can later show that nothing before it was changed. The bytes of a
row are the same on both engines.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, text
from sqlmodel import Session

from app import clock
from app.db import engine, moment
from app.db.types import Instant
from app.jobs import service as jobs
from app.ledger import queries
from app.ledger.models import SEALS, SealRow

LAG = timedelta(minutes=5)
"""What is younger is not sealed yet: a clock that is set back must not post before a seal."""
JOB = "ledger.seal"
HOUR = 1
"""In UTC: at night in Europe, late in the evening in the Americas."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
CHUNK = 5_000
_SHORT = (
    *("id", "event_id", "kind", "debit_id", "debit_kind", "credit_id", "credit_kind"),
    *("unit", "amount_minor", "reverses_id"),
)
_FREE = ("reference", "actor")


def seal(session: Session, *, lag: timedelta = LAG) -> SealRow | None:
    """Seal the transfers since the last seal; None when there are none. One at a time is made."""
    before = queries.seals(session)
    last = before[-1] if before else None
    until = _quiet_since(session) - lag
    since = last.until_at if last else BEGINNING
    if until <= since:
        return None
    count, digest = digest_of(session, since, until)
    if not count:
        return None
    number = (last.seal_no if last else 0) + 1
    row: dict[str, Any] = {
        "seal_no": number,
        "until_at": until,
        "count": count,
        "rows_sha256": digest,
        "head_sha256": head_of(last.head_sha256 if last else "", number, until, count, digest),
    }
    session.connection().execute(insert(SEALS).values(**row))
    return SealRow(**row)


def plan(session: Session) -> None:
    """Queue the sealing of the coming night, once."""
    now = clock.now()
    at = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    at += timedelta(days=1) if at <= now else timedelta()
    jobs.add(session, JOB, dedupe_key=f"{JOB}:{at.date()}", run_after=at)


def digest_of(session: Session, since: datetime, until: datetime) -> tuple[int, str]:
    """Return number and SHA-256 of the transfers posted from `since` to before `until`."""
    digest, count = hashlib.sha256(), 0
    for line in _lines(session, since, until):
        digest.update(line.encode() + b"\n")
        count += 1
    return count, digest.hexdigest()


def head_of(before: str, seal_no: int, until: datetime, count: int, rows_sha256: str) -> str:
    """Return the digest that a seal publishes: over the head before and all that it says.

    >>> from datetime import UTC, datetime
    >>> head_of("", 1, datetime(2027, 1, 1, tzinfo=UTC), 0, "")[:16]
    'b74203a010c63899'
    """
    said = f"{before}\n{seal_no}\n{until.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}\n{count}\n"
    return hashlib.sha256(f"{said}{rows_sha256}".encode()).hexdigest()


@dataclass(frozen=True)
class BrokenSeal:
    """The first seal that does not fit the transfers or the seal before."""

    seal_no: int
    why: str


def first_broken(session: Session) -> BrokenSeal | None:
    """Compute all seals again; None when each fits. Raises nothing for missing rows."""
    since, head = BEGINNING, ""
    for number, row in enumerate(queries.seals(session), 1):
        if row.seal_no != number:
            return BrokenSeal(number, "is missing")
        if row.head_sha256 != head_of(head, number, row.until_at, row.count, row.rows_sha256):
            return BrokenSeal(number, "does not fit the seal before")
        count, digest = digest_of(session, since, row.until_at)
        if count != row.count:
            return BrokenSeal(number, f"covers {row.count} transfers, there are {count}")
        if digest != row.rows_sha256:
            return BrokenSeal(number, "covers transfers that were changed")
        since, head = row.until_at, row.head_sha256
    return None


def _quiet_since(session: Session) -> datetime:
    """Return an instant before which nothing can be posted any more.

    On SQLite this transaction is the only one that writes. On PostgreSQL others may be under
    way: each posts after its own beginning, so the earliest beginning is the limit.
    """
    now = moment.now(session)
    if engine.is_sqlite() or not clock.is_system():
        return now
    oldest: datetime | None = session.execute(
        text("SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()")
    ).scalar_one()
    return min(now, oldest) if oldest else now


def _lines(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Yield a line for each transfer, in order, put together by the database: that is quick."""
    query = text(
        f"SELECT {_line()} FROM transfer WHERE posted_at >= :since AND posted_at < :until "  # noqa: S608 (own names)
        "ORDER BY posted_at, id"
    ).bindparams(bindparam("since", since, Instant), bindparam("until", until, Instant))
    options = {"stream_results": True, "yield_per": CHUNK}
    yield from session.connection().execute(query, execution_options=options).scalars()


def _line() -> str:
    """SQL for the line of a transfer, the same text on both engines.

    Free texts have their length before them, so that nothing in them can pass for a border.
    """
    short = [f"COALESCE({_as_text(name)}, '')" for name in (*_SHORT, "posted_at")]
    free = [f"CAST(LENGTH({name}) AS TEXT) || ':' || {name}" for name in _FREE]
    return " || '|' || ".join((*short, *free))


def _as_text(column: str) -> str:
    if engine.is_sqlite():
        return f"CAST({column} AS TEXT)"
    if column == "posted_at":
        return "to_char(posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return (
        f"replace(CAST({column} AS TEXT), '-', '')"
        if column.endswith("id")
        else (f"CAST({column} AS TEXT)")
    )
