"""Organisations that take vouchers: their accreditation, people, devices, tariffs and bank."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, json_column, link, new_id, one_of
from app.programmes.services import Service
from app.providers.criteria import OrganisationType, Point, State

_UNDER_WAY = text("state IN ('draft', 'submitted', 'in_review', 'more_information', 'recommended')")


class ProviderRole(StrEnum):
    """What a person may do for a provider: clerks take vouchers, managers also run it."""

    CLERK = "clerk"
    MANAGER = "manager"


class TariffUnit(StrEnum):
    HOUR = "hour"
    VISIT = "visit"
    DAY = "day"
    MONTH = "month"


class Judgement(StrEnum):
    """What the assessor says of a point after reading its evidence."""

    OPEN = "open"
    MET = "met"
    UNMET = "unmet"


class Side(StrEnum):
    """The two halves of the joint council."""

    GOVERNMENT = "government"
    CIVIL = "civil"


class ProviderRow(SQLModel, table=True):
    __tablename__ = "provider"
    __table_args__ = (one_of("kind", OrganisationType),)

    id: uuid.UUID = new_id()
    party_id: uuid.UUID | None = Field(default=None, sa_type=Uuid, unique=True, nullable=True)
    """Whom the ledger pays; opaque there, and opened when it is first needed."""
    name: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    version: int = 1
    about: str = Field(default="", sa_type=Text)
    area_ids: list[str] = json_column(empty=list)
    """Areas of the town that it serves, as text; none: the whole town."""
    languages: list[str] = json_column(empty=list)
    accessibility: list[str] = json_column(empty=list)
    created_at: datetime = instant()


class ProviderPersonRow(SQLModel, table=True):
    __tablename__ = "provider_person"
    __table_args__ = (one_of("role", ProviderRole),)

    provider_id: uuid.UUID = link("provider.id", key=True)
    account_id: uuid.UUID = link("account.id", key=True)
    role: str = Field(max_length=10)
    since: datetime = instant()
    ended_at: datetime | None = instant(optional=True)


class ProviderDeviceRow(SQLModel, table=True):
    """A till or program that redeems by itself. Its token is shown once."""

    __tablename__ = "provider_device"

    id: uuid.UUID = new_id()
    provider_id: uuid.UUID = link("provider.id")
    label: str = Field(max_length=60)
    token_hash: str = Field(max_length=64, unique=True)
    made_by: uuid.UUID = link("account.id", index=False)
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(optional=True)


class TariffRow(SQLModel, table=True):
    """What a unit of a service costs from a day on, the same for all residents."""

    __tablename__ = "tariff"
    __table_args__ = (
        one_of("service", Service),
        one_of("unit", TariffUnit),
        CheckConstraint("amount_minor > 0", name="amount"),
        UniqueConstraint("provider_id", "service", "unit", "valid_from"),
    )

    id: uuid.UUID = new_id()
    provider_id: uuid.UUID = link("provider.id", index=False)
    service: str = Field(max_length=20)
    unit: str = Field(max_length=10)
    amount_minor: int = Field(sa_type=BigInteger)
    valid_from: date


class AccreditationRow(SQLModel, table=True):
    """One application and what became of it; a renewal is a new one."""

    __tablename__ = "accreditation"
    __table_args__ = (
        one_of("state", State),
        CheckConstraint("decided_by <> assessed_by", name="two_people"),
        CheckConstraint("confirmed_civil_by <> confirmed_government_by", name="two_sides"),
        CheckConstraint("valid_to >= valid_from", name="dates"),
        CheckConstraint("fee_basis_points BETWEEN 0 AND 10000", name="fee"),
        CheckConstraint(
            "state NOT IN ('accredited', 'suspended') OR (valid_from IS NOT NULL "
            "AND valid_to IS NOT NULL AND confirmed_civil_by IS NOT NULL "
            "AND confirmed_government_by IS NOT NULL AND decided_by IS NOT NULL)",
            name="granted",
        ),
        Index(
            "uq_accreditation_under_way",
            "provider_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: uuid.UUID = new_id()
    provider_id: uuid.UUID = link("provider.id")
    state: str = Field(default=State.DRAFT, max_length=20)
    version: int = 1
    created_at: datetime = instant()
    submitted_at: datetime | None = instant(optional=True)
    submitted_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    assessed_by: uuid.UUID | None = link("account.id", optional=True)
    recommendation: str = Field(default="", sa_type=Text)
    decided_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    decided_at: datetime | None = instant(optional=True)
    granted: bool | None = None
    reason: str = Field(default="", sa_type=Text)
    """Why it was decided so; the applicant reads it."""
    confirmed_government_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    confirmed_civil_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    valid_from: date | None = None
    valid_to: date | None = None
    suspended_on: date | None = None
    ended_on: date | None = None
    fee_basis_points: int = 0
    """The part of what it takes that the town keeps, agreed with the decision."""
    reminded_days: int | None = None
    """The last reminder that was sent: so many days before the end."""


class AccreditationServiceRow(SQLModel, table=True):
    __tablename__ = "accreditation_service"
    __table_args__ = (one_of("service", Service),)

    accreditation_id: uuid.UUID = link("accreditation.id", key=True)
    service: str = Field(primary_key=True, max_length=20)


class EvidenceRow(SQLModel, table=True):
    """What an application says on one point, and what the assessor found."""

    __tablename__ = "evidence"
    __table_args__ = (one_of("point", Point), one_of("judgement", Judgement))

    accreditation_id: uuid.UUID = link("accreditation.id", key=True)
    point: str = Field(primary_key=True, max_length=20)
    answers: dict[str, Any] = json_column()
    judgement: str = Field(default=Judgement.OPEN, max_length=10)
    note: str = Field(default="", sa_type=Text)
    """The assessor's words; the applicant reads them."""


class EvidenceFileRow(SQLModel, table=True):
    """A file shown as evidence; its bytes lie sealed outside the database."""

    __tablename__ = "evidence_file"
    __table_args__ = (one_of("point", Point), CheckConstraint("size_bytes > 0", name="size"))

    id: uuid.UUID = new_id()
    accreditation_id: uuid.UUID = link("accreditation.id")
    point: str = Field(max_length=20)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    """Of the file as it was sent, in hex."""
    size_bytes: int
    uploaded_by: uuid.UUID = link("account.id", index=False)
    uploaded_at: datetime = instant()


class AccreditationEventRow(SQLModel, table=True):
    """A step of an accreditation, with the words that the applicant reads."""

    __tablename__ = "accreditation_event"
    __table_args__ = (one_of("state", State),)

    id: uuid.UUID = new_id()
    accreditation_id: uuid.UUID = link("accreditation.id")
    at: datetime = instant()
    actor_id: uuid.UUID | None = link("account.id", optional=True, index=False)
    """None: nobody did it, a date came."""
    state: str = Field(max_length=20)
    """The state that it led to."""
    text: str = Field(default="", sa_type=Text)


class SuspensionRow(SQLModel, table=True):
    """Days on which an accredited provider took no vouchers; `lifted_on` is the first day after."""

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint("lifted_on >= first_on", name="days"),
    )

    id: uuid.UUID = new_id()
    accreditation_id: uuid.UUID = link("accreditation.id")
    first_on: date
    lifted_on: date | None = None
    reason: str = Field(sa_type=Text)
    """The organisation reads it."""
    asked_by: uuid.UUID = link("account.id", index=False)
    decided_by: uuid.UUID = link("account.id", index=False)


class ProviderBankRow(SQLModel, table=True):
    """Where a provider is paid, from an instant on; None until a second person confirms it."""

    __tablename__ = "provider_bank"
    __table_args__ = (
        CheckConstraint("confirmed_by <> asked_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (effective_at IS NULL)", name="confirmed"),
    )

    id: uuid.UUID = new_id()
    provider_id: uuid.UUID = link("provider.id")
    iban: str = Field(max_length=34)
    legal_name: str = Field(max_length=70)
    street_name: str = Field(max_length=70)
    building_number: str = Field(max_length=16)
    postcode: str = Field(max_length=16)
    town: str = Field(max_length=35)
    country: str = Field(max_length=2)
    asked_by: uuid.UUID = link("account.id", index=False)
    asked_at: datetime = instant()
    confirmed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    effective_at: datetime | None = instant(optional=True)
    stopped_at: datetime | None = instant(optional=True)
    """Before it counted, by a manager or by the town: then it never does."""
    stopped_by: uuid.UUID | None = link("account.id", optional=True, index=False)


class CouncilMemberRow(SQLModel, table=True):
    """A person who confirms decisions for one side of the joint council."""

    __tablename__ = "council_member"
    __table_args__ = (one_of("side", Side),)

    account_id: uuid.UUID = link("account.id", key=True)
    side: str = Field(max_length=12)
