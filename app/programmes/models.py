"""Programmes: what vouchers pay for, their money, the schedules made for them, dated parameters."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, json_column, link, new_id, one_of


class ProgrammeState(StrEnum):
    """Where a programme stands. It only moves down this list, but for a proposal taken back."""

    DRAFT = "draft"
    PROPOSED = "proposed"  # waits for a second officer
    APPROVED = "approved"  # schedule and budget fixed, fund opened
    OPEN = "open"  # residents apply
    CLOSED = "closed"


class Funding(StrEnum):
    COUNCIL = "council"  # an act of the council
    PROJECT = "project"  # a project of a round; its result opens the fund


class Mode(StrEnum):
    FULL = "full"  # every voucher is backed by money
    COVERED = "covered"  # the council covers what is promised above the fund, up to a limit


class ProgrammeRow(SQLModel, table=True):
    __tablename__ = "programme"
    __table_args__ = (
        one_of("state", ProgrammeState),
        one_of("funding", Funding),
        one_of("mode", Mode),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("budget_minor >= 0", name="budget"),
        CheckConstraint("cover_minor >= 0", name="cover"),
        CheckConstraint("(funding = 'project') = (round_id IS NOT NULL)", name="project"),
        UniqueConstraint("round_id", "project_reference"),
    )

    id: uuid.UUID = new_id()
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    summary: str = Field(default="", sa_type=Text)
    services: list[str] = json_column(empty=list)
    """Values of `Service`."""
    eligibility: str = Field(default="", sa_type=Text)
    starts_on: date
    ends_on: date
    unit: str = Field(default="EUR", max_length=3)
    state: str = Field(default=ProgrammeState.DRAFT, max_length=10)
    version: int = 1
    funding: str = Field(default=Funding.COUNCIL, max_length=10)
    council_act: str = Field(default="", max_length=200)
    round_id: uuid.UUID | None = link("round.id", optional=True)
    round_slug: str = Field(default="", max_length=60)
    """In the round's addresses."""
    project_reference: str | None = Field(default=None, max_length=120)
    terms: dict[str, Any] | None = json_column(optional=True)
    """What was fixed before the vote: see `app.programmes.terms.Terms`."""
    budget_minor: int = Field(default=0, sa_type=BigInteger)
    """For the whole period; 0: not entered yet."""
    mode: str = Field(default=Mode.FULL, max_length=10)
    cover_minor: int = Field(default=0, sa_type=BigInteger)
    """C: how much more than the fund may be promised."""
    people: list[list[int]] = json_column(empty=list)
    """Groups of residents: equivalised monthly income, number, take-up in millionths."""
    people_source: str = Field(default="", max_length=200)
    schedule_no: int | None = None
    """The schedule in force, or the one that is proposed."""
    created_by: uuid.UUID | None = link("account.id", optional=True)
    created_at: datetime = instant()


class ScheduleRow(SQLModel, table=True):
    """A schedule as it was made, with all that is needed to make it again. Insert-only."""

    __tablename__ = "programme_schedule"

    programme_id: uuid.UUID = link("programme.id", key=True)
    schedule_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: dict[str, Any] = json_column()
    """What `to_document` of the schedule gives: rules, values, solver's version, dual."""
    scale: str = Field(max_length=20)
    household_limit: str = Field(max_length=40)
    input_sha256: str = Field(max_length=64)
    budget_minor: int = Field(sa_type=BigInteger)
    cost_minor: int = Field(sa_type=BigInteger)
    """Expected, contingency included, rounded up."""
    face_value_minor: int = Field(sa_type=BigInteger)
    created_by: uuid.UUID | None = link("account.id", optional=True)
    created_at: datetime = instant()


class ParameterRow(SQLModel, table=True):
    """A value that the law or the council sets, from a date on. Insert-only."""

    __tablename__ = "programme_parameter"
    __table_args__ = (UniqueConstraint("programme_id", "name", "valid_from"),)

    id: uuid.UUID = new_id()
    programme_id: uuid.UUID = link("programme.id")
    name: str = Field(max_length=40)
    value: str = Field(max_length=40)
    unit: str = Field(default="", max_length=20)
    valid_from: date
    legal_reference: str = Field(max_length=200)
    adopted_by: str = Field(max_length=120)
    recorded_by: uuid.UUID | None = link("account.id", optional=True)
    recorded_at: datetime = instant()
