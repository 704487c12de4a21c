import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlmodel import col, select
from town_ledger import Town, funded_voucher, move, open_town

from app.db import engine, read_tx, run_tx
from app.jobs.models import JobRow
from app.jobs.worker import run_due
from app.ledger import checking, cli, holds, queries, sealing
from app.ledger.entries import TransferKind
from app.ledger.once import Answer, once

T = TransferKind
AT_ONCE = timedelta()


def _busy_town() -> tuple[Town, uuid.UUID]:
    """Money on every sort of account, a hold, a reversal, an answer and a seal."""
    town = open_town(cover_minor=500)
    voucher = funded_voucher(town, 100)
    move(T.COVER, town.cover, town.reserve, 50)
    spent = move(T.REDEEM, voucher, town.provider, 40)
    move(T.REVERSE, town.provider, voucher, 5, reverses_id=spent.id)
    ends = datetime(2027, 5, 1, tzinfo=UTC)
    run_tx(lambda s: holds.place(s, voucher, 20, ends_at=ends, event_id=uuid.uuid4()))
    run_tx(lambda s: once(s, "till", "k", b"", lambda _s: Answer(200, b"{}")))
    run_tx(lambda session: sealing.seal(session, lag=AT_ONCE))
    return town, voucher


def _offences() -> dict[str, str]:
    found = read_tx(checking.check_all)
    return {one.name: one.offence for one in found if one.offence is not None}


def _tamper(*statements: str) -> None:
    """Change rows as somebody could who owns the database: without triggers and foreign keys."""
    bypass = engine.current().execution_options(**{engine.WRITE: True})
    with bypass.connect() as connection:
        if engine.is_sqlite():
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA query_only=OFF")
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA ignore_check_constraints=ON")
            for name in ("transfer_no_update", "transfer_no_delete", "ledger_seal_no_delete"):
                raw.execute(f"DROP TRIGGER IF EXISTS {name}")
            for statement in statements:
                raw.execute(statement)
            connection.invalidate()
            return
        with connection.begin():
            connection.exec_driver_sql("SET session_replication_role = replica")
            for statement in statements:
                connection.exec_driver_sql(statement)
        connection.invalidate()


def test_a_busy_ledger_holds_all_invariants(database: str) -> None:
    _busy_town()

    assert _offences() == {}
    assert len(read_tx(checking.check_all)) >= 7


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE ledger_account SET balance_minor = balance_minor + 1 WHERE kind = 'VOUCHER'",
            {"balances", "zero sum"},
        ),
        ("UPDATE transfer SET amount_minor = 41 WHERE kind = 'REDEEM'", {"balances", "seals"}),
        ("UPDATE transfer SET reference = 'x' WHERE kind = 'REDEEM'", {"seals"}),
        ("UPDATE transfer SET unit = 'GOLD' WHERE kind = 'REDEEM'", {"paths", "seals"}),
        ("UPDATE transfer SET kind = 'DONATE' WHERE kind = 'REDEEM'", {"paths", "seals"}),
        ("DELETE FROM transfer WHERE kind = 'COVER'", {"balances", "seals"}),
        ("UPDATE hold SET status = 'released'", {"holds"}),
        ("UPDATE idempotency SET actor = 'x', status = NULL", {"answers"}),
        ("DELETE FROM ledger_seal", set()),
    ],
)
def test_what_was_tampered_with_is_found(database: str, statement: str, found: set[str]) -> None:
    _busy_town()
    if "idempotency" in statement:
        statement = (
            "INSERT INTO idempotency (actor, key, body_sha256, created_at) "
            "SELECT 'x', key, body_sha256, created_at FROM idempotency"
        )

    _tamper(statement)

    assert set(_offences()) >= found
    assert set(_offences()) - found <= {"zero sum"}


def test_the_first_offending_row_is_named(database: str) -> None:
    _town, voucher = _busy_town()

    _tamper("UPDATE ledger_account SET balance_minor = 999 WHERE kind = 'VOUCHER'")

    sentence = _offences()["balances"]
    assert voucher.hex in sentence.replace("-", "")
    assert "stores 999 EUR, its transfers sum to 45" in sentence


def test_a_reversal_above_its_transfer_is_found(database: str) -> None:
    _busy_town()

    _tamper("UPDATE transfer SET amount_minor = 41 WHERE kind = 'REVERSE'")

    assert "41 of it is reversed" in _offences()["reversals"]


def test_seals_are_chained_and_each_covers_what_came_since(database: str) -> None:
    town, voucher = _busy_town()
    move(T.REDEEM, voucher, town.provider, 1)

    second = run_tx(lambda session: sealing.seal(session, lag=AT_ONCE))
    third = run_tx(lambda session: sealing.seal(session, lag=AT_ONCE))

    first, stored = read_tx(queries.seals)
    assert second is not None
    assert (first.count, second.count, third) == (7, 1, None)
    assert stored.head_sha256 == second.head_sha256
    assert second.head_sha256 == sealing.head_of(
        first.head_sha256, 2, second.until_at, 1, second.rows_sha256
    )
    assert _offences() == {}


def test_a_missing_seal_and_a_row_put_in_later_are_found(database: str) -> None:
    town, voucher = _busy_town()
    move(T.REDEEM, voucher, town.provider, 1)
    run_tx(lambda session: sealing.seal(session, lag=AT_ONCE))
    move(T.REDEEM, voucher, town.provider, 2)

    _tamper("UPDATE transfer SET posted_at = (SELECT min(posted_at) FROM transfer)"
            " WHERE amount_minor = 2 AND kind = 'REDEEM'")  # fmt: skip
    assert _offences()["seals"] == "seal 1 covers 7 transfers, there are 8"

    _tamper("DELETE FROM ledger_seal WHERE seal_no = 1")
    assert _offences()["seals"] == "seal 1 is missing"


def test_what_is_younger_than_five_minutes_waits_for_the_next_seal(database: str) -> None:
    funded_voucher(open_town(), 100)

    assert run_tx(sealing.seal) is None


def test_from_the_first_treasury_on_a_job_seals_every_night(
    app: object, at: object, noon: datetime
) -> None:
    funded_voucher(open_town(), 100)
    at(noon + timedelta(hours=14))

    run_due()

    nights = select(JobRow).where(col(JobRow.kind) == sealing.JOB)
    kept = read_tx(lambda session: session.exec(nights).all())
    assert [row.count for row in read_tx(queries.seals)] == [3]
    assert [(row.state, row.run_after) for row in sorted(kept, key=lambda r: r.run_after)] == [
        ("done", noon + timedelta(hours=13)),
        ("queued", noon + timedelta(hours=37)),
    ]


def test_the_command_tells_each_invariant_and_fails_with_the_first_offence(app: Flask) -> None:
    _busy_town()

    def run(*words: str) -> Result:
        with app.app_context():
            return CliRunner().invoke(cli.ledger_group, words)

    fine = run("check")
    seals = json.loads(run("seals", "--json", "-").stdout)["seals"]
    _tamper("UPDATE hold SET status = 'released'")
    broken = run("check", "--json", "-")

    assert fine.exit_code == 0, fine.output
    lines = fine.output.splitlines()
    assert [line.endswith(" holds") for line in lines] == [True] * len(read_tx(checking.check_all))
    assert [one["count"] for one in seals] == [7]
    assert broken.exit_code == 1
    told = json.loads(broken.stdout)
    assert told["holds"] is False
    assert [one["invariant"] for one in told["invariants"] if one["offence"]] == ["holds"]
