from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from app.vouchers.rules import (
    Allowed,
    Attempt,
    Carrier,
    Factor,
    Outcome,
    Refused,
    State,
    VoucherFacts,
    decide,
    last_day,
)

TODAY = date(2027, 3, 10)
PHONE = VoucherFacts(
    state=State.ACTIVE,
    carrier=Carrier.PHONE,
    services=frozenset({"home-care", "childcare"}),
    starts_on=date(2027, 1, 1),
    expires_on=date(2027, 3, 31),
)
PAPER = replace(PHONE, carrier=Carrier.PAPER)
BY_PIN = Attempt(
    service="home-care", on=TODAY, amount_minor=4_000, accredited=True, factor=Factor.RIGHT
)
WITHOUT_PIN = replace(BY_PIN, factor=Factor.NONE, amount_minor=1_000)


def outcome(attempt: Attempt, voucher: VoucherFacts | None) -> Outcome | None:
    """The refusal, or None where the ledger may be asked."""
    decided = decide(attempt, voucher)
    return decided.outcome if isinstance(decided, Refused) else None


@pytest.mark.parametrize("voucher", [PHONE, PAPER])
def test_an_active_voucher_with_the_right_digits_pays(voucher: VoucherFacts) -> None:
    assert decide(BY_PIN, voucher) == Allowed(without_pin=False)


def test_outcomes_are_decided_in_the_order_of_the_specification() -> None:
    """Every combination of faults is answered with the first of them."""
    expired = {"expires_on": TODAY - timedelta(days=1)}
    for faults in product((False, True), repeat=6):
        foreign, unknown, service, ended, pin, insufficient = faults
        attempt = replace(
            BY_PIN,
            accredited=not foreign,
            service="disability" if service else "home-care",
            factor=Factor.WRONG if pin else Factor.RIGHT,
            insufficient_today=2 if insufficient else 0,
        )
        voucher = None if unknown else replace(PHONE, **(expired if ended else {}))
        order = (
            (foreign, Outcome.NOT_ACCREDITED),
            (unknown, Outcome.UNKNOWN),
            (service, Outcome.WRONG_SERVICE),
            (ended, Outcome.EXPIRED),
            (pin, Outcome.PIN_NEEDED),
            (insufficient, Outcome.INSUFFICIENT),
        )
        first = next((which for there, which in order if there), None)

        assert outcome(attempt, voucher) is first


@pytest.mark.parametrize("state", [State.INACTIVE, State.BLOCKED, State.REPLACED, State.ENDED])
@pytest.mark.parametrize("attempt", [BY_PIN, WITHOUT_PIN, replace(BY_PIN, service="disability")])
def test_a_voucher_that_is_not_active_is_answered_like_none(state: State, attempt: Attempt) -> None:
    assert decide(attempt, replace(PHONE, state=state)) == decide(attempt, None)


@pytest.mark.parametrize("state", [State.INACTIVE, State.BLOCKED, State.REPLACED])
def test_a_stopped_voucher_is_answered_like_none_after_its_last_day_too(state: State) -> None:
    stopped = replace(PHONE, state=state, expires_on=TODAY - timedelta(days=1))

    assert outcome(BY_PIN, stopped) is Outcome.UNKNOWN


@pytest.mark.parametrize("state", [State.ACTIVE, State.ENDED])
def test_a_voucher_whose_day_is_over_has_expired_whether_or_not_it_was_put_away(
    state: State,
) -> None:
    over = replace(PHONE, state=state, expires_on=TODAY - timedelta(days=1))

    assert outcome(BY_PIN, over) is Outcome.EXPIRED


def test_a_voucher_pays_from_its_first_to_its_last_day() -> None:
    assert outcome(replace(BY_PIN, on=PHONE.starts_on), PHONE) is None
    assert outcome(replace(BY_PIN, on=PHONE.expires_on), PHONE) is None
    before, after = PHONE.starts_on - timedelta(days=1), PHONE.expires_on + timedelta(days=1)
    assert outcome(replace(BY_PIN, on=before), PHONE) is Outcome.UNKNOWN
    assert outcome(replace(BY_PIN, on=after), PHONE) is Outcome.EXPIRED


def test_what_came_back_after_the_last_day_can_be_spent_for_60_days() -> None:
    refunded = replace(PHONE, refunded_on=date(2027, 4, 10))

    assert last_day(refunded) == date(2027, 6, 9)
    assert outcome(replace(BY_PIN, on=date(2027, 6, 9)), refunded) is None
    assert outcome(replace(BY_PIN, on=date(2027, 6, 10)), refunded) is Outcome.EXPIRED


@pytest.mark.parametrize("day", [date(2027, 1, 2), date(2027, 3, 31)])
def test_what_came_back_in_time_does_not_move_the_last_day(day: date) -> None:
    assert last_day(replace(PHONE, refunded_on=day)) == PHONE.expires_on


def test_without_digits_the_holder_of_a_phone_is_asked() -> None:
    assert outcome(WITHOUT_PIN, PHONE) is Outcome.AWAITING_CONFIRMATION
    assert decide(replace(WITHOUT_PIN, by_holder=True), PHONE) == Allowed(without_pin=False)


def test_wrong_digits_are_refused_whatever_the_amount() -> None:
    attempt = replace(WITHOUT_PIN, factor=Factor.WRONG)

    assert outcome(attempt, PHONE) is Outcome.PIN_NEEDED
    assert outcome(attempt, PAPER) is Outcome.PIN_NEEDED


@pytest.mark.parametrize(
    ("before_minor", "amount_minor", "refusal"),
    [
        (0, 2_500, None),
        (0, 2_501, Outcome.PIN_NEEDED),
        (2_000, 500, None),
        (2_000, 501, Outcome.PIN_NEEDED),
        (2_500, 1, Outcome.PIN_NEEDED),
    ],
)
def test_paper_pays_25_a_day_without_its_pin(
    before_minor: int, amount_minor: int, refusal: Outcome | None
) -> None:
    attempt = replace(WITHOUT_PIN, without_pin_minor=before_minor, amount_minor=amount_minor)

    assert outcome(attempt, PAPER) is refusal
    assert outcome(replace(attempt, factor=Factor.RIGHT), PAPER) is None


def test_only_what_was_taken_without_a_pin_counts_against_the_day() -> None:
    assert decide(WITHOUT_PIN, PAPER) == Allowed(without_pin=True)
    assert decide(replace(WITHOUT_PIN, factor=Factor.RIGHT), PAPER) == Allowed(without_pin=False)
    assert decide(replace(WITHOUT_PIN, by_holder=True), PAPER) == Allowed(without_pin=False)


@pytest.mark.parametrize("attempt", [BY_PIN, WITHOUT_PIN])
def test_too_many_wrong_pins_lock_paper_for_small_sums_and_for_the_right_pin(
    attempt: Attempt,
) -> None:
    assert outcome(attempt, replace(PAPER, pin_locked=True)) is Outcome.PIN_NEEDED
    assert outcome(replace(attempt, by_holder=True), replace(PAPER, pin_locked=True)) is None


def test_a_phone_is_not_locked_by_wrong_pins() -> None:
    assert outcome(BY_PIN, replace(PHONE, pin_locked=True)) is None


@pytest.mark.parametrize("amount_minor", [1, 2_000, 1_000_000])
def test_after_two_refusals_in_a_day_no_amount_tells_the_balance(amount_minor: int) -> None:
    attempt = replace(BY_PIN, amount_minor=amount_minor)

    assert outcome(replace(attempt, insufficient_today=1), PHONE) is None
    assert outcome(replace(attempt, insufficient_today=2), PHONE) is Outcome.INSUFFICIENT
    assert outcome(replace(attempt, insufficient_today=2, by_holder=True), PHONE) is None


def test_the_outcomes_are_those_of_the_interface() -> None:
    assert {str(one) for one in Outcome} == {
        "accepted",
        "awaiting_confirmation",
        "declined",
        "not_accredited",
        "unknown",
        "wrong_service",
        "expired",
        "pin_needed",
        "insufficient",
    }
