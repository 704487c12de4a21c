"""Sign-in sessions: a random identifier in a cookie, its hash in the database, revocable."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from app import clock
from app.accounts.models import AccountRoleRow, AccountRow, SessionRow
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
    staff = bool(_roles(session, account_id))
    session.add(
        SessionRow(
            id_hash=_hash(secret),
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
    row = session.get(SessionRow, _hash(secret))
    now = clock.now()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return ANONYMOUS, False
    account = session.get(AccountRow, row.account_id)
    if account is None or account.disabled_at is not None:
        return ANONYMOUS, False
    roles = _roles(session, account.id)
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
        .where(col(SessionRow.id_hash) == _hash(secret))
        .values(seen_at=clock.now())
    )


def end(session: Session, secret: str) -> None:
    """Sign out."""
    _revoke(session, col(SessionRow.id_hash) == _hash(secret))


def end_all(session: Session, account_id: uuid.UUID) -> None:
    """Sign an account out everywhere: at its own wish, or when it is disabled."""
    _revoke(session, col(SessionRow.account_id) == account_id)


def _revoke(session: Session, which: object) -> None:
    session.exec(
        update(SessionRow)
        .where(which, col(SessionRow.revoked_at).is_(None))  # type: ignore[arg-type]  # a column test
        .values(revoked_at=clock.now())
    )


def _roles(session: Session, account_id: uuid.UUID) -> frozenset[str]:
    query = select(AccountRoleRow.role).where(AccountRoleRow.account_id == account_id)
    return frozenset(session.exec(query).all())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
