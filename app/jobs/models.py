"""Work that outlives a request, and mail to be sent."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, json_column, new_id, one_of


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRow(SQLModel, table=True):
    """The row is the queue. `fence` rises with every claim: a worker that lost its job to another
    finds its fence stale and changes nothing."""

    __tablename__ = "job"
    __table_args__ = (one_of("state", JobState),)

    id: uuid.UUID = new_id()
    kind: str = Field(max_length=40, index=True)
    dedupe_key: str = Field(max_length=120, unique=True)
    args: dict[str, Any] = json_column()
    state: str = Field(default=JobState.QUEUED, max_length=10, index=True)
    step: str = Field(default="", max_length=200)
    progress: int = 0
    """Per cent."""
    attempt: int = 0
    fence: int = 0
    run_after: datetime = instant()
    heartbeat_at: datetime | None = instant(optional=True)
    error: str | None = Field(default=None, max_length=2000)
    created_at: datetime = instant()
    finished_at: datetime | None = instant(optional=True)


class OutboxRow(SQLModel, table=True):
    """A mail, written in the transaction that gives the reason for it; sent at least once."""

    __tablename__ = "outbox"

    id: uuid.UUID = new_id()
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str = Field(max_length=20_000)
    created_at: datetime = instant()
    sent_at: datetime | None = instant(optional=True)
    attempts: int = 0
    last_error: str | None = Field(default=None, max_length=500)
