"""Many tills at once over HTTP, and a server that dies under them, on both engines."""

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import factories
import pytest
from factories_providers import actor_of, make_provider
from factories_vouchers import Held, left_minor, make_programme_row, make_voucher, put
from flask import Flask
from sqlmodel import col, func, select

from app import clock
from app.config import Settings
from app.db import read_tx, run_tx
from app.ledger import checking
from app.providers import devices
from app.vouchers.models import RedemptionRow

PATH = "/api/v1/redemptions"
MINGA = Path(sys.executable).with_name("minga")
CLIENTS = 64
KEYS_PER_VOUCHER = 5
VALUE_MINOR, AMOUNT_MINOR = 10_000, 3_000
FIT = VALUE_MINOR // AMOUNT_MINOR
TILLS_AT_THE_DOOR = 6
PATIENCE_S = 60

Answer = tuple[int, bytes]


@dataclass(frozen=True)
class Press:
    """One press of the button at a till. The same key is the same press, sent again."""

    held: Held
    key: str

    @property
    def body(self) -> dict[str, Any]:
        amount = {"service": "home-care", "amount_minor": AMOUNT_MINOR}
        return {"code": self.held.code, "pin": self.held.pin, **amount}


@pytest.fixture
def token(app: Flask) -> str:
    """A device of an accredited provider."""
    manager = factories.make_account()
    provider, _ = make_provider(manager=manager)
    with app.test_request_context():
        return run_tx(lambda s: devices.make(s, actor_of(manager), provider.id, "Till"))[1]


def make_vouchers(app: Flask, number: int) -> list[Held]:
    today = clock.now().date()
    with app.test_request_context():
        programme = make_programme_row(number * VALUE_MINOR)
        made = [make_voucher(VALUE_MINOR, programme_id=programme) for _ in range(number)]
    for held in made:
        put(held.id, starts_on=today, expires_on=today + timedelta(days=90))
    return made


def presses_on(vouchers: Sequence[Held]) -> list[Press]:
    return [Press(held, uuid.uuid4().hex) for held in vouchers for _ in range(KEYS_PER_VOUCHER)]


def accepted(answer: Answer) -> bool:
    return answer[0] == HTTPStatus.CREATED


def assert_nothing_overspent(vouchers: Sequence[Held], answers: dict[Press, Answer]) -> None:
    """What was accepted left the vouchers once, nothing else did, and the ledger is sound."""
    taken: dict[uuid.UUID, int] = defaultdict(int)
    for press, answer in answers.items():
        taken[press.held.id] += accepted(answer)
    for held in vouchers:
        assert taken[held.id] == FIT
        assert left_minor(held) == VALUE_MINOR - FIT * AMOUNT_MINOR
    numbers = [
        json.loads(answer[1])["redemption_id"] for answer in answers.values() if accepted(answer)
    ]
    assert len(numbers) == len(set(numbers)) == FIT * len(vouchers)
    ids = [held.id for held in vouchers]
    count = select(func.count()).where(col(RedemptionRow.voucher_id).in_(ids))
    assert read_tx(lambda session: session.exec(count).one()) == FIT * len(vouchers)
    assert [one for one in read_tx(checking.check_all) if one.offence] == []


@pytest.mark.parametrize("number", [20, pytest.param(1_000, marks=pytest.mark.long)])
def test_64_tills_racing_for_the_same_vouchers_overspend_none(
    app: Flask, token: str, number: int
) -> None:
    vouchers = make_vouchers(app, number)
    heard: dict[Press, list[Answer]] = defaultdict(list)

    def press(one: Press) -> None:
        for _ in range(100):
            answer = app.test_client().post(
                PATH,
                json=one.body,
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": one.key},
            )
            if answer.status_code not in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT):
                break
            if (answer.json or {}).get("outcome") == "insufficient":
                break
            time.sleep(random.uniform(0, 0.1))
        heard[one].append((answer.status_code, answer.data))

    # Each press arrives twice: who got no answer presses again.
    presses = presses_on(vouchers) * 2
    secrets.SystemRandom().shuffle(presses)
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(press, presses))

    assert {status for answers in heard.values() for status, _ in answers} == {201, 409}
    assert all(first == second for first, second in heard.values())
    assert_nothing_overspent(vouchers, {one: answers[0] for one, answers in heard.items()})


class Server:
    """`minga serve` on a free port, to be killed in the middle of its work."""

    def __init__(self, settings: Settings) -> None:
        self._instance, self._url = settings.instance, settings.database_url
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        own = {"MINGA_INSTANCE": str(self._instance), "DATABASE_URL": self._url}
        own |= {"MINGA_PORT": str(self.port), "MINGA_JOBS": "external"}
        self._process = subprocess.Popen(
            [MINGA, "serve"],
            env=os.environ | own,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self._process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, "the server does not come up"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        process, self._process = self._process, None  # two tills may kill it at once
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def post(self, press: Press, token: str) -> Answer | None:
        """Send a press once; None: the line went dead, nobody knows what became of it."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": press.key}
        headers["Content-Type"] = "application/json"
        try:
            line.request("POST", PATH, json.dumps(press.body), headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            line.close()


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    server = Server(settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def press_until_killed(
    server: Server, token: str, waiting: list[Press], kill_after: Callable[[int], bool]
) -> dict[Press, Answer]:
    """Let tills press what waits, and kill the server while they do; returns what was answered."""
    heard: dict[Press, Answer] = {}
    queue = iter(waiting)

    def till() -> None:
        for press in queue:
            answer = server.post(press, token)
            if answer is None:
                return
            heard[press] = answer
            if kill_after(len(heard)):
                server.kill()

    with ThreadPoolExecutor(TILLS_AT_THE_DOOR) as pool:
        for done in [pool.submit(till) for _ in range(TILLS_AT_THE_DOOR)]:
            done.result()
    return heard


@pytest.mark.parametrize(
    ("database", "kills"),
    [
        ("sqlite", 1),  # a server starts for seconds: each further one is left to long runs
        pytest.param("sqlite", 200, marks=pytest.mark.long),
        pytest.param("postgresql", 200, marks=pytest.mark.long),
    ],
    indirect=["database"],
)
def test_a_server_that_is_killed_loses_no_accepted_payment_and_doubles_none(
    app: Flask, settings: Settings, token: str, kills: int
) -> None:
    vouchers = make_vouchers(app, 4 * kills)
    waiting, answers = presses_on(vouchers), {}
    random.shuffle(waiting)
    server = Server(settings)
    for _ in range(kills):
        server.start()
        last = random.randint(1, 8)
        heard = press_until_killed(server, token, waiting, lambda number, last=last: number >= last)
        assert heard
        answers |= heard
        waiting = [press for press in waiting if press not in heard]

    with serving(settings) as server:
        rest = press_until_killed(server, token, waiting, lambda _number: False)
        assert len(rest) == len(waiting)
        again = press_until_killed(server, token, list(answers), lambda _number: False)

    assert again == answers
    assert_nothing_overspent(vouchers, answers | rest)
