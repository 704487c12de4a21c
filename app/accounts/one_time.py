"""Secrets that work once: making them, finding them, using them up in one statement."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from flask_babel import lazy_gettext as lazy
from sqlalchemy import delete, update
from sqlmodel import Session, col

from app import clock
from app.accounts.models import Channel, SignInRow
from app.errors import ConflictError

KEPT_FOR = timedelta(days=7)
"""How long a dead row stays, so that a late visitor reads why the link does not work."""


class StaleLinkError(ConflictError):
    """The link or code was used, replaced or has run out; or it never was."""

    code = "stale_link"

    def __init__(self) -> None:
        super().__init__(
            lazy("This link or code has been used or has expired. Ask for a new one and use that.")
        )


def new_token() -> str:
    """Draw a secret for a link."""
    return secrets.token_urlsafe(32)


def add(
    session: Session,
    token: str,
    channel: Channel,
    *,
    lasts: timedelta,
    account_id: uuid.UUID | None = None,
    email: str | None = None,
    code_hash: str | None = None,
) -> None:
    """Keep the hash of a one-time secret, and drop the rows of long ago."""
    now = clock.now()
    session.exec(delete(SignInRow).where(col(SignInRow.expires_at) < now - KEPT_FOR))
    session.add(
        SignInRow(
            token_hash=hash_of(token),
            account_id=account_id,
            email=email,
            code_hash=code_hash,
            channel=channel,
            created_at=now,
            expires_at=now + lasts,
        )
    )


def find(session: Session, token: str, *channels: Channel) -> SignInRow:
    """Return the row of a secret that still works; raises StaleLinkError. Changes nothing."""
    row = session.get(SignInRow, hash_of(token))
    if row is None or row.channel not in channels or not is_open(row):
        raise StaleLinkError
    return row


def is_open(row: SignInRow) -> bool:
    return row.used_at is None and row.expires_at > clock.now()


def use(session: Session, token: str, *channels: Channel) -> SignInRow:
    """Use a secret up: of two at once one gets the row, the other StaleLinkError."""
    row = find(session, token, *channels)
    use_up(session, row)
    return row


def use_up(session: Session, row: SignInRow) -> None:
    done = session.exec(
        update(SignInRow)
        .where(col(SignInRow.token_hash) == row.token_hash, col(SignInRow.used_at).is_(None))
        .values(used_at=clock.now())
    )
    if done.rowcount != 1:
        raise StaleLinkError


def void(session: Session, account_id: uuid.UUID, *channels: Channel) -> None:
    """Make the secrets that an account was given before useless."""
    session.exec(
        update(SignInRow)
        .where(
            col(SignInRow.account_id) == account_id,
            col(SignInRow.channel).in_(channels),
            col(SignInRow.used_at).is_(None),
        )
        .values(used_at=clock.now())
    )


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
