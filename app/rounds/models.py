"""Rounds: calendar, pots, categories, the projects on the ballot, the frozen rule sheet."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of


class RoundState(StrEnum):
    """Where a round stands. It only moves down this list."""

    DRAFT = "draft"  # being set up, seen by staff only
    PROPOSALS = "proposals"  # announced; proposals are taken between their two dates
    REVIEW = "review"  # staff check and cost; prices appear together at the end
    FROZEN = "frozen"  # rule sheet and projects fixed, digest published
    VOTING = "voting"
    CLOSED = "closed"  # no more ballots; runs are possible
    PUBLISHED = "published"  # result public


class Origin(StrEnum):
    OWN = "own"
    IMPORTED = "imported"  # a recount of an election held elsewhere


class RoundRow(SQLModel, table=True):
    __tablename__ = "round"
    __table_args__ = (one_of("state", RoundState), one_of("origin", Origin))

    id: uuid.UUID = new_id()
    slug: str = Field(max_length=60, unique=True)
    """In addresses and on the command line: `2027-neighbourhoods`."""
    title: str = Field(max_length=120)
    summary: str = Field(default="", max_length=2000)
    state: str = Field(default=RoundState.DRAFT, max_length=12)
    origin: str = Field(default=Origin.OWN, max_length=12)
    version: int = 1
    """Rises with every change by staff; a form saved over a newer version is refused."""
    currency: str = Field(default="EUR", max_length=3)
    minor_per_unit: int = 100
    proposals_open_at: datetime | None = instant(optional=True)
    proposals_close_at: datetime | None = instant(optional=True)
    voting_opens_at: datetime | None = instant(optional=True)
    voting_closes_at: datetime | None = instant(optional=True)
    results_at: datetime | None = instant(optional=True)
    """Promised to residents; publishing itself is an act."""
    proposal_budget_max_minor: int | None = Field(default=None, sa_type=BigInteger)
    """The most that one project may cost; None: its pot."""
    ballot: dict[str, Any] = json_column()
    """Ballot type and limits: what `voting.limits.Limits.to_canonical` gives."""
    rule: dict[str, Any] = json_column()
    """Allocation rule and its options: keys of `allocation.rule_sheet.RuleSheet`."""
    lot_source: str = Field(default="", max_length=400)
    """The public draw, held after the close, whose outcome seeds the lot; named before voting."""
    lot_seed: str | None = Field(default=None, max_length=200)
    roll_approved_at: datetime | None = instant(optional=True)
    prices_released_at: datetime | None = instant(optional=True)
    opened_at: datetime | None = instant(optional=True)
    closed_at: datetime | None = instant(optional=True)
    published_at: datetime | None = instant(optional=True)
    published_run_no: int | None = None
    created_by: uuid.UUID | None = link("account.id", optional=True)
    created_at: datetime = instant()


class PotRow(SQLModel, table=True):
    """One budget, voted on one ballot: the whole town's or a district's."""

    __tablename__ = "pot"
    __table_args__ = (
        UniqueConstraint("round_id", "area_id"),
        CheckConstraint("budget_minor > 0", name="budget"),
    )

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    area_id: uuid.UUID = link("area.id")
    """Who lives in this area, or in an area below it, votes on this pot."""
    name: str = Field(max_length=120)
    budget_minor: int = Field(sa_type=BigInteger)
    position: int = 0


class CategoryRow(SQLModel, table=True):
    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("round_id", "name"),)

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    name: str = Field(max_length=80)
    position: int = 0


class ProjectRow(SQLModel, table=True):
    """A project on the ballot: frozen with the rule sheet (trigger)."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("round_id", "reference"),
        CheckConstraint("cost_minor > 0", name="cost"),
    )

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    pot_id: uuid.UUID = link("pot.id")
    reference: str = Field(max_length=120)
    """Its identifier in ballots, rule sheet, `.pb` file and result."""
    title: str = Field(max_length=200)
    description: str = Field(default="", sa_type=Text)
    cost_minor: int = Field(sa_type=BigInteger)
    category_id: uuid.UUID | None = link("category.id", optional=True)
    area_id: uuid.UUID | None = link("area.id", optional=True)
    latitude: float | None = None
    longitude: float | None = None
    picture_id: uuid.UUID | None = link("picture.id", optional=True)
    proposal_id: uuid.UUID | None = link("proposal.id", optional=True)
    position: int = 0


class ProjectProgrammeRow(SQLModel, table=True):
    """That a project is a voucher programme, on these terms: frozen as the project is (trigger)."""

    __tablename__ = "project_programme"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("floor_minor > 0 AND cap_minor >= floor_minor", name="values"),
        CheckConstraint("slope_millionths BETWEEN 0 AND 1000000", name="slope"),
    )

    project_id: uuid.UUID = link("project.id", key=True)
    round_id: uuid.UUID = link("round.id")
    services: list[str] = json_column(empty=list)
    """Values of `app.programmes.services.Service`."""
    starts_on: date
    ends_on: date
    floor_minor: int = Field(sa_type=BigInteger)
    """What everybody gets at least."""
    cap_minor: int = Field(sa_type=BigInteger)
    slope_millionths: int
    """By how much the value falls per unit of income."""


class RuleSheetRow(SQLModel, table=True):
    """The rules as published before voting, byte for byte. Insert-only."""

    __tablename__ = "rule_sheet"

    round_id: uuid.UUID = link("round.id", key=True)
    content: bytes = binary()
    """Canonical JSON; the digest is SHA-256 of these bytes."""
    sha256: str = Field(max_length=64)
    frozen_at: datetime = instant()
    approval_id: uuid.UUID | None = link("approval.id", optional=True)


class PictureRow(SQLModel, table=True):
    """A picture, re-encoded by Minga: never the bytes that were sent in."""

    __tablename__ = "picture"

    id: uuid.UUID = new_id()
    media_type: str = Field(max_length=20)
    content: bytes = binary()
    thumbnail: bytes = binary()
    width: int
    height: int
    alt_text: str = Field(default="", max_length=300)
    owner_id: uuid.UUID | None = link("account.id", optional=True)
    public: bool = False
    """Shown to everybody once its proposal or project is; until then to its owner alone."""
    created_at: datetime = instant()
