"""The till as people use it: pages without JavaScript, on both engines."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import factories
import pytest
from browsing import Browser
from bs4 import BeautifulSoup
from factories_providers import make_provider, person
from factories_vouchers import Held, left_minor, make_voucher, put
from flask import Flask
from sqlmodel import Session, select

from app.db import read_tx, run_tx
from app.providers.models import ProviderRole
from app.vouchers import codes, photo, requests, scanned
from app.vouchers.models import PaymentRequestRow, RedemptionRow
from app.vouchers.rules import Carrier, Outcome, State

BROWSER = Callable[..., Browser]
# Where nothing is written that the engines could treat differently.
ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Stand:
    """A clerk at the till of an organisation."""

    app: Flask
    browser: Browser
    address: str

    def voucher(self, value_minor: int = 10_000, carrier: Carrier = Carrier.PAPER) -> Held:
        with self.app.test_request_context():
            return make_voucher(value_minor, carrier)

    def answer(self, how: Callable[[Session, uuid.UUID, str], Outcome]) -> None:
        """Answer the one request that waits, as its holder."""
        asked = only(PaymentRequestRow).id
        with self.app.test_request_context():
            run_tx(lambda session: how(session, asked, "account/holder"))

    def read(self, code: str) -> BeautifulSoup:
        return self.browser.send(self.address, {"code": code})

    def take(self, held: Held, amount: str, *, status: int = 200, **fields: Any) -> BeautifulSoup:
        self.read(held.code)
        self.browser.send(f"{self.address}/amount", {"amount": amount})
        return self.browser.send(self.shown(), {"digits": held.pin} | fields, status=status)

    def shown(self) -> str:
        assert self.browser.answer is not None
        request = self.browser.answer.request
        return f"{request.path}?{request.query_string.decode()}"


@pytest.fixture
def stand(app: Flask, browser: BROWSER, noon: datetime) -> Stand:
    clerk = factories.make_account()
    provider, _ = make_provider()
    run_tx(lambda s: s.add(person(provider.id, clerk.id, ProviderRole.CLERK)))
    return Stand(app, browser(clerk), f"/till/{provider.id}")


def main(page: BeautifulSoup) -> str:
    found = page.select_one("main")
    assert found is not None
    return found.get_text(" ", strip=True)


def only(model: type[Any]) -> Any:
    return read_tx(lambda session: session.exec(select(model)).one())


def test_a_clerk_takes_a_voucher_corrects_it_and_finds_it_in_the_list(stand: Stand) -> None:
    held = stand.voucher(10_000)

    receipt = stand.take(held, "30,00")
    assert "€30 was taken" in main(receipt)
    assert left_minor(held) == 7_000

    address = stand.shown()
    assert "is not less" in main(
        stand.browser.send(f"{address.rstrip('?')}/correct", {"amount": "30"}, status=422)
    )
    corrected = stand.browser.send(f"{address.rstrip('?')}/correct", {"amount": "20"})
    assert "Stands €20" in main(corrected)
    assert left_minor(held) == 8_000

    listed = main(stand.browser.open(f"{stand.address}/taken"))
    assert "Together €20" in listed
    assert "Nothing was taken" in main(stand.browser.open(f"{stand.address}/taken?day=2027-03-16"))


@ONE_ENGINE
def test_hours_are_charged_by_the_tariff(stand: Stand) -> None:
    held = stand.voucher(10_000)
    stand.read(held.code)

    page = stand.browser.send(f"{stand.address}/amount", {"hours": "2", "minutes": "30"})

    assert "Amount €40" in main(page)  # two hours and a half at 16.00


WRONG_AMOUNTS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "Enter an amount above 0, or a time"),
    ({"amount": "0"}, "Enter an amount above 0, or a time"),
    ({"amount": "5", "hours": "1"}, "not both"),
    ({"minutes": "60"}, "from 0 to 59"),
    ({"amount": "a lot"}, "Enter an amount in figures"),
)


@ONE_ENGINE
def test_a_wrong_amount_is_explained_beside_its_field(stand: Stand) -> None:
    stand.read(codes.draw())

    for fields, sentence in WRONG_AMOUNTS:
        page = stand.browser.send(f"{stand.address}/amount", fields, status=422)
        assert sentence in main(page)
        assert page.select_one(".govuk-error-message")


@ONE_ENGINE
def test_a_slip_is_found_before_anything_is_looked_up(stand: Stand) -> None:
    page = stand.browser.send(stand.address, {"code": "0123-4567-89AN"}, status=422)

    assert "A character is wrong. Please read the code again." in main(page)
    assert page.select_one("#code-error")


def test_each_refusal_has_its_sentence_and_charges_nothing(stand: Stand) -> None:
    held, blocked = stand.voucher(1_000), stand.voucher(1_000)
    put(blocked.id, state=State.BLOCKED)

    assert "Not enough is left" in main(stand.take(held, "10.01", status=409))
    asked = stand.take(held, "1", digits="000000", status=409)
    assert "ask the holder for the PIN" in main(asked)
    assert asked.select_one("#digits[value='']")  # a PIN is never shown again
    assert "cannot use this code" in main(stand.take(blocked, "1", status=404))
    put(held.id, services=["childcare"])
    assert "does not pay for this service" in main(stand.take(held, "1", status=409))
    assert left_minor(held) == 1_000


@ONE_ENGINE
def test_stopped_and_unknown_codes_give_the_same_page(stand: Stand) -> None:
    held = stand.voucher(1_000)
    put(held.id, state=State.REPLACED)
    unknown = Held(held.id, held.account_id, codes.draw(), held.pin)

    pages = [stand.take(one, "1", status=404) for one in (held, unknown)]

    for page in pages:
        for changing in page.select("input[type=hidden], script, link, style"):
            changing.decompose()
    assert main(pages[0]) == main(pages[1])


@ONE_ENGINE
def test_what_a_provider_sees_is_the_same_whatever_the_voucher_holds(stand: Stand) -> None:
    shown = []
    for value_minor in (5_000, 123_450):
        page = stand.take(stand.voucher(value_minor), "12")
        number = page.select_one("h1")
        assert number is not None
        shown.append(main(page).replace(number.get_text(strip=True), "R"))

    assert shown[0] == shown[1]


def test_sending_the_page_twice_charges_once(stand: Stand) -> None:
    held = stand.voucher(10_000)
    stand.read(held.code)
    page = stand.browser.send(f"{stand.address}/amount", {"amount": "20"})
    fields = {
        str(one["name"]): str(one.get("value", "")) for one in page.select("main input[name]")
    } | {"digits": held.pin}
    fields.pop("again", None)
    address, cookie = stand.shown(), stand.browser.client.get_cookie(scanned.COOKIE)
    assert cookie is not None

    stand.browser.client.post(address, data=fields)
    stand.browser.client.set_cookie(scanned.COOKIE, cookie.value)
    again = stand.browser.client.post(address, data=fields)

    assert (again.status_code, left_minor(held)) == (303, 8_000)


def test_an_equal_charge_at_once_is_asked_about(
    stand: Stand, at: Callable[[datetime], None], noon: datetime
) -> None:
    held = stand.voucher(10_000)
    stand.take(held, "20")

    assert "the same amount" in main(stand.take(held, "20", status=409))
    assert left_minor(held) == 8_000
    fields = {"digits": held.pin, "again": "y"}
    assert "was taken" in main(stand.take(held, "20", **fields))
    at(noon + timedelta(seconds=40))
    assert "was taken" in main(stand.take(held, "20"))
    assert left_minor(held) == 4_000


@ONE_ENGINE
def test_another_voucher_read_in_the_same_browser_is_not_charged(stand: Stand) -> None:
    first, second = stand.voucher(5_000), stand.voucher(5_000)
    stand.read(first.code)
    page = stand.browser.send(f"{stand.address}/amount", {"amount": "20"})
    address, token = stand.shown(), page.select_one("main [name=csrf_token]")
    which = page.select_one("[name=which]")
    assert token is not None
    assert which is not None
    stand.read(second.code)

    stand.browser.client.post(address, data={"csrf_token": token["value"], "which": which["value"]})

    assert (left_minor(first), left_minor(second)) == (5_000, 5_000)
    assert "meanwhile" in main(stand.browser.open(f"{stand.address}/amount"))


def test_a_phone_without_its_code_waits_for_the_holder(stand: Stand) -> None:
    held = stand.voucher(10_000, Carrier.PHONE)

    assert "has to confirm it" in main(stand.take(held, "20"))
    waiting = stand.shown().rstrip("?")
    answer = stand.browser.client.get(f"{waiting}/progress")
    assert (answer.json or {})["done"] is False
    stand.answer(requests.confirm)

    assert "€20 was taken" in main(stand.browser.open(waiting))
    assert (stand.browser.client.get(f"{waiting}/progress").json or {})["done"] is True


def test_a_holder_who_refuses_is_not_charged_and_the_till_hears_it(stand: Stand) -> None:
    held = stand.voucher(10_000, Carrier.PHONE)
    stand.take(held, "20")
    waiting = stand.shown().rstrip("?")

    stand.answer(requests.refuse)

    assert "did not confirm" in main(stand.browser.open(waiting))


@ONE_ENGINE
def test_the_address_of_a_picture_keeps_the_code_and_shows_it_nowhere(stand: Stand) -> None:
    held = stand.voucher(10_000)
    bare = held.code.replace("-", "")

    answer = stand.browser.client.get(f"/V/{bare}")

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"] == "/code"
    kept = answer.headers["Set-Cookie"]
    assert bare not in kept
    assert "HttpOnly" in kept
    page = stand.browser.open("/code")
    assert stand.shown() == f"{stand.address}/amount?"
    assert held.code not in str(page)


@ONE_ENGINE
def test_a_strangers_scan_says_nothing_of_the_voucher(stand: Stand, browser: BROWSER) -> None:
    shown = []
    for code in (stand.voucher(10_000).code, codes.draw()):
        stranger = browser()
        shown.append(main(stranger.open(f"/V/{code}")))
    assert shown[0] == shown[1]
    assert "care voucher" in shown[0]
    assert "No voucher was read" in main(browser().open("/V/0123-4567-89AN"))


@ONE_ENGINE
def test_a_code_is_kept_for_five_minutes(
    stand: Stand, at: Callable[[datetime], None], noon: datetime
) -> None:
    stand.read(codes.draw())
    cookie = stand.browser.client.get_cookie(scanned.COOKIE)
    assert cookie is not None
    at(noon + timedelta(minutes=5))
    stand.browser.client.set_cookie(scanned.COOKIE, cookie.value)

    page = stand.browser.open(f"{stand.address}/amount")

    assert "more than five minutes ago" in main(page)


@ONE_ENGINE
def test_a_photo_is_read_and_one_without_a_code_is_explained(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = stand.voucher(10_000)
    address = f"{stand.address}/photo"
    empty = stand.browser.send(address, {"photo": (io.BytesIO(b"words"), "a.jpg")}, status=422)
    assert "not a photo that can be read" in main(empty)

    monkeypatch.setattr(photo, "read", lambda _data: held.code)
    page = stand.browser.send(address, {"photo": (io.BytesIO(b"picture"), "a.jpg")})

    assert "How much?" in main(page)


@ONE_ENGINE
def test_the_camera_and_its_reader_are_allowed_on_their_page_alone(stand: Stand) -> None:
    allowed = {}
    for path in ("/camera", ""):
        stand.browser.open(f"{stand.address}{path}")
        answer = stand.browser.answer
        assert answer is not None
        policy = answer.headers["Content-Security-Policy"]
        camera = answer.headers["Permissions-Policy"].split(",")[0]
        allowed[path] = ("'wasm-unsafe-eval'" in policy, "default-src 'none'" in policy, camera)

    assert allowed == {"/camera": (True, True, "camera=(self)"), "": (False, True, "camera=()")}


def test_nobody_else_opens_a_till_or_its_receipts(stand: Stand, browser: BROWSER) -> None:
    stand.take(stand.voucher(10_000), "20")
    receipt = only(RedemptionRow).id
    other_clerk = factories.make_account()
    other, _ = make_provider(manager=other_clerk)
    there = browser(other_clerk)

    for path in (
        "",
        "/camera",
        "/taken",
        "/amount",
        f"/receipts/{receipt}",
        f"/waiting/{uuid.uuid4()}",
    ):
        there.open(f"{stand.address}{path}", status=404)
    there.open(f"/till/{other.id}/receipts/{receipt}", status=404)
    there.open(f"/till/{other.id}/receipts/{receipt}/correct", status=404)
