"""A holder's own limits for a day and a week: kept in races, counted from what was paid before."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from factories_rounds import at_once
from factories_vouchers import Held, left_minor, make_till, make_voucher, outcome, own, pay
from flask import Flask

from app import clock
from app.db import run_tx
from app.policy import Actor
from app.vouchers import booking, caps, replacing, requests
from app.vouchers.correcting import correct
from app.vouchers.rules import Carrier, Outcome
from app.vouchers.visits import Wanted


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def limit(held: Held, who: Actor, day: int | None = None, week: int | None = None) -> None:
    run_tx(lambda s: caps.set_limits(s, who, held.id, day_max_minor=day, week_max_minor=week))


def at(day: int) -> None:
    moment = datetime(2027, 3, day, 12, tzinfo=UTC)
    clock.use(lambda: moment)


def test_a_limit_counts_what_was_paid_before_it_and_the_next_day_begins_anew() -> None:
    till, held = make_till(), make_voucher(10_000)
    pay(till, held.charge(2_000))
    limit(held, own(held), day=3_000, week=4_500)

    too_much, fits = (outcome(pay(till, held.charge(one))) for one in (1_001, 1_000))
    at(18)
    beyond_week, last = (outcome(pay(till, held.charge(one))) for one in (1_501, 1_500))
    at(22)  # a Monday
    new_week = outcome(pay(till, held.charge(3_000)))

    assert (too_much, fits) == ("insufficient", "accepted")
    assert (beyond_week, last, new_week) == ("insufficient", "accepted", "accepted")


def test_of_payments_at_once_no_more_than_the_limit_is_taken(app: Flask) -> None:
    till, held = make_till(), make_voucher(10_000)
    limit(held, own(held), day=3_000)

    answers = at_once(app, *[lambda: pay(till, held.charge(1_000)) for _ in range(8)])

    assert [outcome(one) for one in answers].count("accepted") == 3
    assert left_minor(held) == 7_000


def test_what_was_not_paid_in_the_end_does_not_count() -> None:
    till, held = make_till(), make_voucher(2_000, Carrier.PHONE)
    carmen = own(held)
    limit(held, carmen, day=3_000)
    asked = json.loads(pay(till, held.charge(2_500)).body)["redemption_id"]
    answer = run_tx(lambda s: requests.confirm(s, uuid.UUID(asked), "account/carmen"))

    booked = run_tx(
        lambda s: booking.book(
            s, carmen, held.id, till.provider_id, Wanted("home-care", date(2027, 3, 17), 2_000)
        )
    )
    run_tx(lambda s: booking.cancel(s, till, booked.id))
    again = json.loads(pay(till, held.charge(2_000)).body)["redemption_id"]

    assert answer is Outcome.INSUFFICIENT
    assert run_tx(lambda s: requests.confirm(s, uuid.UUID(again), "x")) is Outcome.ACCEPTED


def test_what_was_corrected_may_be_paid_again_on_the_same_day() -> None:
    till, held = make_till(), make_voucher(10_000)
    limit(held, own(held), day=3_000)
    paid = json.loads(pay(till, held.charge(3_000)).body)["redemption_id"]

    correct(till, uuid.UUID(paid), 1_000, key="key-0001")

    assert outcome(pay(till, held.charge(2_001))) == "insufficient"
    assert outcome(pay(till, held.charge(2_000))) == "accepted"


def test_losing_a_voucher_does_not_lift_its_limit() -> None:
    till, held = make_till(), make_voucher(10_000)
    carmen = own(held)
    limit(held, carmen, day=3_000)
    pay(till, held.charge(3_000))
    new = run_tx(lambda s: replacing.report_lost(s, carmen, held.id, Carrier.PHONE))

    with pytest.raises(caps.InsufficientError):
        run_tx(
            lambda s: booking.book(
                s, carmen, new.id, till.provider_id, Wanted("home-care", date(2027, 3, 17), 1)
            )
        )
