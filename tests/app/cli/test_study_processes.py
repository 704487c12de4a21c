"""The processes that count for a study: what they survive, and how they end."""

import json
import sys
import threading
import time
from pathlib import Path

import pytest
from pb_files import DATA

from app.cli.study import unit
from app.cli.study.processes import CountingProcess, Pool
from app.cli.study.work import VERSION

# Does with an order what the order says; everything that it is asked is noted in a file.
STUB = """
import os, sys, time
from multiprocessing.connection import Connection
connection = Connection(int(sys.argv[2]))
connection.send_bytes(b"ready")
while True:
    order, content = connection.recv_bytes().decode(), connection.recv_bytes()
    with open(sys.argv[1], "a") as log: log.write(order + chr(10))
    if order == "die": os._exit(9)
    if order == "sleep": time.sleep(600)
    connection.send_bytes(b'{"refusal_code": null, "winners": ["1"]}')
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "orders.txt"
    stub = (sys.executable, "-c", STUB, str(path))
    pool = Pool(lambda: CountingProcess(stub))
    monkeypatch.setattr(unit, "POOL", pool)
    yield path
    pool.close()


def test_one_process_counts_one_thing_after_the_other(log: Path) -> None:
    results = [unit.count_unit(b"", "count", 9) for _ in range(2)]

    assert [result["winners"] for result in results] == [["1"], ["1"]]
    assert log.read_text() == "count\ncount\n"
    assert len(unit.POOL._idle) == 1


def test_a_count_that_kills_three_processes_is_refused_and_the_next_one_is_not(log: Path) -> None:
    result = unit.count_unit(b"", "die", 9)

    assert log.read_text() == "die\ndie\ndie\n"
    assert result["refusal_code"] == "worker_died"
    assert "died 3 times" in str(result["refusal"])
    assert result["version"] == VERSION
    assert unit.count_unit(b"", "count", 9)["winners"] == ["1"]


def test_a_count_that_takes_too_long_is_ended_and_refused(log: Path) -> None:
    unit.count_unit(b"", "count", 9)
    process = unit.POOL._idle[0]

    result = unit.count_unit(b"", "sleep", 1)

    assert result["refusal_code"] == "time_limit"
    assert "longer than 1 seconds" in str(result["refusal"])
    assert not process.is_alive
    assert unit.count_unit(b"", "count", 9)["winners"] == ["1"]


def test_at_the_end_of_a_study_a_running_count_is_ended_and_no_other_started(log: Path) -> None:
    pool, errors = unit.POOL, []

    def work() -> None:
        try:
            unit.count_unit(b"", "sleep", 600)
        except RuntimeError as error:
            errors.append(str(error))

    worker = threading.Thread(target=work)
    worker.start()
    while not log.exists():
        time.sleep(0.01)
    [process] = pool._busy
    pool.close()
    worker.join(timeout=10)

    assert errors == ["the study has ended"]
    assert not process.is_alive
    assert log.read_text() == "sleep\n"


def test_a_real_process_counts_and_survives_a_fault_of_ours() -> None:
    process = CountingProcess()
    content = (DATA / "approval.pb").read_bytes()
    try:
        counted = json.loads(process.count(b'{"rule": "greedy"}', content, seconds_max=60))
        faulty = json.loads(process.count(b"7", content, seconds_max=60))
        again = json.loads(process.count(b'{"rule": "greedy"}', content, seconds_max=60))
    finally:
        process.end()

    assert counted["number_of_winners"] == 4
    assert faulty["refusal_code"] == "fault"
    assert "AttributeError" in faulty["refusal"]
    assert {**again, "seconds": 0} == {**counted, "seconds": 0}
