import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from app.vouchers import pins
from app.vouchers.pins import (
    draw_pin,
    draw_secret,
    is_right,
    matching_step,
    pin_hash,
    rotating_code,
    seconds_left,
    step_at,
)

VOUCHER = uuid.UUID(int=1)
OTHER = uuid.UUID(int=2)
NOON = datetime(2027, 1, 5, 12, 0, 30, tzinfo=UTC)

RFC_6238_SECRET = b"12345678901234567890123456789012"
RFC_6238 = [
    (0x1, "46119246"),
    (0x23523EC, "68084774"),
    (0x23523ED, "67062674"),
    (0x273EF07, "91819424"),
    (0x3F940AA, "90698825"),
    (0x27BC86AA, "77737706"),
]
"""Appendix B, SHA-256; six digits are the last six of its eight."""


def test_a_pin_is_six_digits_and_none_that_everybody_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered = iter([0, 111_111, 12_345, 123_456, 4_711])
    monkeypatch.setattr(pins.secrets, "randbelow", lambda _: next(offered))

    assert draw_pin() == "004711"


def test_pins_are_drawn_anew() -> None:
    drawn = [draw_pin() for _ in range(500)]

    assert all(re.fullmatch("[0-9]{6}", pin) for pin in drawn)
    assert len(set(drawn)) > 490


@pytest.mark.parametrize("typed", ["004711", " 004 711", "00-47-11", "００４７１１"])
def test_the_right_pin_is_right_however_it_is_typed(typed: str) -> None:
    stored = pin_hash("004711", voucher_id=VOUCHER, pepper=b"p")

    assert is_right(typed, stored, voucher_id=VOUCHER, pepper=b"p")


@pytest.mark.parametrize("typed", ["", "4711", "004712", "0047111", "abcdef", "0" * 10_000])
def test_any_other_pin_is_wrong(typed: str) -> None:
    stored = pin_hash("004711", voucher_id=VOUCHER, pepper=b"p")

    assert not is_right(typed, stored, voucher_id=VOUCHER, pepper=b"p")


def test_nothing_typed_is_wrong_even_against_the_hash_of_nothing() -> None:
    assert not is_right(
        "abc", pin_hash("", voucher_id=VOUCHER, pepper=b"p"), voucher_id=VOUCHER, pepper=b"p"
    )


def test_a_voucher_without_a_pin_has_no_right_one() -> None:
    assert not is_right("004711", None, voucher_id=VOUCHER, pepper=b"p")


def test_equal_pins_of_two_vouchers_are_stored_differently() -> None:
    stored = pin_hash("004711", voucher_id=VOUCHER, pepper=b"p")

    assert stored != pin_hash("004711", voucher_id=OTHER, pepper=b"p")
    assert stored != pin_hash("004711", voucher_id=VOUCHER, pepper=b"q")


@pytest.mark.parametrize(("step", "eight_digits"), RFC_6238)
def test_rotating_codes_are_those_of_rfc_6238(step: int, eight_digits: str) -> None:
    assert rotating_code(RFC_6238_SECRET, step) == eight_digits[2:]


def test_a_code_lasts_for_a_minute_of_the_clock() -> None:
    start = datetime(2027, 1, 5, 12, 0, 0, tzinfo=UTC)

    assert step_at(start) == step_at(start + timedelta(seconds=59)) == step_at(NOON)
    assert step_at(start + timedelta(seconds=60)) == step_at(start) + 1
    assert [seconds_left(start + timedelta(seconds=s)) for s in (0, 30, 59, 60)] == [60, 30, 1, 60]


@pytest.mark.parametrize(("minutes_ago", "fits"), [(-1, False), (0, True), (1, True), (2, False)])
def test_the_code_of_this_minute_and_of_the_one_before_fit(minutes_ago: int, fits: bool) -> None:
    secret = draw_secret()
    step = step_at(NOON) - minutes_ago

    found = matching_step(secret, rotating_code(secret, step), now=NOON, used_step=None)

    assert found == (step if fits else None)


def test_a_code_fits_once() -> None:
    secret = draw_secret()
    typed = rotating_code(secret, step_at(NOON))
    used = matching_step(secret, typed, now=NOON, used_step=None)

    assert used is not None
    assert matching_step(secret, typed, now=NOON, used_step=used) is None
    assert matching_step(secret, typed, now=NOON, used_step=used - 1) == used


def test_after_a_code_the_one_before_it_fits_no_more() -> None:
    secret = draw_secret()
    before = rotating_code(secret, step_at(NOON) - 1)

    assert matching_step(secret, before, now=NOON, used_step=step_at(NOON)) is None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef"])
def test_what_is_not_six_digits_fits_no_minute(typed: str) -> None:
    assert matching_step(draw_secret(), typed, now=NOON, used_step=None) is None


def test_every_voucher_has_a_secret_of_its_own() -> None:
    first, second = draw_secret(), draw_secret()

    assert first != second
    assert len(first) == 32
