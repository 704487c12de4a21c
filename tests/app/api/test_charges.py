"""What a device sends: every fault has its word, and nothing is guessed."""

import json
from typing import Any

import pytest

from app.api.charges import Unreadable, read_charge, read_key, read_right_amount


@pytest.fixture(autouse=True)
def _use_app() -> None:
    """Nothing here needs the application that the other tests of the API stand on."""


RIGHT = {
    "code": "0123-4567-89AM",
    "service": "home-care",
    "amount_minor": 1_250,
    "pin": "482 913",
}


def body(**other: Any) -> bytes:
    return json.dumps(RIGHT | other).encode()


def test_a_charge_is_read_as_it_was_meant() -> None:
    charge = read_charge(body(code="oi23456789am"))

    assert not isinstance(charge, Unreadable)
    assert (charge.code, charge.service, charge.amount_minor, charge.digits) == (
        "0123-4567-89AM",
        "home-care",
        1_250,
        "482 913",
    )


@pytest.mark.parametrize("pin", [None, ""])
def test_the_pin_may_be_absent(pin: str | None) -> None:
    charge = read_charge(body(pin=pin))

    assert not isinstance(charge, Unreadable)
    assert charge.digits == ""


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"code": "0123-4567-89AN"}, "code_mistyped"),
        ({"code": 12}, "code_mistyped"),
        ({"code": "0" * 201}, "code_mistyped"),
        ({"service": "haircut"}, "service_unknown"),
        ({"service": ["home-care"]}, "service_unknown"),
        ({"amount_minor": 0}, "amount_not_positive"),
        ({"amount_minor": -5}, "amount_not_positive"),
        ({"amount_minor": 12.5}, "amount_not_positive"),
        ({"amount_minor": True}, "amount_not_positive"),
        ({"amount_minor": 10**15 + 1}, "amount_not_positive"),
        ({"pin": "12345"}, "pin_malformed"),
        ({"pin": 123456}, "pin_malformed"),
    ],
)
def test_each_fault_has_its_word(other: dict[str, Any], word: str) -> None:
    assert read_charge(body(**other)) == Unreadable((word,))


@pytest.mark.parametrize("sent", [b"", b"[]", b"{", b"\xff", b"[" * 4_000, b" " * 4_097 + b"{}"])
def test_what_is_no_object_is_refused_whatever_it_is(sent: bytes) -> None:
    assert read_charge(sent) == Unreadable(("body_not_json",))
    assert read_right_amount(sent) == Unreadable(("body_not_json",))


def test_a_right_amount_may_be_nothing_but_not_less() -> None:
    assert read_right_amount(b'{"amount_minor": 0}') == 0
    assert read_right_amount(b'{"amount_minor": -1}') == Unreadable(("amount_negative",))
    assert read_right_amount(b"{}") == Unreadable(("amount_negative",))


@pytest.mark.parametrize("key", ["", "1234567", "x" * 65, "with blank", "ünïcödéx"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    assert read_key(key) is None
