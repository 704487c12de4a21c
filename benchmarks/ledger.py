"""The ledger's time and memory on both engines, as ratios in one run.

    .venv/bin/python benchmarks/ledger.py [TRANSFERS]

A spend (key, receipt, conditional update, transfer, stored answer) against a bare transaction with
the same conditional update and two inserts; issuing and redeeming 100,000 vouchers (aim: a minute
each, memory flat); the check of 1,000,000 transfers with a seal over them (aim: 20 seconds).
PostgreSQL is measured where its server is installed.
"""

import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import engines  # noqa: E402
from town_ledger import Town, funded_voucher, open_town  # noqa: E402

from app.db import engine, read_tx, run_tx, schema  # noqa: E402
from app.ledger import checking, sealing, service  # noqa: E402
from app.ledger.batch import Move, post_many  # noqa: E402
from app.ledger.entries import AccountKind, TransferKind  # noqa: E402
from app.ledger.once import Answer, once  # noqa: E402

T = TypeVar("T")
SPENDS = 500
VOUCHERS = 100_000
BARE = (
    "CREATE TABLE bare_purse (id INTEGER PRIMARY KEY, balance BIGINT CHECK (balance >= 0))",
    "CREATE TABLE bare_spend (id VARCHAR(32) PRIMARY KEY, purse INTEGER, amount BIGINT)",
    "CREATE TABLE bare_answer (id VARCHAR(32) PRIMARY KEY, answer VARCHAR(40))",
    "INSERT INTO bare_purse VALUES (1, 1000000000)",
)


def main(transfers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/minga.sqlite3", transfers)
    programs = engines.postgres_programs()
    if programs is None:
        print("PostgreSQL: its server is not installed, not measured")
        return
    with engines.postgres_server(programs) as server:
        _measure("PostgreSQL", engines.make_database(server, "minga"), transfers)


def _measure(name: str, url: str, transfers: int) -> None:
    engine.configure(url)
    schema.upgrade()
    town = open_town()
    _spending(name, town)
    vouchers = _timed(f"{name}: issuing {VOUCHERS:,}", lambda: run_tx(lambda s: _issue(s, town)))
    rounds = max(1, (transfers - VOUCHERS) // VOUCHERS)
    _timed(f"{name}: redeeming {VOUCHERS:,}", lambda: _redeem(town, vouchers))
    for _ in range(rounds - 1):
        _redeem(town, vouchers)
    in_all = VOUCHERS * (rounds + 1)
    sealed = _timed(f"{name}: sealing {in_all:,}", lambda: run_tx(_seal))
    assert sealed is not None  # noqa: S101 (a benchmark)
    findings = _timed(f"{name}: checking {in_all:,}", lambda: read_tx(checking.check_all))
    broken = [one for one in findings if one.offence]
    if broken:
        sys.exit(f"{name}: {broken}")
    engine.current().dispose()


def _spending(name: str, town: Town) -> None:
    voucher = funded_voucher(town, 10_000_000)
    with engine.current().execution_options(**{engine.WRITE: True}).begin() as connection:
        for statement in BARE:
            connection.exec_driver_sql(statement)

    def spend(session: Session) -> Answer:
        post = (TransferKind.REDEEM, voucher, town.provider)
        return Answer(201, service.post(session, *post, 1, event_id=uuid.uuid4()).id.bytes)

    def ours() -> None:
        run_tx(lambda session: once(session, "till", uuid.uuid4().hex, b"{}", spend))

    def bare() -> None:
        run_tx(_bare_spend)

    bare()
    ours()
    seconds = {}
    for label, act in (("bare", bare), ("ledger", ours)):
        start = time.perf_counter()
        for _ in range(SPENDS):
            act()
        seconds[label] = (time.perf_counter() - start) / SPENDS
    print(
        f"{name}: a spend takes {seconds['ledger'] * 1000:.2f} ms, bare "
        f"{seconds['bare'] * 1000:.2f} ms: {seconds['bare'] / seconds['ledger']:.2f} of its speed"
    )


def _bare_spend(session: Session) -> None:
    connection, key = session.connection(), uuid.uuid4().hex
    done = connection.exec_driver_sql(
        "UPDATE bare_purse SET balance = balance - 1 WHERE id = 1 AND balance - 1 >= 0"
    )
    if done.rowcount != 1:
        sys.exit("the bare purse is empty")
    connection.exec_driver_sql(f"INSERT INTO bare_spend VALUES ('{key}', 1, 1)")  # noqa: S608
    connection.exec_driver_sql(f"INSERT INTO bare_answer VALUES ('{key}', 'done')")  # noqa: S608


def _issue(session: Session, town: Town) -> list[uuid.UUID]:
    event = uuid.uuid4()
    for kind, debit, credit in (
        (TransferKind.APPROPRIATE, town.treasury, town.fund),
        (TransferKind.RESERVE, town.fund, town.reserve),
    ):
        service.post(session, kind, debit, credit, VOUCHERS * 120_00, event_id=event)
    vouchers = service.open_accounts(
        session, AccountKind.VOUCHER, party_ids=[None] * VOUCHERS, subject_id=town.subject
    )
    moves = (Move(town.reserve, voucher, 120_00, uuid.uuid4()) for voucher in vouchers)
    post_many(session, TransferKind.ISSUE, moves)
    return vouchers


def _redeem(town: Town, vouchers: list[uuid.UUID]) -> None:
    moves = [Move(one, town.provider, 1_00, uuid.uuid4()) for one in vouchers]
    run_tx(lambda session: post_many(session, TransferKind.REDEEM, moves))


def _seal(session: Session) -> object:
    return sealing.seal(session, lag=sealing.LAG * 0)


def _timed(label: str, work: Callable[[], T]) -> T:
    start = time.perf_counter()
    done = work()
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{label}: {time.perf_counter() - start:.1f} s, at most {memory_mb} MB so far", flush=True
    )
    return done


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
