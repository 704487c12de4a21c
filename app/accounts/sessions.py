"""Sign-in sessions: a random identifier in a cookie, its hash in the database, revocable."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from app import clock
from app.accounts import queries
from app.accounts.models import AccountRow, SessionRow
from app.policy import ANONYMOUS, Actor

STAFF_IDLE = timedelta(minutes=30)
STAFF_LASTS = timedelta(hours=8)
RESIDENT_IDLE = timedelta(days=14)
RESIDENT_LASTS = timedelta(days=60)
_SEEN_STEP = timedelta(minutes=1)


def start(session: Session, account_id: uuid.UUID, *, level: str) -> str:
    """Begin a session and return the secret for the cookie. `level`: `link` or `full`."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    staff = bool(queries.roles(session, account_id))
    session.add(
        SessionRow(
            id_hash=id_of(secret),
            account_id=account_id,
            level=level,
            step_up_at=now if level == "full" else None,
            created_at=now,
            seen_at=now,
            expires_at=now + (STAFF_LASTS if staff else RESIDENT_LASTS),
        )
    )
    return secret


def actor_of(session: Session, secret: str | None) -> tuple[Actor, bool]:
    """Return who holds this secret, and whether the session wants its "last seen" renewed."""
    if not secret:
        return ANONYMOUS, False
    row = session.get(SessionRow, id_of(secret))
    now = clock.now()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return ANONYMOUS, False
    account = session.get(AccountRow, row.account_id)
    if account is None or account.disabled_at is not None:
        return ANONYMOUS, False
    roles = queries.roles(session, account.id)
    if now - row.seen_at > (STAFF_IDLE if roles else RESIDENT_IDLE):
        return ANONYMOUS, False
    actor = Actor(
        account_id=account.id,
        name=account.name,
        roles=roles,
        level=row.level,
        step_up_at=row.step_up_at,
    )
    return actor, now - row.seen_at > _SEEN_STEP


def touch(session: Session, secret: str) -> None:
    """Note that the session is in use."""
    session.exec(
        update(SessionRow)
        .where(col(SessionRow.id_hash) == id_of(secret))
        .values(seen_at=clock.now())
    )


def step_up(session: Session, secret: str) -> str:
    """Note that a second factor was just shown; returns the new secret, the old one is void."""
    old = session.get_one(SessionRow, id_of(secret))
    renewed = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        SessionRow(
            id_hash=id_of(renewed),
            account_id=old.account_id,
            level="full",
            step_up_at=now,
            created_at=old.created_at,
            seen_at=now,
            expires_at=old.expires_at,
        )
    )
    old.revoked_at = now
    session.add(old)
    return renewed


def open_ones(session: Session, account_id: uuid.UUID) -> list[SessionRow]:
    """Return the sessions in which this account is signed in, newest first."""
    query = (
        select(SessionRow)
        .where(
            SessionRow.account_id == account_id,
            col(SessionRow.revoked_at).is_(None),
            SessionRow.expires_at > clock.now(),
        )
        .order_by(col(SessionRow.seen_at).desc())
    )
    return list(session.exec(query).all())


def end(session: Session, secret: str) -> None:
    """Sign out."""
    _revoke(session, col(SessionRow.id_hash) == id_of(secret))


def end_one(session: Session, account_id: uuid.UUID, id_hash: str) -> bool:
    """Sign this account out of one session; False if it has no such session."""
    mine = (col(SessionRow.account_id) == account_id) & (col(SessionRow.id_hash) == id_hash)
    return _revoke(session, mine)


def end_all(session: Session, account_id: uuid.UUID) -> None:
    """Sign an account out everywhere: at its own wish, or when it is disabled."""
    _revoke(session, col(SessionRow.account_id) == account_id)


def _revoke(session: Session, which: ColumnElement[bool]) -> bool:
    done = session.exec(
        update(SessionRow)
        .where(which, col(SessionRow.revoked_at).is_(None))
        .values(revoked_at=clock.now())
    )
    return bool(done.rowcount)


def id_of(secret: str) -> str:
    """Return the hash under which a session is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
