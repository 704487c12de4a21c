"""The voter roll: who may vote, without a name.

No foreign key leads from here to a ballot or from a ballot to here: a slot is computed under a key
that is in no database.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of, random_id


class RollImportState(StrEnum):
    WAITING = "waiting"  # read without a fault; a second person has to approve
    APPROVED = "approved"
    REFUSED = "refused"


class RollImportRow(SQLModel, table=True):
    """One uploaded file. Its people enter the roll only when a second person approves."""

    __tablename__ = "roll_import"
    __table_args__ = (one_of("state", RollImportState),)

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    file_name: str = Field(max_length=200)
    file_sha256: str = Field(max_length=64)
    report: dict[str, Any] = json_column()
    """Counts by district, warnings, changes against the roll before."""
    staged: bytes | None = binary(optional=True)
    """The rows, sealed under a key in MINGA_KEY_DIR; emptied once the letters are made."""
    state: str = Field(default=RollImportState.WAITING, max_length=12)
    uploaded_by: uuid.UUID | None = link("account.id", optional=True)
    """None: staged with the command line, by whoever runs the server."""
    uploaded_at: datetime = instant()


class RollEntryState(StrEnum):
    NO_CODE = "no_code"
    ACTIVE = "active"
    VOID = "void"


class RollEntryRow(SQLModel, table=True):
    """One person's right to vote in one round. No name, address or birth date."""

    __tablename__ = "roll_entry"
    __table_args__ = (
        one_of("state", RollEntryState),
        UniqueConstraint("round_id", "selector"),
        UniqueConstraint("round_id", "ext_key"),
        CheckConstraint("state <> 'active' OR code_check IS NOT NULL", name="active_has_code"),
    )

    id: uuid.UUID = random_id()
    round_id: uuid.UUID = link("round.id")
    district: str = Field(max_length=40)
    """The `code` of the smallest area the roll knows for this person."""
    selector: str | None = Field(default=None, max_length=5)
    salt: bytes | None = binary(optional=True)
    code_check: bytes | None = binary(optional=True)
    ext_key: str | None = Field(default=None, max_length=64)
    """Keyed hash of the register number: the same person twice is found, the number is not kept."""
    state: str = Field(default=RollEntryState.NO_CODE, max_length=10)


class LetterBatchRow(SQLModel, table=True):
    """A set of letters with voting codes, made once; the file is taken away once and then gone."""

    __tablename__ = "letter_batch"

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    letters: int
    district: str | None = Field(default=None, max_length=40)
    job_id: uuid.UUID | None = link("job.id", optional=True)
    requested_by: uuid.UUID | None = link("account.id", optional=True)
    requested_at: datetime = instant()
    ready_at: datetime | None = instant(optional=True)
    taken_at: datetime | None = instant(optional=True)
    taken_by: uuid.UUID | None = link("account.id", optional=True)
