import threading
from concurrent.futures import ThreadPoolExecutor

import factories
import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app import clock
from app.db import engine, read_tx, run_tx
from app.errors import BusyError
from app.town.models import TownRow

CLIENTS = 16


def _name() -> str:
    return read_tx(lambda session: session.get_one(TownRow, 1).name)


def test_a_failing_transaction_leaves_nothing_behind(database: str) -> None:
    def write_then_fail(session: Session) -> None:
        session.add(TownRow(name="Half", created_at=clock.now()))
        session.flush()
        raise LookupError("something of ours broke")

    with pytest.raises(LookupError):
        run_tx(write_then_fail)

    assert read_tx(lambda session: session.exec(select(TownRow)).all()) == []


def test_a_reading_transaction_cannot_write(database: str) -> None:
    factories.make_town("Before")

    with pytest.raises(DBAPIError):
        read_tx(lambda session: session.exec(update(TownRow).values(name="After")))

    assert _name() == "Before"


def test_transactions_do_not_nest(database: str) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        run_tx(lambda _session: run_tx(lambda _inner: None))


def test_a_read_sees_one_moment(database: str) -> None:
    factories.make_town("Before")
    seen: list[str] = []

    def read_twice(session: Session) -> None:
        seen.append(session.get_one(TownRow, 1).name)
        session.expire_all()
        writer = threading.Thread(target=lambda: run_tx(_rename))
        writer.start()
        writer.join()
        seen.append(session.get_one(TownRow, 1).name)

    read_tx(read_twice)

    assert seen == ["Before", "Before"]
    assert _name() == "After"


def _rename(session: Session) -> None:
    session.exec(update(TownRow).values(name="After"))


def test_sixteen_writers_at_once_all_count(database: str) -> None:
    factories.make_town()
    engine.current().dispose()

    def add_one(_number: int) -> None:
        run_tx(
            lambda session: session.exec(
                update(TownRow).values(minor_per_unit=col(TownRow.minor_per_unit) + 1)
            )
        )

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(add_one, range(4 * CLIENTS)))

    added = read_tx(lambda session: session.get_one(TownRow, 1).minor_per_unit) - 100
    assert added == 4 * CLIENTS


def test_who_waits_too_long_gets_a_sentence_and_nothing_is_written(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not engine.is_sqlite():
        monkeypatch.setattr("app.db.tx.ATTEMPTS_MAX", 1)
    monkeypatch.setattr("app.db.write_gate.WAIT_SECONDS_MAX", 0.05)
    factories.make_town("Before")
    let_go, held = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        session.exec(update(TownRow).values(name="Holder"))
        held.set()
        let_go.wait(30)

    def want(session: Session) -> None:
        if not engine.is_sqlite():
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        _rename(session)

    holder = threading.Thread(target=lambda: run_tx(hold))
    holder.start()
    held.wait(30)
    try:
        with pytest.raises(BusyError, match="Nothing was changed"):
            run_tx(want)
    finally:
        let_go.set()
        holder.join()

    assert _name() == "Holder"
