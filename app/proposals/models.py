"""Proposals of residents and their review, up to the day they become projects on a ballot."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, json_column, link, new_id, one_of
from app.proposals.rules import ProposalState, Verdict


class MessageKind(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"
    NOTE = "note"  # among staff


class MergeState(StrEnum):
    ASKED = "asked"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProposalRow(SQLModel, table=True):
    __tablename__ = "proposal"
    __table_args__ = (
        one_of("state", ProposalState),
        UniqueConstraint("round_id", "number"),
        CheckConstraint("own_cost_minor IS NULL OR own_cost_minor > 0", name="own_cost"),
    )

    id: uuid.UUID = new_id()
    round_id: uuid.UUID = link("round.id")
    author_id: uuid.UUID = link("account.id")
    number: int | None = None
    """Given at submission, counted per round; drafts have none."""
    state: str = Field(default=ProposalState.DRAFT, max_length=12)
    version: int = 1
    title: str = Field(default="", max_length=100)
    description: str = Field(default="", sa_type=Text)
    beneficiaries: str = Field(default="", max_length=600)
    area_id: uuid.UUID | None = link("area.id", optional=True)
    category_id: uuid.UUID | None = link("category.id", optional=True)
    latitude: float | None = None
    longitude: float | None = None
    own_cost_minor: int | None = Field(default=None, sa_type=BigInteger)
    picture_id: uuid.UUID | None = link("picture.id", optional=True)
    merged_into_id: uuid.UUID | None = link("proposal.id", optional=True)
    created_at: datetime = instant()
    updated_at: datetime = instant()
    submitted_at: datetime | None = instant(optional=True)


class ReviewRow(SQLModel, table=True):
    """Staff's work on one proposal. Sealed until the round's prices are released."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("cost_minor IS NULL OR cost_minor > 0", name="cost"),
        one_of("verdict", Verdict),
    )

    proposal_id: uuid.UUID = link("proposal.id", key=True)
    version: int = 1
    assigned_to: uuid.UUID | None = link("account.id", optional=True)
    checklist: dict[str, Any] = json_column()
    """Question key -> `yes`, `no` or `unsure`."""
    verdict: str | None = Field(default=None, max_length=12)
    reason: str = Field(default="", max_length=4000)
    """Read by the author: why, in plain words."""
    cost_minor: int | None = Field(default=None, sa_type=BigInteger)
    cost_explanation: str = Field(default="", max_length=4000)
    decided_by: uuid.UUID | None = link("account.id", optional=True)
    decided_at: datetime | None = instant(optional=True)


class ProposalMessageRow(SQLModel, table=True):
    """A question of the reviewer, an answer of the author, or a note among staff."""

    __tablename__ = "proposal_message"
    __table_args__ = (one_of("kind", MessageKind),)

    id: uuid.UUID = new_id()
    proposal_id: uuid.UUID = link("proposal.id")
    author_id: uuid.UUID = link("account.id")
    kind: str = Field(max_length=10)
    text: str = Field(max_length=4000)
    at: datetime = instant()


class MergeRow(SQLModel, table=True):
    """A wish of staff to join proposals; done once every author has agreed."""

    __tablename__ = "merge"
    __table_args__ = (one_of("state", MergeState),)

    id: uuid.UUID = new_id()
    target_id: uuid.UUID = link("proposal.id")
    title: str = Field(max_length=100)
    description: str = Field(sa_type=Text)
    reason: str = Field(max_length=2000)
    state: str = Field(default=MergeState.ASKED, max_length=10)
    asked_by: uuid.UUID = link("account.id")
    asked_at: datetime = instant()


class MergeConsentRow(SQLModel, table=True):
    """One proposal of a merge, with its author's word: None while not given."""

    __tablename__ = "merge_consent"

    merge_id: uuid.UUID = link("merge.id", key=True)
    proposal_id: uuid.UUID = link("proposal.id", key=True)
    agreed: bool | None = None
    at: datetime | None = instant(optional=True)
