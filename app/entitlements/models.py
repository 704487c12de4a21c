"""Residents' applications, what was decided and promised, appeals, and vouchers made in batches.

No row holds a name or a number of the town's register. Income, ages and documents go when the time
for an appeal is over; value, digests and decision stay.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of
from app.entitlements.rules import Channel, Income, State
from app.vouchers.rules import Carrier

_UNDER_WAY = text("state IN ('draft', 'sent', 'in_review', 'question', 'proposed')")


class ProofRow(SQLModel, table=True):
    """A code for a person of the register: who types it into an account has proven to be that."""

    __tablename__ = "identity_proof"
    __table_args__ = (
        one_of("channel", Channel),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used"),
    )

    id: uuid.UUID = new_id()
    resident_id: uuid.UUID = link("resident.id")
    code_hash: bytes = binary()
    channel: str = Field(max_length=4)
    made_by: uuid.UUID = link("account.id", index=False)
    made_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(optional=True)
    used_by: uuid.UUID | None = link("account.id", optional=True, index=False)


class ApplicationRow(SQLModel, table=True):
    """What a resident says and asks for. A fallen income is an application of its own."""

    __tablename__ = "care_application"
    __table_args__ = (
        one_of("state", State),
        one_of("income_kind", Income),
        one_of("carrier", Carrier),
        CheckConstraint("income_minor >= 0", name="income"),
        CheckConstraint("state <> 'decided' OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("confirmed_by <> decided_by", name="two_people"),
        Index(
            "uq_care_application_under_way",
            "resident_id",
            "programme_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: uuid.UUID = new_id()
    programme_id: uuid.UUID = link("programme.id")
    resident_id: uuid.UUID = link("resident.id", index=False)
    account_id: uuid.UUID = link("account.id")
    state: str = Field(default=State.DRAFT, max_length=10)
    version: int = 1
    age: int | None = None
    """The applicant's."""
    income_kind: str | None = Field(default=None, max_length=8)
    """None: not answered yet."""
    income_minor: int | None = Field(default=None, sa_type=BigInteger)
    """Of the household, per month."""
    shown_at_desk: bool = False
    """The applicant brings the evidence to a desk."""
    carrier: str = Field(default=Carrier.PHONE, max_length=5)
    area_id: uuid.UUID | None = link("area.id", optional=True, index=False)
    """Where in the town the household lives, for counting alone; None: not said."""
    sampled: bool = False
    created_at: datetime = instant()
    sent_at: datetime | None = instant(optional=True)
    assigned_to: uuid.UUID | None = link("account.id", optional=True, index=False)
    question: str = Field(default="", sa_type=Text)
    granted: bool | None = None
    reason: str = Field(default="", sa_type=Text)
    """Why it was decided so; the applicant reads it."""
    decided_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    confirmed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    """The second person, where one was needed."""
    decided_at: datetime | None = instant(optional=True, index=True)
    value_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What the schedule gives each member."""
    arithmetic: dict[str, Any] = json_column()
    """How the value came about; empty once the income is forgotten."""
    parameter_sha256: str = Field(default="", max_length=64)
    forgotten_at: datetime | None = instant(optional=True)
    """When income, ages and documents were deleted."""


class MemberRow(SQLModel, table=True):
    """Another person of the applicant's household."""

    __tablename__ = "care_member"
    __table_args__ = (
        CheckConstraint("age >= 0", name="age"),
        UniqueConstraint("application_id", "resident_id"),
    )

    id: uuid.UUID = new_id()
    application_id: uuid.UUID = link("care_application.id", index=False)
    resident_id: uuid.UUID | None = link("resident.id", optional=True)
    """By the number in the register, where it was given."""
    age: int | None = None


class ApplicationFileRow(SQLModel, table=True):
    """A document shown as evidence; its bytes lie sealed outside the database."""

    __tablename__ = "care_file"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="size"),)

    id: uuid.UUID = new_id()
    application_id: uuid.UUID = link("care_application.id")
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    """Of the file as it was sent, in hex; stays when the file is deleted."""
    size_bytes: int
    uploaded_at: datetime = instant()


class EntitlementRow(SQLModel, table=True):
    """What is promised to one person for one period. `part` 1; further parts after a rise."""

    __tablename__ = "entitlement"
    __table_args__ = (
        one_of("carrier", Carrier),
        CheckConstraint("value_minor > 0", name="value"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("part > 0", name="part"),
        CheckConstraint("voucher_id IS NULL OR batch_id IS NOT NULL", name="issued"),
        UniqueConstraint("resident_id", "programme_id", "starts_on", "part"),
    )

    id: uuid.UUID = new_id()
    application_id: uuid.UUID = link("care_application.id")
    resident_id: uuid.UUID = link("resident.id", index=False)
    programme_id: uuid.UUID = link("programme.id")
    starts_on: date
    ends_on: date
    part: int = 1
    value_minor: int = Field(sa_type=BigInteger)
    parameter_sha256: str = Field(max_length=64)
    carrier: str = Field(max_length=5)
    granted_at: datetime = instant()
    batch_id: uuid.UUID | None = link("issue_batch.id", optional=True)
    voucher_id: uuid.UUID | None = Field(
        default=None, foreign_key="voucher.id", sa_type=Uuid, nullable=True, unique=True
    )
    pin_sealed: bytes | None = binary(optional=True)
    """The PIN of a printed voucher until its slip is printed."""


class AppealRow(SQLModel, table=True):
    __tablename__ = "care_appeal"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered"),
        CheckConstraint("answered_by <> decided_by", name="uninvolved"),
        CheckConstraint("answered_by <> confirmed_by", name="uninvolved_second"),
    )

    id: uuid.UUID = new_id()
    application_id: uuid.UUID = Field(foreign_key="care_application.id", sa_type=Uuid, unique=True)
    text: str = Field(sa_type=Text)
    filed_at: datetime = instant()
    due_at: datetime = instant()
    decided_by: uuid.UUID = link("account.id", index=False)
    """Who decided what is appealed against: they cannot answer."""
    confirmed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    upheld: bool | None = None
    answer: str = Field(default="", sa_type=Text)
    answered_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    answered_at: datetime | None = instant(optional=True)


class IssueBatchRow(SQLModel, table=True):
    """Vouchers that were made together, after two people agreed."""

    __tablename__ = "issue_batch"
    __table_args__ = (
        CheckConstraint("released_by <> prepared_by", name="two_people"),
        CheckConstraint("pins_printed_by <> printed_by", name="apart"),
        CheckConstraint("number > 0", name="number"),
    )

    id: uuid.UUID = new_id()
    programme_id: uuid.UUID = link("programme.id")
    prepared_by: uuid.UUID = link("account.id", index=False)
    released_by: uuid.UUID = link("account.id", index=False)
    released_at: datetime = instant()
    number: int
    total_minor: int = Field(sa_type=BigInteger)
    printed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    printed_at: datetime | None = instant(optional=True)
    pins_printed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    pins_printed_at: datetime | None = instant(optional=True)
