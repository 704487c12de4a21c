"""Who acts for a resident, and what they did with it."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of
from app.delegation.rules import LABEL_LENGTH_MAX, Use


class DelegationRow(SQLModel, table=True):
    """What a resident lets a person, or the named workers of an organisation, do."""

    __tablename__ = "delegation"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked"),
        CheckConstraint("(prepared_by IS NULL) = (confirmed_by IS NULL)", name="at_a_desk"),
        CheckConstraint("confirmed_by <> prepared_by", name="two_people"),
        CheckConstraint("(code_hash IS NULL) = (code_expires_at IS NULL)", name="code"),
        CheckConstraint("provider_id IS NULL OR code_hash IS NULL", name="organisation"),
    )

    id: uuid.UUID = new_id()
    resident_id: uuid.UUID = link("resident.id")
    label: str = Field(max_length=LABEL_LENGTH_MAX)
    """What the resident calls the person; the organisation's name otherwise."""
    provider_id: uuid.UUID | None = link("provider.id", optional=True)
    """The helper organisation; None: a person."""
    powers: list[str] = json_column(empty=list)
    starts_on: date
    ends_on: date
    """The last day."""
    made_at: datetime = instant()
    code_hash: bytes | None = binary(optional=True)
    """Of the invitation, while it can be accepted."""
    code_expires_at: datetime | None = instant(optional=True)
    revoked_at: datetime | None = instant(optional=True)
    revoked_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    """The resident, the delegate, or staff with the resident at the desk."""
    prepared_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    """Who of the staff wrote it down for the resident at the desk; None: the resident did."""
    confirmed_by: uuid.UUID | None = link("account.id", optional=True, index=False)


class DelegateRow(SQLModel, table=True):
    """A person who may use a delegation: who accepted it, or whom the organisation named."""

    __tablename__ = "delegate"
    __table_args__ = (CheckConstraint("ended_at >= since", name="dates"),)

    delegation_id: uuid.UUID = link("delegation.id", key=True)
    account_id: uuid.UUID = link("account.id", key=True)
    since: datetime = instant()
    named_by: uuid.UUID = link("account.id", index=False)
    """The person's own account, or the manager of the organisation."""
    ended_at: datetime | None = instant(optional=True)


class DelegateUseRow(SQLModel, table=True):
    """Something that was done with a delegation. Insert-only."""

    __tablename__ = "delegate_use"
    __table_args__ = (
        one_of("what", Use),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: uuid.UUID = new_id()
    delegation_id: uuid.UUID = link("delegation.id")
    account_id: uuid.UUID = link("account.id", index=False)
    at: datetime = instant()
    what: str = Field(max_length=10)
    voucher_id: uuid.UUID | None = link("voucher.id", optional=True, index=False)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    about: str = Field(default="", max_length=120)
    """With whom or about what: a provider, a programme."""
