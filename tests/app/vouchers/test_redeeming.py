"""Redeeming on both engines: what is answered, what is charged, and what races cannot do."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from factories_rounds import at_once
from factories_vouchers import (
    Held,
    issue,
    left_minor,
    make_till,
    make_voucher,
    outcome,
    pay,
    put,
    stop,
)
from flask import Flask
from sqlmodel import func, select

from app.db import read_tx, run_tx
from app.errors import TooManyError
from app.ledger.errors import InsufficientError, KeyReusedError
from app.ledger.models import IdempotencyRow
from app.providers.criteria import State as ProviderState
from app.vouchers import codes, issuing, keys, pins
from app.vouchers.models import RedemptionRow, ResidentRow, VoucherRow
from app.vouchers.rules import Carrier, State


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def redemptions() -> int:
    return read_tx(lambda s: s.exec(select(func.count()).select_from(RedemptionRow)).one())


def stored(held: Held) -> VoucherRow:
    return read_tx(lambda s: s.get_one(VoucherRow, held.id))


def rotating(held: Held, at: datetime) -> str:
    secret = keys.unseal(stored(held).secret_sealed, voucher_id=held.id)
    return pins.rotating_code(secret, pins.step_at(at))


def test_a_voucher_pays_part_by_part_until_nothing_is_left() -> None:
    till, held = make_till(), make_voucher(10_000)

    first = pay(till, held.charge(3_000))
    assert (first.status, left_minor(held)) == (201, 7_000)
    body = json.loads(first.body)
    assert set(body) == {"redemption_id", "outcome", "amount_minor", "redeemed_at"}
    assert (body["outcome"], body["amount_minor"]) == ("accepted", 3_000)

    assert outcome(pay(till, held.charge(7_001))) == "insufficient"
    assert outcome(pay(till, held.charge(7_000))) == "accepted"
    assert (left_minor(held), redemptions()) == (0, 2)


def test_the_same_key_is_answered_with_the_same_bytes_and_charged_once() -> None:
    till, held = make_till(), make_voucher(10_000)

    answers = [pay(till, held.charge(3_000), "key-0001") for _ in range(3)]

    assert len({answer.body for answer in answers}) == 1
    assert (left_minor(held), redemptions()) == (7_000, 1)


@pytest.mark.parametrize("other", [{"amount_minor": 2_999}, {"digits": ""}, {"service": "x"}])
def test_a_key_with_another_charge_is_refused(other: dict[str, Any]) -> None:
    till, held = make_till(), make_voucher(10_000)
    pay(till, held.charge(3_000), "key-0001")

    with pytest.raises(KeyReusedError):
        pay(till, replace(held.charge(3_000), **other), "key-0001")

    assert left_minor(held) == 7_000


def test_a_refusal_is_kept_under_its_key_though_the_reason_is_gone() -> None:
    till, held = make_till(), make_voucher(10_000)
    stop(held, State.BLOCKED)
    before = pay(till, held.charge(3_000), "key-0001")
    stop(held, State.ACTIVE)

    assert pay(till, held.charge(3_000), "key-0001") == before
    assert (before.status, left_minor(held)) == (404, 10_000)


def test_what_is_stored_under_a_key_does_not_lead_back_to_the_code() -> None:
    till, held = make_till(), make_voucher(10_000)
    pay(till, held.charge(3_000))

    row = read_tx(lambda s: s.exec(select(IdempotencyRow)).one())
    keyed = codes.keyed_hash(held.charge(3_000).as_bytes().decode(), keys.pepper())
    assert row.body_sha256 == sha256(keyed).digest()
    assert held.code.encode() not in (row.response or b"")


@pytest.mark.parametrize("state", [State.INACTIVE, State.BLOCKED, State.REPLACED, State.ENDED])
def test_stopped_and_unknown_vouchers_are_answered_alike_to_the_byte(state: State) -> None:
    till, held = make_till(), make_voucher(10_000)
    unknown = pay(till, held.charge(3_000, code=codes.draw()))
    stop(held, state)

    assert pay(till, held.charge(3_000)) == unknown
    assert (unknown.status, unknown.body) == (404, b'{"outcome": "unknown"}')


@pytest.mark.parametrize("state", [ProviderState.SUSPENDED, ProviderState.SUBMITTED])
def test_a_provider_without_accreditation_hears_that_whatever_the_code(
    state: ProviderState,
) -> None:
    till, held = make_till(state), make_voucher(10_000)

    answers = {pay(till, held.charge(1_000, code=code)) for code in (held.code, codes.draw())}

    assert [(one.status, outcome(one)) for one in answers] == [(403, "not_accredited")]
    assert left_minor(held) == 10_000


def test_service_and_last_day_are_checked_before_the_pin() -> None:
    till = make_till(services=("home-care", "childcare"))
    held = make_voucher(10_000)
    over = make_voucher(10_000, expires_on=date(2027, 3, 16))

    wrong = pay(till, held.charge(1_000, service="childcare", digits="000000"))
    late = pay(till, over.charge(1_000, digits="000000"))

    assert [(one.status, outcome(one)) for one in (wrong, late)] == [
        (409, "wrong_service"),
        (409, "expired"),
    ]


def test_paper_pays_25_a_day_without_its_pin(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    till, held = make_till(), make_voucher(10_000)

    assert outcome(pay(till, held.charge(2_000, digits=""))) == "accepted"
    assert outcome(pay(till, held.charge(501, digits=""))) == "pin_needed"
    assert outcome(pay(till, held.charge(500, digits=""))) == "accepted"
    assert outcome(pay(till, held.charge(1, digits=""))) == "pin_needed"
    at(noon + timedelta(days=1))
    assert outcome(pay(till, held.charge(2_500, digits=""))) == "accepted"


def test_five_wrong_pins_lock_paper_and_a_right_one_before_clears_the_count() -> None:
    till, held = make_till(), make_voucher(10_000)
    wrong = "000000"
    for _ in range(4):
        assert outcome(pay(till, held.charge(100, digits=wrong))) == "pin_needed"
    assert outcome(pay(till, held.charge(100))) == "accepted"
    assert stored(held).pin_failures == 0

    put(held.id, pin_failures=4)
    pay(make_till(), held.charge(100, digits=wrong))

    assert outcome(pay(make_till(), held.charge(100))) == "pin_needed"
    assert outcome(pay(make_till(), held.charge(100, digits=""))) == "pin_needed"


def test_a_repeated_answer_counts_no_second_failure() -> None:
    till, held = make_till(), make_voucher(10_000)

    for _ in range(6):
        pay(till, held.charge(100, digits="000000"), "key-0001")

    assert stored(held).pin_failures == 1


def test_wrong_pins_sent_at_once_are_all_counted(app: Flask) -> None:
    held = make_voucher(10_000)
    tills = [make_till() for _ in range(8)]

    at_once(app, *[lambda t=t: pay(t, held.charge(100, digits="000000")) for t in tills])

    assert stored(held).pin_failures == 8


def test_a_phone_pays_with_each_rotating_code_once(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)
    now = rotating(held, noon)

    assert outcome(pay(till, held.charge(100, digits=now))) == "accepted"
    assert outcome(pay(till, held.charge(100, digits=now))) == "pin_needed"
    at(noon + timedelta(minutes=1))
    after = rotating(held, noon + timedelta(minutes=1))
    assert outcome(pay(till, held.charge(100, digits=after))) == "accepted"


def test_a_rotating_code_is_used_up_by_a_charge_that_was_too_high(noon: datetime) -> None:
    till, held = make_till(), make_voucher(10_000, Carrier.PHONE)
    now = rotating(held, noon)

    assert outcome(pay(till, held.charge(10_001, digits=now))) == "insufficient"
    assert outcome(pay(till, held.charge(100, digits=now))) == "pin_needed"


def test_one_rotating_code_at_many_tills_pays_once(app: Flask, noon: datetime) -> None:
    held = make_voucher(10_000, Carrier.PHONE)
    tills, now = [make_till() for _ in range(6)], rotating(held, noon)

    answers = at_once(app, *[lambda t=t: pay(t, held.charge(100, digits=now)) for t in tills])

    assert sorted(outcome(one) for one in answers) == ["accepted"] + ["pin_needed"] * 5  # type: ignore[arg-type]
    assert left_minor(held) == 9_900


def test_after_two_amounts_too_high_no_trial_tells_what_is_left(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    till, held = make_till(), make_voucher(1_000)
    for amount_minor in (5_000, 3_000):
        assert outcome(pay(till, held.charge(amount_minor))) == "insufficient"

    assert outcome(pay(till, held.charge(1_000))) == "insufficient"
    assert outcome(pay(make_till(), held.charge(400))) == "accepted"
    at(noon + timedelta(days=1))
    assert outcome(pay(till, held.charge(600))) == "accepted"


def test_many_tills_at_once_take_exactly_what_the_voucher_holds(app: Flask) -> None:
    tills, held = [make_till() for _ in range(4)], make_voucher(5_000)
    acts = [lambda t=t: pay(t, held.charge(1_000)) for t in tills for _ in range(4)]

    answers = at_once(app, *acts)

    paid = [one for one in answers if outcome(one) == "accepted"]  # type: ignore[arg-type]
    assert (len(answers), len(paid)) == (16, 5)
    assert (left_minor(held), redemptions()) == (0, 5)


def test_one_key_sent_many_times_at_once_has_one_effect(app: Flask) -> None:
    till, held = make_till(), make_voucher(10_000)

    answers = at_once(app, *[lambda: pay(till, held.charge(1_000), "key-0001")] * 12)

    assert len({one.body for one in answers}) == 1  # type: ignore[attr-defined]
    assert (left_minor(held), redemptions()) == (9_000, 1)


def test_ten_wrong_codes_in_a_quarter_of_an_hour_are_the_last(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    till, held = make_till(), make_voucher(10_000)
    for _ in range(10):
        pay(till, held.charge(100, code=codes.draw()))

    with pytest.raises(TooManyError):
        pay(till, held.charge(100), "key-0001")

    assert left_minor(held) == 10_000
    at(noon + timedelta(minutes=20))
    assert outcome(pay(till, held.charge(100), "key-0001")) == "accepted"


def test_a_voucher_holds_nothing_before_it_is_handed_over_and_then_its_value_once() -> None:
    issued = issue(4_000)
    held = Held(issued.voucher.id, issued.voucher.account_id, issued.code, issued.pin or "")
    before = left_minor(held)

    done = [run_tx(lambda s: issuing.activate(s, held.id, actor="desk")) for _ in range(2)]

    assert (before, done, left_minor(held)) == (0, [True, False], 4_000)


def test_more_than_is_promised_is_not_handed_over() -> None:
    issued = issue(20_000_000)

    with pytest.raises(InsufficientError):
        run_tx(lambda s: issuing.activate(s, issued.voucher.id, actor="desk"))

    row = read_tx(lambda s: s.get_one(VoucherRow, issued.voucher.id))
    assert (row.state, row.activated_at) == (State.INACTIVE, None)


def test_a_person_of_the_register_is_one_resident_and_the_number_is_not_kept() -> None:
    first, second = (
        issue(1_000, register_number="ES 17-x"),
        issue(1_000, register_number="es  17-X"),
    )

    rows = read_tx(lambda s: s.exec(select(ResidentRow)).all())
    assert [row.id for row in rows] == [first.voucher.resident_id]
    assert first.voucher.resident_id == second.voucher.resident_id
    assert b"17" not in rows[0].register_hash


def test_a_voucher_keeps_its_code_sealed_and_its_serial_opens_nothing() -> None:
    issued = issue(1_000, Carrier.PHONE)
    row = issued.voucher

    assert keys.unseal(row.code_sealed, voucher_id=row.id).decode() == issued.code
    assert issued.code.replace("-", "") not in row.serial
    assert issued.code not in repr(issued)
    assert issued.pin is None
