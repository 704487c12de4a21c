"""Requests to the shared pool. What was given is in the ledger and nowhere else."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, text
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, link, new_id, one_of
from app.pool.rules import Need, State

_UNDER_WAY = text("state IN ('draft', 'sent')")


class PoolRequestRow(SQLModel, table=True):
    """What a resident asks of the pool of a programme, and what two officers decided."""

    __tablename__ = "pool_request"
    __table_args__ = (
        one_of("state", State),
        one_of("need", Need),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("granted_minor >= 0 AND granted_minor <= amount_minor", name="granted"),
        CheckConstraint("confirmed_by <> decided_by", name="two_people"),
        CheckConstraint(
            "state <> 'decided' OR (decided_by IS NOT NULL AND confirmed_by IS NOT NULL "
            "AND granted_minor IS NOT NULL AND decided_at IS NOT NULL)",
            name="decided",
        ),
        Index(
            "uq_pool_request_under_way",
            "resident_id",
            "programme_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: uuid.UUID = new_id()
    resident_id: uuid.UUID = link("resident.id", index=False)
    programme_id: uuid.UUID = link("programme.id")
    account_id: uuid.UUID = link("account.id")
    state: str = Field(default=State.DRAFT, max_length=10)
    need: str | None = Field(default=None, max_length=12)
    """None: not answered yet."""
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    words: str = Field(default="", sa_type=Text)
    """In the resident's words, if they want; deleted with the decision."""
    made_at: datetime = instant()
    sent_at: datetime | None = instant(optional=True)
    granted_minor: int | None = Field(default=None, sa_type=BigInteger)
    """0: refused."""
    reason: str = Field(default="", sa_type=Text)
    """Why it was decided so; the resident reads it."""
    decided_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    confirmed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    decided_at: datetime | None = instant(optional=True)
