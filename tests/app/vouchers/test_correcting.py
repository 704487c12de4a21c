"""Corrections on both engines: within the day, by who was paid, and never more than was taken."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from factories_rounds import at_once
from factories_vouchers import Held, left_minor, make_till, make_voucher, outcome, pay
from flask import Flask

from app.ledger.errors import KeyReusedError
from app.ledger.once import Answer
from app.vouchers.correcting import correct
from app.vouchers.redeeming import Till


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def taken(till: Till, held: Held, amount_minor: int = 3_000) -> uuid.UUID:
    return uuid.UUID(json.loads(pay(till, held.charge(amount_minor)).body)["redemption_id"])


def put_right(till: Till, redemption: uuid.UUID, right_minor: int, key: str = "") -> Answer:
    return correct(till, redemption, right_minor, key=key or uuid.uuid4().hex)


def errors(answer: Answer) -> list[str]:
    assert answer.status == 422
    return list(json.loads(answer.body)["errors"])


def test_what_was_too_much_goes_back_and_can_be_spent_again() -> None:
    till, held = make_till(), make_voucher(3_000)
    redemption = taken(till, held)

    answer = put_right(till, redemption, 1_000)

    assert (answer.status, left_minor(held)) == (201, 2_000)
    assert json.loads(answer.body) == {
        "redemption_id": str(redemption),
        "outcome": "corrected",
        "amount_minor": 1_000,
    }
    assert outcome(pay(till, held.charge(2_000))) == "accepted"


def test_a_redemption_is_corrected_down_until_nothing_stands() -> None:
    till, held = make_till(), make_voucher(3_000)
    redemption = taken(till, held)

    put_right(till, redemption, 1_000)
    assert errors(put_right(till, redemption, 1_000)) == ["not_less"]
    put_right(till, redemption, 0)

    assert errors(put_right(till, redemption, 0)) == ["not_less"]
    assert left_minor(held) == 3_000


def test_more_and_below_zero_are_no_corrections() -> None:
    till, held = make_till(), make_voucher(10_000)
    redemption = taken(till, held)

    assert errors(put_right(till, redemption, 3_001)) == ["not_less"]
    assert errors(put_right(till, redemption, -1)) == ["negative"]
    assert left_minor(held) == 7_000


def test_a_day_later_a_redemption_stands(at: Callable[[datetime], None], noon: datetime) -> None:
    till, held = make_till(), make_voucher(10_000)
    redemption = taken(till, held)
    at(noon + timedelta(days=1))

    assert errors(put_right(till, redemption, 0)) == ["another_day"]
    assert left_minor(held) == 7_000


def test_another_providers_redemption_is_answered_like_none() -> None:
    till, held = make_till(), make_voucher(10_000)
    redemption = taken(till, held)

    foreign, absent = put_right(make_till(), redemption, 0), put_right(till, uuid.uuid4(), 0)

    assert foreign == absent
    assert (foreign.status, left_minor(held)) == (404, 7_000)


def test_one_key_corrects_once_and_only_what_it_came_with() -> None:
    till, held = make_till(), make_voucher(10_000)
    redemption = taken(till, held)

    answers = [put_right(till, redemption, 1_000, "key-0001") for _ in range(3)]

    assert answers == [answers[0]] * 3
    with pytest.raises(KeyReusedError):
        put_right(till, redemption, 0, "key-0001")
    assert left_minor(held) == 9_000


def test_corrections_at_once_give_back_once_what_was_taken(app: Flask) -> None:
    till, held = make_till(), make_voucher(10_000)
    redemption = taken(till, held)

    answers = at_once(app, *[lambda: put_right(till, redemption, 0)] * 8)

    assert sorted(one.status for one in answers) == [201] + [422] * 7  # type: ignore[attr-defined]
    assert left_minor(held) == 10_000
