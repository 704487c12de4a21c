from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from app.accounts import throttle
from app.accounts.models import ThrottleRow
from app.db import read_tx, run_tx
from app.errors import TooManyError


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> object:
    with app.app_context():
        yield


def _hit(name: str = "desk", limit: int = 3) -> bool:
    return run_tx(lambda session: throttle.hit(session, name, limit=limit, window_seconds=900))


def _blocked(name: str = "desk", limit: int = 3) -> bool:
    return read_tx(lambda session: throttle.blocked(session, name, limit=limit, window_seconds=900))


def test_the_limit_is_reached_and_not_passed(noon: datetime) -> None:
    answers = [_hit() for _ in range(5)]

    assert answers == [True, True, True, False, False]
    assert _blocked()
    assert not _blocked("another desk")


def test_the_count_ends_with_the_window_and_not_before(
    noon: datetime, at: Callable[[datetime], None]
) -> None:
    for _ in range(3):
        _hit()

    at(noon + timedelta(seconds=899))
    assert _blocked()
    at(noon + timedelta(seconds=900 + 180))
    assert not _blocked()
    assert _hit()


def test_a_new_day_does_not_forget_the_last_minutes(
    noon: datetime, at: Callable[[datetime], None]
) -> None:
    midnight = noon.replace(hour=0) + timedelta(days=1)
    at(midnight - timedelta(seconds=30))
    for _ in range(3):
        _hit()

    at(midnight + timedelta(seconds=30))

    assert _blocked()
    assert not _hit()


def test_of_forty_at_once_exactly_the_limit_pass(noon: datetime, app: Flask) -> None:
    def attempt(_number: int) -> bool:
        with app.app_context():
            return _hit(limit=7)

    with ThreadPoolExecutor(max_workers=8) as workers:
        passed = list(workers.map(attempt, range(40)))

    assert sum(passed) == 7


def test_no_name_stands_in_the_database(noon: datetime) -> None:
    _hit("ana@valdeagua.example")

    rows = read_tx(lambda session: session.exec(select(ThrottleRow)).all())

    assert len(rows) == 1
    assert "ana" not in rows[0].bucket


def test_a_refusal_says_how_long_to_wait(noon: datetime) -> None:
    throttle.spend("desk", limit=1, window_seconds=900)

    with pytest.raises(TooManyError, match="Wait 15 minutes") as refused:
        throttle.spend("desk", limit=1, window_seconds=900)

    assert refused.value.retry_after_seconds == 900
