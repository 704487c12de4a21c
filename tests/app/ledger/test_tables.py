"""What the tables refuse by themselves, whatever the service would do."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from ledger_rows import NOON, fill
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db import engine
from app.ledger.entries import FLOORS, PATHS
from app.ledger.models import ACCOUNTS, RULES, TRANSFERS, UNITS, AccountKindRow

VOUCHER, HOLD = uuid.UUID(int=1), uuid.UUID(int=1_001)
MOVE: dict[str, Any] = {
    "id": uuid.UUID(int=90),
    "event_id": uuid.UUID(int=90),
    "kind": "HOLD",
    "debit_id": VOUCHER,
    "debit_kind": "VOUCHER",
    "credit_id": HOLD,
    "credit_kind": "HOLD",
    "unit": "EUR",
    "amount_minor": 5,
    "reference": "",
    "actor": "",
    "posted_at": NOON,
}


def _write(work: Callable[[Connection], Any]) -> None:
    with engine.current().execution_options(**{engine.WRITE: True}).begin() as connection:
        work(connection)


def _account(connection: Connection, **values: Any) -> None:
    row = {"id": uuid.UUID(int=77), "kind": "VOUCHER", "floor_rule": "zero", "unit": "EUR"}
    connection.execute(
        insert(ACCOUNTS).values(**(row | {"floor_minor": 0, "balance_minor": 0} | values))
    )


def test_the_rows_of_kinds_and_paths_are_those_of_the_code(database: str) -> None:
    with engine.current().connect() as connection:
        kinds = connection.execute(select(AccountKindRow.kind, AccountKindRow.floor_rule)).all()
        paths = connection.execute(select(*RULES.c)).all()

    assert {tuple(row) for row in kinds} == {(k.value, f.value) for k, f in FLOORS.items()}
    assert {tuple(row) for row in paths} == {tuple(map(str, path)) for path in PATHS}


def test_a_transfer_that_keeps_all_rules_is_taken(database: str) -> None:
    _write(lambda connection: fill(connection, 1))

    _write(lambda connection: connection.execute(insert(TRANSFERS).values(**MOVE)))

    with engine.current().connect() as connection:
        assert len(connection.execute(select(TRANSFERS)).all()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "DONATE"},
        {"kind": "RELEASE"},
        {"debit_kind": "POOL", "kind": "GRANT", "credit_kind": "VOUCHER"},
        {"unit": "HOUR"},
        {"amount_minor": 0},
        {"amount_minor": -5},
        {"credit_id": VOUCHER, "credit_kind": "VOUCHER", "kind": "REPLACE"},
        {"reverses_id": uuid.UUID(int=5)},
    ],
    ids=str,
)
def test_what_no_rule_allows_is_refused_by_the_tables(database: str, wrong: dict[str, Any]) -> None:
    _write(lambda connection: fill(connection, 1))
    _write(lambda connection: connection.execute(insert(UNITS).values(unit="HOUR")))

    with pytest.raises(IntegrityError):
        _write(lambda connection: connection.execute(insert(TRANSFERS).values(**(MOVE | wrong))))


def test_no_added_rule_but_settling_can_lead_to_the_bank(database: str) -> None:
    with pytest.raises(IntegrityError):
        _write(
            lambda connection: connection.execute(
                insert(RULES).values(kind="GIFT", debit_kind="VOUCHER", credit_kind="PAID")
            )
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"balance_minor": -1},
        {"floor_minor": -10},
        {"floor_minor": None, "balance_minor": None},
        {"balance_minor": None},
        {"floor_rule": "none"},
        {"floor_rule": "none", "floor_minor": None, "balance_minor": None},
        {"kind": "PROVIDER"},
        {"kind": "COVER", "floor_rule": "set", "floor_minor": 5, "balance_minor": 5},
        {"kind": "COVER", "floor_rule": "set", "floor_minor": -5, "balance_minor": -6},
        {"unit": "SHELLS"},
    ],
    ids=str,
)
def test_an_account_that_breaks_its_floor_is_refused_by_the_tables(
    database: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        _write(lambda connection: _account(connection, **wrong))


@pytest.mark.parametrize("table", ["transfer", "ledger_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_transfers_and_seals_can_neither_be_changed_nor_deleted(
    database: str, table: str, statement: str
) -> None:
    _write(lambda connection: fill(connection, 1))
    column = "amount_minor" if table == "transfer" else "count"

    with pytest.raises(DBAPIError, match="insert-only"):
        _write(lambda connection: connection.exec_driver_sql(statement.format(table, column)))


def test_an_answer_that_was_given_cannot_be_changed(database: str) -> None:
    answer = "UPDATE idempotency SET status = 200, response = NULL"
    _write(lambda connection: fill(connection, 1))
    _write(lambda connection: connection.exec_driver_sql(answer))

    with pytest.raises(DBAPIError, match="what was answered stays"):
        _write(lambda connection: connection.exec_driver_sql(answer))


@pytest.mark.parametrize("table", ["transfer", "ledger_seal"])
def test_tables_cannot_be_emptied_at_one_stroke(database: str, table: str) -> None:
    if engine.is_sqlite():
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="insert-only"):
        _write(lambda connection: connection.exec_driver_sql(f"TRUNCATE {table} CASCADE"))


@pytest.mark.parametrize("same", ["id", "event"])
def test_replacing_a_transfer_is_refused_even_without_recursive_triggers(
    database: str, same: str
) -> None:
    if not engine.is_sqlite():
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    _write(lambda connection: fill(connection, 1))
    one = uuid.UUID(int=1)
    row = MOVE | ({"id": one} if same == "id" else {"event_id": one})

    def replace(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.execute(insert(TRANSFERS).prefix_with("OR REPLACE").values(**row))

    with pytest.raises(DBAPIError, match="insert-only"):
        _write(replace)


def test_sqlite_keeps_no_fraction_of_a_cent(database: str) -> None:
    if not engine.is_sqlite():
        pytest.skip("PostgreSQL rounds what it is given before any rule sees it")
    _write(lambda connection: fill(connection, 1))

    with pytest.raises(IntegrityError, match="amount_minor_whole"):
        _write(
            lambda connection: connection.execute(
                insert(TRANSFERS).values(**(MOVE | {"amount_minor": 10.5}))
            )
        )
    with pytest.raises(IntegrityError, match="balance_minor_whole"):
        _write(
            lambda connection: connection.exec_driver_sql(
                "UPDATE ledger_account SET balance_minor = 10.5"
            )
        )
