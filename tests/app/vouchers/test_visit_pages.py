"""Booked visits and limits on the pages: of the holder, and at the till of the provider."""

from collections.abc import Callable
from typing import Any

import pytest
from browsing import Browser
from factories import make_account
from factories_providers import make_provider
from factories_vouchers import Held, left_minor, make_voucher, own
from flask import Flask
from sqlmodel import select

from app.accounts.models import AccountRow
from app.db import read_tx
from app.vouchers.models import BookingRow
from app.vouchers.rules import Carrier, Visit

BROWSER = Callable[..., Browser]
TODAY = {"visit_on-day": "17", "visit_on-month": "3", "visit_on-year": "2027"}


@pytest.fixture
def carmen(app: Flask, noon: object) -> AccountRow:
    return make_account(name="Carmen")


def held_by(app: Flask, account: AccountRow, carrier: Carrier = Carrier.PHONE) -> Held:
    with app.app_context():
        held = make_voucher(10_000, carrier)
    own(held, account.id)
    return held


def booked() -> BookingRow:
    return read_tx(lambda s: s.exec(select(BookingRow)).one())


def test_a_holder_books_a_visit_sees_it_and_cancels_it(
    app: Flask, browser: BROWSER, carmen: AccountRow
) -> None:
    held = held_by(app, carmen)
    with app.app_context():
        provider, _ = make_provider(name="Casa Azul")
    hers, address = browser(carmen, level="link"), f"/account/vouchers/{held.id}"
    form = f"{address}/visits/new/{provider.id}"
    friday: dict[str, Any] = TODAY | {"visit_on-day": "19", "amount": "48"}

    choice = hers.open(f"{address}/visits/new")
    assert choice.select_one(f'a[href="{form}"]') is not None
    late = hers.send(form, friday | {"visit_on-year": "2028"}, status=422)
    much = hers.send(form, friday | {"amount": "148"}, status=422)
    page = hers.send(form, friday)
    after = hers.send(address, button="Cancel")

    assert "ends before this day" in late.select_one("#visit_on-error").text
    assert "Not enough is left" in much.select_one("#amount-error").text
    assert ("19 March 2027" in page.text, "€52" in page.text) == (True, True)
    assert "€100" in after.text
    assert booked().state == Visit.CANCELLED


def test_a_provider_books_with_the_code_and_records_two_of_three_hours(
    app: Flask, browser: BROWSER, carmen: AccountRow
) -> None:
    held = held_by(app, carmen, Carrier.PAPER)
    with app.app_context():
        hugo = make_account(name="Hugo")
        provider, _ = make_provider(name="Casa Azul", manager=hugo)
    door, till = browser(hugo, level="link"), f"/till/{provider.id}"

    door.send(till, {"code": held.code})
    without = door.send(f"{till}/visits/new", TODAY | {"amount": "48"}, status=409)
    page = door.send(f"{till}/visits/new", TODAY | {"amount": "48", "digits": held.pin})
    row = booked()
    listed = door.open(f"{till}/visits")
    wrong = door.send(f"{till}/visits/{row.id}", {"amount": "49"}, status=422)
    paid = door.send(f"{till}/visits/{row.id}", {"amount": "32"})

    assert "ask the holder for the PIN" in without.text
    assert "is set aside" in page.text
    assert "Can be recorded" in listed.text
    assert "more than was set aside" in wrong.select_one("#amount-error").text
    assert "€32" in paid.text
    assert left_minor(held) == 6_800


def test_a_holder_limits_a_day_and_is_told_what_is_no_limit(
    app: Flask, browser: BROWSER, carmen: AccountRow
) -> None:
    held = held_by(app, carmen)
    hers, address = browser(carmen, level="link"), f"/account/vouchers/{held.id}/limits"

    wrong = hers.send(address, {"day": "0"}, status=422)
    hers.send(address, {"day": "20"})

    assert "above 0" in wrong.select_one("#day-error").text
    assert hers.open(address).select_one("#day")["value"] == "20"
