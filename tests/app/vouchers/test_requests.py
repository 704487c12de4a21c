"""Payments that wait for their holder, on both engines."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from factories_rounds import at_once
from factories_vouchers import Held, left_minor, make_till, make_voucher, outcome, pay, stop
from flask import Flask

from app.db import read_tx, run_tx
from app.vouchers import requests
from app.vouchers.models import PaymentRequestRow, RedemptionRow
from app.vouchers.paying import Till
from app.vouchers.rules import Carrier, Outcome, State


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def asked(till: Till, held: Held, amount_minor: int = 3_000, key: str = "") -> uuid.UUID:
    answer = pay(till, held.charge(amount_minor, digits=""), key)
    assert (answer.status, outcome(answer)) == (202, "awaiting_confirmation")
    return uuid.UUID(json.loads(answer.body)["redemption_id"])


def confirm(request_id: uuid.UUID) -> Outcome:
    return run_tx(lambda s: requests.confirm(s, request_id, "account/holder"))


def refuse(request_id: uuid.UUID) -> Outcome:
    return run_tx(lambda s: requests.refuse(s, request_id, "account/holder"))


def waiting(held: Held) -> list[uuid.UUID]:
    return [row.id for row in read_tx(lambda s: requests.waiting_for(s, held.id))]


def test_a_phone_without_its_code_is_charged_only_when_the_holder_confirms() -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)

    request_id = asked(till, held)
    assert (waiting(held), left_minor(held)) == ([request_id], 10_000)
    assert confirm(request_id) is Outcome.ACCEPTED

    assert (waiting(held), left_minor(held)) == ([], 7_000)
    paid = read_tx(lambda s: s.get_one(RedemptionRow, request_id))
    assert (paid.provider_id, paid.amount_minor, paid.actor) == (
        till.provider_id,
        3_000,
        till.actor,
    )


def test_an_answer_stands_whoever_answers_again_and_however() -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)
    paid, refused = asked(till, held), asked(make_till(), held)

    assert (confirm(paid), confirm(paid), refuse(paid)) == (Outcome.ACCEPTED,) * 3
    assert (refuse(refused), confirm(refused)) == (Outcome.DECLINED,) * 2
    assert left_minor(held) == 7_000


def test_two_who_confirm_at_once_charge_once(app: Flask) -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)
    request_id = asked(till, held)

    at_once(app, *[lambda: confirm(request_id)] * 6)

    assert left_minor(held) == 7_000


def test_a_request_waits_ten_minutes(at: Callable[[datetime], None], noon: datetime) -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)
    request_id = asked(till, held)

    at(noon + timedelta(minutes=10))

    assert (waiting(held), confirm(request_id)) == ([], Outcome.DECLINED)
    assert left_minor(held) == 10_000


def test_a_provider_that_asks_again_ends_what_it_asked_before_and_no_other() -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)
    first, other = asked(till, held), asked(make_till(), held)

    second = asked(till, held, 2_000)

    assert waiting(held) == [other, second]
    assert confirm(first) is Outcome.DECLINED


def test_the_same_key_asks_the_holder_once() -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)

    assert asked(till, held, key="key-0001") == asked(till, held, key="key-0001")
    assert len(waiting(held)) == 1


def test_what_holds_too_little_or_was_blocked_meanwhile_is_not_charged() -> None:
    till, held = make_till(), make_voucher(1_000, Carrier.PHONE)
    too_much = asked(till, held, 1_001)
    blocked = asked(make_till(), held, 500)

    assert confirm(too_much) is Outcome.INSUFFICIENT
    stop(held, State.BLOCKED)
    assert confirm(blocked) is Outcome.UNKNOWN

    assert left_minor(held) == 1_000
    stored = read_tx(lambda s: s.get_one(PaymentRequestRow, too_much))
    assert (stored.outcome, stored.answered_by) == ("insufficient", "account/holder")
