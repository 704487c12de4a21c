"""How often something may happen, counted in the database and so shared by all workers.

Time is cut into slices of a fifth of the window, and the slices that touch the last window are
added up: never laxer than the promise, and stricter by one slice at most.
"""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import UTC, datetime

from flask_babel import lazy_gettext as lazy
from sqlalchemy import delete, func, text
from sqlmodel import Session, col, select

from app import clock, web
from app.accounts.models import ThrottleRow
from app.db import run_tx
from app.errors import TooManyError

SLICES = 5
KEPT_SECONDS = 2 * 24 * 3600
SWEEP_ONE_IN = 200

# One statement counts and checks: of two workers at the limit, one is refused.
_COUNT = text(
    "INSERT INTO throttle (bucket, window_start, count) VALUES (:bucket, :slice, 1) "
    "ON CONFLICT (bucket, window_start) DO UPDATE SET count = throttle.count + 1 "
    "WHERE throttle.count < :room RETURNING count"
)


def hit(session: Session, name: str, *, limit: int, window_seconds: int) -> bool:
    """Count one more of `name`; False if that would be more than `limit` in the window.

    Call it in a transaction that commits whether or not the attempt itself succeeds.
    """
    now = int(clock.now().timestamp())
    slice_start = now - now % _slice_seconds(window_seconds)
    room = limit - _count(session, name, now, window_seconds, before=slice_start)
    if room <= 0:
        return False
    if secrets.randbelow(SWEEP_ONE_IN) == 0:
        _sweep(session, now)
    values = {"bucket": _bucket(name, slice_start), "slice": slice_start, "room": room}
    return session.connection().execute(_COUNT, values).first() is not None


def blocked(session: Session, name: str, *, limit: int, window_seconds: int) -> bool:
    """Say whether `name` has used up its `limit`, without counting."""
    now = int(clock.now().timestamp())
    return _count(session, name, now, window_seconds, before=now + 1) >= limit


def spend(name: str, *, limit: int, window_seconds: int) -> None:
    """Count one more in a transaction of its own; raises TooManyError when it is too many."""
    if not run_tx(lambda session: hit(session, name, limit=limit, window_seconds=window_seconds)):
        raise too_many(window_seconds)


def too_many(window_seconds: int) -> TooManyError:
    """The refusal that every throttled page shows."""
    minutes = max(1, window_seconds // 60)
    return TooManyError(
        lazy(
            "This was tried too often in a short time. Nothing was changed. "
            "Wait %(minutes)d minutes, then try again.",
            minutes=minutes,
        ),
        retry_after_seconds=window_seconds,
    )


def network(address: str | None) -> str:
    """Return the part of an address that one connection shares: /24 of IPv4, /56 of IPv6.

    >>> network("192.0.2.77"), network("2001:db8:1:2ff::1"), network("::ffff:192.0.2.9")
    ('192.0.2.0/24', '2001:db8:1:200::/56', '192.0.2.0/24')
    """
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if known.version == 6 and known.ipv4_mapped:  # noqa: PLR2004 (the version's name)
        known = known.ipv4_mapped
    prefix = 24 if isinstance(known, ipaddress.IPv4Address) else 56
    return str(ipaddress.ip_network((known, prefix), strict=False))


def _count(session: Session, name: str, now: int, window_seconds: int, *, before: int) -> int:
    """Add up the slices that touch the last window and begin before `before`."""
    length = _slice_seconds(window_seconds)
    oldest = now - window_seconds
    first = oldest - oldest % length
    wanted = [(_bucket(name, start), start) for start in range(first, before, length)]
    found = session.exec(
        select(func.sum(ThrottleRow.count)).where(
            col(ThrottleRow.bucket).in_({bucket for bucket, _ in wanted}),
            col(ThrottleRow.window_start).in_([start for _, start in wanted]),
        )
    ).one()
    return int(found or 0)


def _slice_seconds(window_seconds: int) -> int:
    return max(1, window_seconds // SLICES)


def _bucket(name: str, slice_start: int) -> str:
    """A name nobody can read back, under a key that changes every day."""
    day = datetime.fromtimestamp(slice_start, UTC).date().isoformat()
    key = hmac.digest(web.settings().secrets.throttle, day.encode(), hashlib.sha256)
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()


def _sweep(session: Session, now: int) -> None:
    session.exec(delete(ThrottleRow).where(col(ThrottleRow.window_start) < now - KEPT_SECONDS))
