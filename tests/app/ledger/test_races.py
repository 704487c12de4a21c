"""Many at once on both engines: never more is spent than there is, and nothing is done twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlmodel import Session
from town_ledger import balance, funded_voucher, move, open_town, open_voucher

from app.db import engine, read_tx, run_tx
from app.ledger import checking, holds, queries, service
from app.ledger.entries import TransferKind
from app.ledger.errors import HoldEndedError, InsufficientError, OverReversedError
from app.ledger.once import Answer, once

T = TransferKind
ROOT = Path(__file__).parents[3]


def _tried(work: object, times: int, threads: int = 40) -> Counter[str]:
    """Run `work(number)` so often in parallel; returns how often which error ended it."""
    engine.current().dispose()
    start = threading.Barrier(threads)

    def one(number: int) -> str:
        if number < threads:
            start.wait(30)
        try:
            work(number)
        except (InsufficientError, OverReversedError, HoldEndedError) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(one, range(times)))


def _holds() -> bool:
    return all(one.offence is None for one in read_tx(checking.check_all))


def test_of_forty_spends_of_ten_on_a_hundred_ten_pass(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)

    outcome = _tried(lambda _n: move(T.REDEEM, voucher, town.provider, 10), 40)

    assert outcome == {"done": 10, "InsufficientError": 30}
    assert (balance(voucher), balance(town.provider)) == (0, 100)
    assert _holds()


def test_one_key_forty_times_has_one_effect_and_forty_equal_answers(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)
    answers: list[Answer] = []

    def charge(session: Session) -> Answer:
        spent = service.post(session, T.REDEEM, voucher, town.provider, 10, event_id=uuid.uuid4())
        return Answer(201, spent.id.bytes)

    def ask(_number: int) -> None:
        answers.append(run_tx(lambda session: once(session, "till", "k", b"", charge)))

    outcome = _tried(ask, 40)

    assert outcome == {"done": 40}
    assert len({answer.body for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert balance(voucher) == 90


def test_sixty_four_threads_on_fifty_vouchers_spend_what_there_is(database: str) -> None:
    town = open_town()
    vouchers = [funded_voucher(town, 100) for _ in range(50)]
    rng = random.Random(7)
    chosen = [rng.choice(vouchers) for _ in range(800)]

    outcome = _tried(lambda n: move(T.REDEEM, chosen[n], town.provider, 10), 800, threads=64)

    allowed = sum(min(10, count) for count in Counter(chosen).values())
    assert outcome["done"] == allowed
    assert balance(town.provider) == allowed * 10
    assert _holds()


def test_a_transfer_is_reversed_once_though_many_try_on_two_vouchers(database: str) -> None:
    town = open_town()
    old, new = funded_voucher(town, 100), open_voucher(town)
    spent = move(T.REDEEM, old, town.provider, 30)

    def take_back(number: int) -> None:
        move(T.REVERSE, town.provider, (old, new)[number % 2], 10, reverses_id=spent.id)

    outcome = _tried(take_back, 16, threads=16)

    assert outcome == {"done": 3, "OverReversedError": 13}
    assert balance(town.provider) == 0


def test_a_hold_is_captured_once_though_many_try(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)
    ends = read_tx(lambda session: queries.transfers_of_account(session, voucher))[0].posted_at
    booked = run_tx(lambda s: holds.place(s, voucher, 60, ends_at=ends, event_id=uuid.uuid4()))

    outcome = _tried(
        lambda _n: run_tx(
            lambda s: holds.capture(s, booked, town.provider, 45, event_id=uuid.uuid4())
        ),
        16,
        threads=16,
    )

    assert outcome == {"done": 1, "HoldEndedError": 15}
    assert (balance(voucher), balance(town.provider)) == (55, 45)


def test_grants_and_donations_that_cross_do_not_wait_for_each_other(database: str) -> None:
    town = open_town()
    vouchers = [funded_voucher(town, 100) for _ in range(4)]
    move(T.DONATE, vouchers[0], town.pool, 50)

    def cross(number: int) -> None:
        voucher = vouchers[number % 4]
        if number % 2:
            move(T.DONATE, voucher, town.pool, 1)
        else:
            move(T.GRANT, town.pool, voucher, 1)

    outcome = _tried(cross, 64, threads=16)

    assert outcome == {"done": 64}
    assert _holds()


SPENDER = """
import sys, uuid
from app.db import engine, run_tx
from app.ledger import service
from app.ledger.entries import TransferKind
engine.configure(sys.argv[1])
voucher, provider = map(uuid.UUID, sys.argv[2:])
print("ready", flush=True)
while True:
    run_tx(lambda s: service.post(
        s, TransferKind.REDEEM, voucher, provider, 1, event_id=uuid.uuid4()))
"""


def test_a_process_killed_while_posting_leaves_whole_movements_only(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 1_000_000)
    rng = random.Random(7)

    for _ in range(3):
        words = [sys.executable, "-c", SPENDER, database, str(voucher), str(town.provider)]
        spender = subprocess.Popen(words, stdout=subprocess.PIPE, cwd=ROOT, env=dict(os.environ))
        assert spender.stdout is not None
        assert spender.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0.1, 0.4))
        spender.send_signal(signal.SIGKILL)
        spender.wait()
        spender.stdout.close()

    move(T.REDEEM, voucher, town.provider, 1)
    assert balance(town.provider) > 3
    assert balance(voucher) + balance(town.provider) == 1_000_000
    assert _holds()
