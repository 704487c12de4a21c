"""Runs of an allocation rule and their results. Insert-only: a run that happened stays."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of


class RunKind(StrEnum):
    OFFICIAL = "official"  # by the published rule sheet
    WHAT_IF = "what_if"


class CloseRow(SQLModel, table=True):
    """What was counted, fixed at the close before any tally. Insert-only."""

    __tablename__ = "close"

    round_id: uuid.UUID = link("round.id", key=True)
    closed_at: datetime = instant()
    ballots: dict[str, Any] = json_column()
    """Pot identifier -> number of ballots."""
    counted_root: str = Field(max_length=64)
    """Merkle root over the commitments of all counted ballots."""


class ImportedElectionRow(SQLModel, table=True):
    """The file behind a recount of an election held elsewhere, compressed with zlib."""

    __tablename__ = "imported_election"

    round_id: uuid.UUID = link("round.id", key=True)
    file_name: str = Field(max_length=260)
    sha256: str = Field(max_length=64)
    lenient: bool = False
    warnings: list[Any] = json_column(empty=list)
    content: bytes = binary()


class AllocationRunRow(SQLModel, table=True):
    """A run, written down before anything is computed. `run_no` is public and has no gaps."""

    __tablename__ = "allocation_run"
    __table_args__ = (one_of("kind", RunKind), UniqueConstraint("round_id", "run_no"))

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    run_no: int
    kind: str = Field(max_length=10)
    rule: dict[str, Any] = json_column()
    sheet_sha256: str = Field(default="", max_length=64)
    input_sha256: str = Field(max_length=64)
    reason: str = Field(default="", max_length=2000)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    job_id: uuid.UUID | None = link("job.id", optional=True)
    requested_by: uuid.UUID | None = link("account.id", optional=True)
    requested_at: datetime = instant()


class AllocationResultRow(SQLModel, table=True):
    """What a run gave: an outcome per pot, or the sentence that says why there is none."""

    __tablename__ = "allocation_result"

    run_id: uuid.UUID = link("allocation_run.id", key=True)
    outcome: dict[str, Any] | None = json_column(optional=True)
    failure: str | None = Field(default=None, max_length=2000)
    finished_at: datetime = instant()


class CountFileRow(SQLModel, table=True):
    """The ballots of one pot as the `.pb` file of an official run, made and checked with it.

    Made once: two files in different random orders could be compared. Compressed with zlib; where
    there is none, `refusal` says why. Insert-only.
    """

    __tablename__ = "count_file"

    run_id: uuid.UUID = link("allocation_run.id", key=True)
    pot_id: uuid.UUID = link("pot.id", key=True)
    sha256: str = Field(default="", max_length=64)
    """Of the file as it is handed out."""
    content: bytes | None = binary(optional=True)
    refusal: str = Field(default="", max_length=500)
