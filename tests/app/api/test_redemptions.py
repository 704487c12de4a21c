"""A provider's device over HTTP, on both engines."""

import gc
import json
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import factories
import pytest
from factories_providers import actor_of, make_provider
from factories_vouchers import Held, left_minor, make_voucher, put, stop
from flask import Flask
from werkzeug.test import TestResponse

from app.db import run_tx
from app.providers import devices
from app.providers.criteria import State as ProviderState
from app.vouchers import codes, redeeming, requests
from app.vouchers.rules import Carrier, Outcome, State

PATH = "/api/v1/redemptions"


@dataclass
class Device:
    """A till of an organisation with its token."""

    app: Flask
    token: str

    def headers(self, key: str = "") -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key or uuid.uuid4().hex,
        }

    def post(self, path: str, body: dict[str, Any], key: str = "") -> TestResponse:
        return self.app.test_client().post(path, json=body, headers=self.headers(key))

    def redeem(self, held: Held, key: str = "", **other: Any) -> TestResponse:
        sent = {"code": held.code, "service": "home-care", "amount_minor": 3_000, "pin": held.pin}
        return self.post(PATH, sent | other, key)

    def get(self, number: str) -> TestResponse:
        return self.app.test_client().get(f"{PATH}/{number}", headers=self.headers())


def voucher(app: Flask, value_minor: int = 10_000, carrier: Carrier = Carrier.PAPER) -> Held:
    with app.test_request_context():
        return make_voucher(value_minor, carrier)


def make_device(app: Flask, state: ProviderState = ProviderState.ACCREDITED) -> Device:
    manager = factories.make_account()
    provider, _ = make_provider(state, manager=manager)
    with app.test_request_context():
        made = run_tx(lambda s: devices.make(s, actor_of(manager), provider.id, "Till"))
    return Device(app, made[1])


@pytest.fixture
def device(app: Flask, noon: datetime) -> Device:
    return make_device(app)


def said(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, (answer.json or {})["outcome"]


def test_a_device_redeems_reads_and_corrects(device: Device) -> None:
    held = voucher(device.app)

    answer = device.redeem(held)
    taken = answer.json or {}
    assert said(answer) == (201, "accepted")
    assert set(taken) == {"redemption_id", "outcome", "amount_minor", "redeemed_at"}
    number = taken["redemption_id"]
    assert device.get(number).data == answer.data

    back = device.post(f"{PATH}/{number}/corrections", {"amount_minor": 1_000})
    assert said(back) == (201, "corrected")
    assert (device.get(number).json or {})["amount_minor"] == 1_000
    again = device.post(f"{PATH}/{number}/corrections", {"amount_minor": 1_000})
    assert (said(again), (again.json or {})["errors"]) == ((422, "invalid"), ["not_less"])
    assert left_minor(held) == 9_000


def test_the_same_key_is_answered_alike_and_with_another_body_refused(device: Device) -> None:
    held = voucher(device.app)
    key = "till-3/0042"

    first, second = device.redeem(held, key), device.redeem(held, key)
    other = device.redeem(held, key, amount_minor=2_999)

    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert said(other) == (422, "key_reused")
    assert left_minor(held) == 7_000


def test_every_refusal_is_the_one_that_was_agreed(device: Device) -> None:
    held = voucher(device.app)
    blocked, over = voucher(device.app), voucher(device.app)
    stop(blocked, State.BLOCKED)
    put(over.id, expires_on=date(2027, 3, 16))
    foreign = make_device(device.app, ProviderState.SUSPENDED)

    answers = {
        "unknown": device.redeem(held, code=codes.draw()),
        "blocked": device.redeem(blocked),
        "wrong_service": (put(held.id, services=["childcare"]), device.redeem(held))[1],
        "expired": device.redeem(over),
        "pin_needed": device.redeem(voucher(device.app), pin="000000"),
        "insufficient": device.redeem(voucher(device.app), amount_minor=10_001),
        "not_accredited": foreign.redeem(held),
    }

    assert {name: one.status_code for name, one in answers.items()} == {
        "unknown": 404,
        "blocked": 404,
        "wrong_service": 409,
        "expired": 409,
        "pin_needed": 409,
        "insufficient": 409,
        "not_accredited": 403,
    }
    assert answers.pop("blocked").data == answers["unknown"].data
    assert {name: json.loads(one.data) for name, one in answers.items()} == {
        name: {"outcome": name} for name in answers
    }


def test_what_cannot_be_read_is_refused_with_all_its_faults(device: Device) -> None:
    answer = device.redeem(voucher(device.app), key="short", amount_minor=0)

    assert (answer.status_code, answer.json) == (
        422,
        {"outcome": "invalid", "errors": ["amount_not_positive", "key_missing"]},
    )


def test_a_payment_that_waits_is_asked_for_until_its_holder_answers(device: Device) -> None:
    held = voucher(device.app, carrier=Carrier.PHONE)

    first = device.redeem(held, pin="")
    number = (first.json or {})["redemption_id"]
    assert said(first) == (202, "awaiting_confirmation")
    assert said(device.get(number)) == (200, "awaiting_confirmation")
    with device.app.test_request_context():
        confirmed = run_tx(lambda s: requests.confirm(s, uuid.UUID(number), "account/holder"))

    assert confirmed is Outcome.ACCEPTED
    assert said(device.get(number)) == (200, "accepted")


def test_without_a_token_that_holds_nothing_is_said(device: Device) -> None:
    held = voucher(device.app)
    number = (device.redeem(held).json or {})["redemption_id"]
    stranger = Device(device.app, "x" * 43)

    refused = [
        stranger.redeem(held),
        stranger.get(number),
        stranger.post(f"{PATH}/{number}/corrections", {"amount_minor": 0}),
        device.app.test_client().post(PATH, json={}),
    ]

    assert {said(one) for one in refused} == {(401, "unauthorized")}
    assert {one.headers["WWW-Authenticate"] for one in refused} == {"Bearer"}


def test_another_providers_redemption_is_unknown(device: Device) -> None:
    number = (device.redeem(voucher(device.app)).json or {})["redemption_id"]
    other = make_device(device.app)

    there, none = other.get(number), other.get(str(uuid.uuid4()))

    assert (there.status_code, there.data) == (none.status_code, none.data)
    assert said(there) == (404, "unknown")
    moved = other.post(f"{PATH}/{number}/corrections", {"amount_minor": 0})
    assert said(moved) == (404, "unknown")


def test_wrong_codes_are_slowed_down(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redeeming, "FAILURES_PER_ACTOR_MAX", 2)
    held = voucher(device.app)

    answers = [device.redeem(held, code=codes.draw()) for _ in range(3)]

    assert [one.status_code for one in answers] == [404, 404, 429]
    assert answers[-1].headers["Retry-After"] == "900"
    assert said(answers[-1])[1] == "too_many"


def test_the_register_is_told_without_bank_details(app: Flask, noon: datetime) -> None:
    make_provider()

    answer = app.test_client().get("/api/v1/providers")

    [one] = (answer.json or {})["providers"]
    assert (one["name"], one["services"], one["board_user_members"]) == (
        "Cuidados del Valle",
        ["home-care"],
        4,
    )
    assert one["tariffs"][0]["amount_minor"] == 1_600
    assert b"ES91" not in answer.data


@pytest.mark.long
def test_unknown_and_stopped_codes_take_about_the_same_time(
    device: Device, monkeypatch: pytest.MonkeyPatch, at: Callable[[datetime], None]
) -> None:
    """The medians of many attempts, taken in turn, so that the computer's mood hits all alike."""
    monkeypatch.setattr(redeeming, "FAILURES_PER_ACTOR_MAX", 10**6)
    monkeypatch.setattr(redeeming, "FAILURES_PER_PROVIDER_MAX", 10**6)
    stopped = {state.value: voucher(device.app) for state in (State.BLOCKED, State.REPLACED)}
    for state, held in stopped.items():
        stop(held, State(state))
    seconds: dict[str, list[float]] = {name: [] for name in ("unknown", *stopped)}
    gc.disable()
    try:
        for _ in range(150):
            for name, times in seconds.items():
                held = stopped.get(name) or stopped[State.BLOCKED]
                code = codes.draw() if name == "unknown" else held.code
                before = time.perf_counter()
                device.redeem(held, code=code)
                times.append(time.perf_counter() - before)
    finally:
        gc.enable()

    medians = {name: statistics.median(times) for name, times in seconds.items()}
    assert max(medians.values()) / min(medians.values()) < 1.3, medians
