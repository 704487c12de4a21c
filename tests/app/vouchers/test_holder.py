"""What a holder sees of a voucher and decides about payments, and nobody else."""

import json
import uuid

import pytest
from browsing import Browser
from factories import make_account
from factories_vouchers import Held, left_minor, make_till, make_voucher, pay, put
from flask import Flask

from app.accounts.models import AccountRow
from app.db import run_tx
from app.vouchers.models import ResidentRow, VoucherRow
from app.vouchers.rules import Carrier, State


@pytest.fixture
def holder(app: Flask, noon: object) -> AccountRow:
    return make_account(name="Carmen")


def held_by(app: Flask, account: AccountRow, carrier: Carrier = Carrier.PHONE) -> Held:
    """A voucher of 100.00 whose resident has proven to be this account."""
    with app.app_context():
        held = make_voucher(10_000, carrier)

    def prove(session: object) -> None:
        resident = session.get_one(ResidentRow, session.get_one(VoucherRow, held.id).resident_id)
        resident.account_id = account.id
        session.add(resident)

    run_tx(prove)
    return held


def asked(app: Flask, held: Held, amount_minor: int = 3_000) -> uuid.UUID:
    with app.test_request_context():
        answer = pay(make_till(name="Casa Azul"), held.charge(amount_minor, digits=""))
    return uuid.UUID(json.loads(answer.body)["redemption_id"])


def test_a_holder_sees_code_and_rest_and_pays_what_a_provider_asks_for(
    app: Flask, browser: type[Browser], holder: AccountRow
) -> None:
    held = held_by(app, holder)
    asked(app, held)
    carmen, address = browser(holder, level="link"), f"/account/vouchers/{held.id}"

    assert "Casa Azul asks for €30" in carmen.open("/account/vouchers").text
    page = carmen.open(address)
    paid = carmen.send(address, button="Pay Casa Azul")

    assert held.code in page.text
    assert "Casa Azul asks for €30" in page.text
    assert "€100" in page.text
    assert ("You paid" in paid.text, "€70" in paid.text) == (True, True)
    assert "asks for" not in paid.text
    assert left_minor(held) == 7_000


def test_a_holder_who_does_not_pay_keeps_everything(
    app: Flask, browser: type[Browser], holder: AccountRow
) -> None:
    held = held_by(app, holder)
    asked(app, held)

    page = browser(holder, level="link").send(
        f"/account/vouchers/{held.id}", button="Do not pay Casa Azul"
    )

    assert "Nothing was charged" in page.text
    assert left_minor(held) == 10_000


def test_nobody_sees_anothers_voucher_or_answers_for_it(
    app: Flask, browser: type[Browser], holder: AccountRow
) -> None:
    other = make_account(name="Eve")
    hers, own = held_by(app, holder), held_by(app, other)
    request = asked(app, hers)
    eve, mine = browser(other, level="link"), f"/account/vouchers/{own.id}"
    asked(app, own)

    eve.open(f"/account/vouchers/{hers.id}", status=404)
    for voucher in (hers, own):  # the second names her own voucher for another's payment
        path = f"/account/vouchers/{voucher.id}/payments/{request}/confirm"
        eve.send(mine, button="Pay Casa Azul", to=path, status=404)

    assert (left_minor(hers), left_minor(own)) == (10_000, 10_000)


def test_a_voucher_that_is_not_in_use_shows_no_code(
    app: Flask, browser: type[Browser], holder: AccountRow
) -> None:
    held = held_by(app, holder)
    put(held.id, state=State.BLOCKED)

    page = browser(holder, level="link").open(f"/account/vouchers/{held.id}")

    assert "Blocked" in page.text
    assert held.code[:4] not in page.text
    assert page.select_one(".minga-voucher") is None


def test_the_square_leads_its_holder_to_the_voucher_and_others_nowhere(
    app: Flask, browser: type[Browser], holder: AccountRow
) -> None:
    held = held_by(app, holder)
    hers, other = browser(holder, level="link"), browser(make_account(name="Eve"), level="link")

    page = hers.open(f"/V/{held.code}")
    elsewhere = other.open(f"/V/{held.code}")

    assert page.h1.text.strip() == "Your voucher"
    assert elsewhere.h1.text.strip() == "A care voucher"
    assert browser().open(f"/V/{held.code}").h1.text.strip() == "A care voucher"
