"""People who sign in, what they may do, and acts that need a second person.

Nothing here is written when somebody votes: no last sign-in, no mark, no audit row.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of


class Role(StrEnum):
    """What an account may do; a person can have several. Residents have none of these."""

    REVIEWER = "reviewer"
    CLERK = "clerk"
    ROUND_OFFICER = "round_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class AccountRow(SQLModel, table=True):
    __tablename__ = "account"

    id: uuid.UUID = new_id()
    email: str | None = Field(default=None, max_length=254, unique=True)
    """Lower case; None for who opened the account with a posted code or at the desk."""
    name: str = Field(max_length=120)
    postal_address: str | None = Field(default=None, max_length=400)
    """Kept only until the letter with the code is made."""
    password_hash: str | None = Field(default=None, max_length=200)
    """Staff only: argon2id. Residents need none."""
    created_at: datetime = instant()
    disabled_at: datetime | None = instant(optional=True)


class AccountRoleRow(SQLModel, table=True):
    __tablename__ = "account_role"
    __table_args__ = (one_of("role", Role),)

    account_id: uuid.UUID = link("account.id", key=True)
    role: str = Field(primary_key=True, max_length=20)


class Channel(StrEnum):
    """By which way a one-time secret reaches its person."""

    EMAIL = "email"  # a link and six digits
    POST = "post"  # a code in a letter
    DESK = "desk"  # a code handed over at the town hall
    SET_UP = "set_up"  # a link with which staff choose password and second factor
    NEW_EMAIL = "new_email"  # a link that confirms a changed address
    PASSKEY = "passkey"  # a challenge that a passkey signs


class SignInRow(SQLModel, table=True):
    """A one-time way in: a link with a short code by e-mail, a posted code, one from the desk;
    also the challenge of a passkey and the confirmation of an address."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    """SHA-256 of the secret in the link, or of the posted or desk code."""
    account_id: uuid.UUID | None = link("account.id", optional=True)
    email: str | None = Field(default=None, max_length=254, index=True)
    """For an account that does not exist yet: it is made when the link is used."""
    code_hash: str | None = Field(default=None, max_length=64)
    """Keyed hash of the six digits that stand in the same e-mail."""
    channel: str = Field(max_length=10)
    attempts: int = 0
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(optional=True)


class SessionRow(SQLModel, table=True):
    __tablename__ = "session"

    id_hash: str = Field(primary_key=True, max_length=64)
    account_id: uuid.UUID = link("account.id")
    level: str = Field(max_length=10)
    """`link` (one factor) or `full` (passkey, or password and time code)."""
    step_up_at: datetime | None = instant(optional=True)
    created_at: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(optional=True)


class PasskeyRow(SQLModel, table=True):
    __tablename__ = "passkey"

    credential_id: bytes = binary(key=True)
    account_id: uuid.UUID = link("account.id")
    public_key: bytes = binary()
    sign_count: int = 0
    label: str = Field(max_length=60)
    created_at: datetime = instant()


class TotpRow(SQLModel, table=True):
    """A time-code generator. `last_step` keeps a code from being used twice."""

    __tablename__ = "totp"

    account_id: uuid.UUID = link("account.id", key=True)
    secret: str = Field(max_length=64)
    last_step: int = 0
    confirmed_at: datetime | None = instant(optional=True)


class ApprovalState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ApprovalRow(SQLModel, table=True):
    """An act of two officers: proposed by one, decided by another."""

    __tablename__ = "approval"
    __table_args__ = (
        one_of("state", ApprovalState),
        CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR state = 'withdrawn'",
            name="two_people",
        ),
        Index(
            "uq_approval_pending",
            "action",
            "subject",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: uuid.UUID = new_id()
    action: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    payload: dict[str, Any] = json_column()
    payload_hash: str = Field(max_length=64)
    reason: str = Field(default="", max_length=2000)
    state: str = Field(default=ApprovalState.PENDING, max_length=12)
    proposed_by: uuid.UUID = link("account.id")
    proposed_at: datetime = instant()
    decided_by: uuid.UUID | None = link("account.id", optional=True)
    decided_at: datetime | None = instant(optional=True)
    expires_at: datetime = instant()


class AuditRow(SQLModel, table=True):
    """What staff did. Never what voters did. Insert-only."""

    __tablename__ = "audit"

    id: uuid.UUID = new_id()
    at: datetime = instant(index=True)
    actor_id: uuid.UUID | None = link("account.id", optional=True)
    action: str = Field(max_length=40)
    subject: str = Field(max_length=80, index=True)
    details: dict[str, Any] = json_column()


class ThrottleRow(SQLModel, table=True):
    """How often something happened in a window of time; `bucket` is a keyed hash, not a name."""

    __tablename__ = "throttle"

    bucket: str = Field(primary_key=True, max_length=64)
    window_start: int = Field(primary_key=True)
    count: int
