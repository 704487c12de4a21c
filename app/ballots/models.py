"""Sealed slots: ballots without a person, a time or an order.

SQLAlchemy Core tables, since every statement on them is written out. A slot is
HMAC(k_slot, round, pot, roll entry) under the round's key K, which is in no database and is
destroyed after the complaint period. On SQLite the tables have no row number (`WITHOUT ROWID`),
because that would keep the order of casting.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    Uuid,
)

from app.db.base import SQLModel

_metadata = SQLModel.metadata

ballot_draft = Table(
    "ballot_draft",
    _metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("draft_id", LargeBinary(32), primary_key=True),  # HMAC(k_draft, slot)
    Column("sealed", LargeBinary, nullable=False),  # AES-GCM under k_draft
    sqlite_with_rowid=False,
)

ballot_head = Table(
    "ballot_head",
    _metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("slot", LargeBinary(32), primary_key=True),
    Column("version", Integer, nullable=False),  # the live one
    CheckConstraint("version BETWEEN 1 AND 50", name="version"),
    sqlite_with_rowid=False,
)

ballot = Table(
    "ballot",
    _metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("slot", LargeBinary(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("record", LargeBinary, nullable=False),  # canonical JSON
    UniqueConstraint("round_id", "slot", "commitment"),
    sqlite_with_rowid=False,
)

board_entry = Table(
    "board_entry",
    _metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("commitment", LargeBinary(32), primary_key=True),
    Column("batch_no", Integer, nullable=False),
    sqlite_with_rowid=False,
)

board_batch = Table(
    "board_batch",
    _metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("batch_no", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("prev_head", LargeBinary(32), nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    Column("published_on", Date, nullable=False),
    sqlite_with_rowid=False,
)
