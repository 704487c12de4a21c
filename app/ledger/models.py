"""The ledger's tables. They hold no names: a party and a subject are identifiers and no more.

Composite foreign keys carry kind and unit along, so that both engines refuse mixed units and
paths that no rule allows. Transfers and seals are insert-only (triggers of the revision).
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    Uuid,
)
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, link, new_id, one_of, random_id
from app.ledger.entries import FloorRule


def _whole(column: str) -> CheckConstraint:
    """A CHECK that SQLite, too, keeps no 10.5 in a column of whole numbers."""
    return CheckConstraint(f"{column} = CAST({column} AS BIGINT)", name=f"{column}_whole")


def _minor(*, optional: bool = False) -> Any:
    options: dict[str, Any] = {"default": None} if optional else {}
    return Field(sa_type=BigInteger, nullable=optional, **options)


class UnitRow(SQLModel, table=True):
    """What is counted: a currency in its smallest unit, later hours."""

    __tablename__ = "ledger_unit"

    unit: str = Field(primary_key=True, max_length=10)


class AccountKindRow(SQLModel, table=True):
    __tablename__ = "account_kind"
    __table_args__ = (
        one_of("floor_rule", FloorRule),
        UniqueConstraint("kind", "floor_rule"),
    )

    kind: str = Field(primary_key=True, max_length=20)
    floor_rule: str = Field(max_length=4)


class TransferRuleRow(SQLModel, table=True):
    """A path on which money may move. None but SETTLE leads out to the bank, whatever is added."""

    __tablename__ = "transfer_rule"
    __table_args__ = (
        ForeignKeyConstraint(["debit_kind"], ["account_kind.kind"]),
        ForeignKeyConstraint(["credit_kind"], ["account_kind.kind"]),
        CheckConstraint("credit_kind <> 'PAID' OR kind = 'SETTLE'", name="only_settle_pays"),
    )

    kind: str = Field(primary_key=True, max_length=20)
    debit_kind: str = Field(primary_key=True, max_length=20)
    credit_kind: str = Field(primary_key=True, max_length=20)


class PartyRow(SQLModel, table=True):
    """Somebody who has accounts. Who it is stands elsewhere, where it can be erased."""

    __tablename__ = "party"

    id: uuid.UUID = random_id()
    sort: str = Field(max_length=20)


class LedgerAccountRow(SQLModel, table=True):
    """An account. `balance_minor`: credits minus debits, stored exactly where there is a floor."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "floor_rule"], ["account_kind.kind", "account_kind.floor_rule"]
        ),
        UniqueConstraint("id", "kind", "unit"),
        UniqueConstraint("sole_key"),
        CheckConstraint("(floor_rule = 'none') = (floor_minor IS NULL)", name="floor_stated"),
        CheckConstraint("(floor_minor IS NULL) = (balance_minor IS NULL)", name="balance_stored"),
        CheckConstraint("floor_rule <> 'zero' OR floor_minor = 0", name="floor_zero"),
        CheckConstraint("floor_minor <= 0", name="floor_sign"),
        CheckConstraint("balance_minor >= floor_minor", name="floor"),
        _whole("balance_minor"),
        _whole("floor_minor"),
    )

    id: uuid.UUID = new_id()
    kind: str = Field(max_length=20)
    floor_rule: str = Field(max_length=4)
    unit: str = Field(foreign_key="ledger_unit.unit", max_length=10)
    party_id: uuid.UUID | None = link("party.id", optional=True)
    subject_id: uuid.UUID | None = Field(default=None, sa_type=Uuid, index=True)
    """The programme that the money belongs to."""
    sole_key: str | None = Field(default=None, max_length=120)
    """Kind, unit, party and subject, for kinds of which there is one account each."""
    floor_minor: int | None = _minor(optional=True)
    balance_minor: int | None = _minor(optional=True)


class TransferRow(SQLModel, table=True):
    """One balanced movement. It never changes; a correction is another one that cites it."""

    __tablename__ = "transfer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["debit_id", "debit_kind", "unit"],
            ["ledger_account.id", "ledger_account.kind", "ledger_account.unit"],
        ),
        ForeignKeyConstraint(
            ["credit_id", "credit_kind", "unit"],
            ["ledger_account.id", "ledger_account.kind", "ledger_account.unit"],
        ),
        ForeignKeyConstraint(
            ["kind", "debit_kind", "credit_kind"],
            ["transfer_rule.kind", "transfer_rule.debit_kind", "transfer_rule.credit_kind"],
        ),
        UniqueConstraint("event_id", "kind", "debit_id", "credit_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        CheckConstraint("kind <> 'REVERSE' OR reverses_id IS NOT NULL", name="reverse_cites"),
        _whole("amount_minor"),
        Index("ix_transfer_posted_at_id", "posted_at", "id"),
    )

    id: uuid.UUID = new_id()
    event_id: uuid.UUID = Field(sa_type=Uuid)
    """What happened; several transfers may belong to one event."""
    kind: str = Field(max_length=20)
    debit_id: uuid.UUID = Field(sa_type=Uuid, index=True)
    debit_kind: str = Field(max_length=20)
    credit_id: uuid.UUID = Field(sa_type=Uuid, index=True)
    credit_kind: str = Field(max_length=20)
    unit: str = Field(max_length=10)
    amount_minor: int = _minor()
    reference: str = Field(default="", max_length=120)
    actor: str = Field(default="", max_length=120)
    reverses_id: uuid.UUID | None = link("transfer.id", optional=True)
    posted_at: datetime = instant()
    """By the database's clock."""


class HoldRow(SQLModel, table=True):
    """An amount set aside for a booked visit, on an account of its own."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint(
            "status IN ('pending', 'captured', 'released', 'timed_out')", name="status"
        ),
        CheckConstraint("amount_minor > 0", name="amount"),
        _whole("amount_minor"),
    )

    id: uuid.UUID = new_id()
    account_id: uuid.UUID = Field(foreign_key="ledger_account.id", sa_type=Uuid, unique=True)
    voucher_id: uuid.UUID = link("ledger_account.id")
    """The account that the amount came from."""
    amount_minor: int = _minor()
    status: str = Field(default="pending", max_length=10)
    ends_at: datetime = instant(index=True)


class IdempotencyRow(SQLModel, table=True):
    """What was answered to whom under which key; without status only inside its transaction."""

    __tablename__ = "idempotency"

    actor: str = Field(primary_key=True, max_length=120)
    key: str = Field(primary_key=True, max_length=120)
    body_sha256: bytes = Field(sa_type=LargeBinary(32))
    status: int | None = None
    response: bytes | None = binary(optional=True)
    created_at: datetime = instant()


class SealRow(SQLModel, table=True):
    """A digest over the transfers from the seal before up to `until_at`, chained to that seal."""

    __tablename__ = "ledger_seal"

    seal_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    until_at: datetime = instant()
    """Later than every sealed transfer: the first instant that is not sealed."""
    count: int
    rows_sha256: str = Field(max_length=64)
    head_sha256: str = Field(max_length=64)


# What the statements of the ledger are written with: each is exact SQL.
_tables = SQLModel.metadata.tables
ACCOUNTS = _tables["ledger_account"]
HOLDS = _tables["hold"]
IDEMPOTENCY = _tables["idempotency"]
PARTIES = _tables["party"]
RULES = _tables["transfer_rule"]
SEALS = _tables["ledger_seal"]
TRANSFERS = _tables["transfer"]
UNITS = _tables["ledger_unit"]
