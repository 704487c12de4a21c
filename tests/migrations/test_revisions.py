"""The revisions lead to the models, up and down, on both engines, with rows in every table."""

import random
import uuid
from datetime import UTC, datetime
from typing import Any

import ledger_rows
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError

from app.db import engine, schema
from app.db.models import LAID_DOWN, metadata
from app.db.types import Instant, Json
from app.paths import PACKAGE

ROWS = 30
"""Of each of 36 tables: over 1,000 rows in all."""


def test_the_file_names_the_newest_revision() -> None:
    """Two revisions made side by side then clash in git and not in production."""
    named = (PACKAGE / "db" / "migrations" / "CURRENT").read_text().strip()

    assert named == schema.head()


def test_models_and_revisions_agree(database: str) -> None:
    with engine.current().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata())

    assert differences == []


def test_every_check_of_the_models_is_in_the_database(database: str) -> None:
    """Alembic does not compare CHECK constraints, so they are compared here by name."""
    with engine.current().connect() as connection:
        inspector = inspect(connection)
        found = {
            check["name"]
            for table in metadata().tables
            for check in inspector.get_check_constraints(table)
        }

    wanted = {
        f"ck_{table.name}_{constraint.name}".replace(f"ck_{table.name}_ck_", "ck_")
        for table in metadata().tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }
    assert {name.split("ck_")[-1] for name in wanted} == {name.split("ck_")[-1] for name in found}


def test_an_unknown_revision_is_refused_in_a_sentence(database: str) -> None:
    writable = engine.current().execution_options(**{engine.WRITE: True})
    with writable.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_future'")

    with pytest.raises(schema.SchemaError, match="has revision 9999_future"):
        schema.check()


def test_revisions_go_down_and_up_again_with_rows(database: str) -> None:
    writable = engine.current().execution_options(**{engine.WRITE: True})
    with writable.begin() as connection:
        _fill(connection, random.Random(7))
        counted = _counts(connection)
    assert sum(counted.values()) > 1_000

    schema.downgrade()
    schema.upgrade()

    with engine.current().connect() as connection:
        left = _counts(connection)
    assert {name for name, count in left.items() if count} == set(LAID_DOWN)


def _counts(connection: Connection) -> dict[str, int]:
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in metadata().tables.items()
    }


def _fill(connection: Connection, rng: random.Random) -> None:
    known: dict[str, list[Any]] = ledger_rows.fill(connection, ROWS)
    for table in metadata().sorted_tables:
        if table.name in ledger_rows.TABLES:
            continue
        rows = [_row(table, rng, known, number) for number in range(_rows_of(table))]
        connection.execute(table.insert(), rows)
        for column in table.primary_key.columns:
            known[f"{table.name}.{column.name}"] = [row[column.name] for row in rows]


def _rows_of(table: Table) -> int:
    return 1 if table.name == "town" else ROWS


_FIXED = {
    ("town", "id"): 1,
    ("round", "state"): "review",
    ("round", "origin"): "own",
    ("area", "kind"): "district",
    ("account_role", "role"): "clerk",
    ("approval", "state"): "pending",
    ("approval", "decided_by"): None,
    ("job", "state"): "queued",
    ("proposal", "state"): "draft",
    ("review", "verdict"): "feasible",
    ("proposal_message", "kind"): "note",
    ("merge", "state"): "asked",
    ("roll_import", "state"): "waiting",
    ("roll_entry", "state"): "no_code",
    ("allocation_run", "kind"): "what_if",
    ("programme", "state"): "draft",
    ("programme", "funding"): "project",
    ("programme", "mode"): "full",
    ("project_programme", "floor_minor"): 1,
    ("project_programme", "cap_minor"): 2,
    ("suspension", "lifted_on"): None,
    ("provider", "kind"): "association",
    ("provider_person", "role"): "clerk",
    ("provider_bank", "confirmed_by"): None,
    ("provider_bank", "effective_at"): None,
    ("tariff", "service"): "childcare",
    ("tariff", "unit"): "hour",
    ("accreditation", "state"): "draft",
    ("accreditation", "decided_by"): None,
    ("accreditation", "confirmed_civil_by"): None,
    ("accreditation_service", "service"): "childcare",
    ("accreditation_event", "state"): "draft",
    ("evidence", "point"): "bank",
    ("evidence", "judgement"): "open",
    ("evidence_file", "point"): "bank",
    ("council_member", "side"): "civil",
    ("voucher", "state"): "inactive",
    ("voucher", "carrier"): "paper",
    ("voucher_replacement", "reason"): "lost",
    ("voucher_block", "answered_by"): None,
    ("voucher_block", "answered_at"): None,
    ("booking", "state"): "done",
    ("voucher_spent", "period"): "day",
    ("voucher_replacement", "pins_printed_by"): None,
    ("payment_request", "outcome"): "accepted",
    ("pool_request", "state"): "decided",
    ("pool_request", "need"): "illness",
    ("pool_request", "amount_minor"): 100,
    ("delegation", "provider_id"): None,
    ("delegate_use", "what"): "paid",
    ("identity_proof", "channel"): "desk",
    ("care_application", "state"): "decided",
    ("care_application", "income_kind"): "none",
    ("care_application", "carrier"): "phone",
    ("care_application", "confirmed_by"): None,
    ("entitlement", "carrier"): "phone",
    ("care_appeal", "answered_by"): None,
    ("care_appeal", "answered_at"): None,
    ("issue_batch", "pins_printed_by"): None,
    ("settlement_batch", "state"): "exported",
    ("settlement_batch", "bank_minor"): None,
    ("settlement_line", "state"): "carried",
    ("settlement_line", "unpaid"): "small",
    ("settlement_line", "gross_minor"): 7,
    ("settlement_line", "again_minor"): 2,
    ("settlement_line", "owed_back_minor"): 3,
    ("settlement_line", "fee_minor"): 1,
    ("settlement_line", "pay_minor"): 5,
    ("settlement_dispute", "side"): "holder",
    ("settlement_dispute", "state"): "rejected",
    ("settlement_dispute", "back_minor"): None,
}

_SECOND_PEOPLE = {
    ("suspension", "decided_by"),
    ("pool_request", "confirmed_by"),
    ("delegation", "confirmed_by"),
    ("issue_batch", "released_by"),
    ("voucher_replacement", "replaced_by"),
    ("voucher_block", "blocked_by"),
    ("settlement_batch", "released_by"),
    ("settlement_batch", "second_taken_by"),
    ("settlement_dispute", "decided_by"),
}
"""Columns that name another person, or another voucher, than the column before them."""


def _row(table: Table, rng: random.Random, known: dict[str, list[Any]], number: int) -> Any:
    return {column.name: _value(table, column, rng, known, number) for column in table.columns}


def _value(table: Table, column: Any, rng: random.Random, known: Any, number: int) -> Any:
    if (table.name, column.name) in _FIXED:
        return _FIXED[table.name, column.name]
    for foreign in column.foreign_keys:
        there = known.get(str(foreign.target_fullname), [])
        if column.nullable and not there:
            return None  # the table points at itself
        second = (table.name, column.name) in _SECOND_PEOPLE
        return there[(number + second) % len(there)]
    return _plain(column.type, rng, number, getattr(column.type, "length", None))


def _plain(kind: Any, rng: random.Random, number: int, length: int | None) -> Any:
    if isinstance(kind, Uuid):
        return uuid.UUID(int=rng.getrandbits(128), version=4)
    if isinstance(kind, LargeBinary):
        return rng.randbytes(32)
    if isinstance(kind, Instant | DateTime):
        return datetime(2027, 1, 1, number % 24, tzinfo=UTC)
    if isinstance(kind, Date):
        return datetime(2027, 1, 1, tzinfo=UTC).date()
    if isinstance(kind, Json):
        return {"number": number}
    if isinstance(kind, Text):
        return f"text {number}"
    name = type(kind).__name__
    if name in ("Integer", "BigInteger"):
        return number + 1
    if name == "Boolean":
        return number % 2 == 0
    if name == "Float":
        return 40.0
    return f"{number:x}{rng.getrandbits(64):x}"[: min(length or 20, 20)]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("ballot", "record"),
        ("rule_sheet", "sha256"),
        ("allocation_run", "reason"),
        ("audit", "action"),
    ],
)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_is_insert_only_can_neither_be_changed_nor_deleted(
    database: str, table: str, column: str, statement: str
) -> None:
    writable = engine.current().execution_options(**{engine.WRITE: True})
    with writable.begin() as connection:
        _fill(connection, random.Random(7))

    with pytest.raises(DBAPIError, match="insert-only"), writable.begin() as connection:
        connection.exec_driver_sql(statement.format(table, column))


def test_a_demo_can_never_become_a_real_town(database: str) -> None:
    writable = engine.current().execution_options(**{engine.WRITE: True})
    with writable.begin() as connection:
        _fill(connection, random.Random(7))

    with pytest.raises(DBAPIError, match="a demo stays a demo"), writable.begin() as connection:
        connection.exec_driver_sql("UPDATE town SET demo = NOT demo")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE round SET rule = '{}'",
        "UPDATE round SET ballot = '{}', currency = 'XXX'",
        "UPDATE project SET cost_minor = 1",
        "DELETE FROM project",
        "UPDATE pot SET budget_minor = 1",
    ],
)
def test_a_frozen_round_cannot_be_changed_even_at_the_databases_prompt(
    database: str, statement: str
) -> None:
    writable = engine.current().execution_options(**{engine.WRITE: True})
    with writable.begin() as connection:
        _fill(connection, random.Random(7))
        connection.exec_driver_sql("UPDATE round SET state = 'frozen'")

    with pytest.raises(DBAPIError, match="frozen"), writable.begin() as connection:
        connection.exec_driver_sql(statement)
