"""A holder who lost a voucher, or whose voucher was blocked, on their own page."""

from collections.abc import Callable

from browsing import Browser
from factories import make_account
from factories_vouchers import Held, left_minor, make_till, make_voucher, outcome, own, pay
from flask import Flask
from sqlmodel import select

from app.accounts import approvals
from app.db import read_tx, run_tx
from app.policy import CLERK, Actor
from app.vouchers import blocking
from app.vouchers.models import VoucherRow
from app.vouchers.rules import Carrier, State

BROWSER = Callable[..., Browser]


def make(app: Flask, carrier: Carrier = Carrier.PHONE) -> tuple[Held, object]:
    carmen = make_account(name="Carmen")
    with app.app_context():
        held = make_voucher(10_000, carrier)
    own(held, carmen.id)
    return held, carmen


def block(app: Flask, held: Held, reason: str) -> None:
    first, second = (
        Actor(make_account(CLERK).id, "", frozenset({CLERK}), "full") for _ in range(2)
    )
    serial = read_tx(lambda s: s.get_one(VoucherRow, held.id).serial)
    with app.test_request_context():
        asked = run_tx(lambda s: blocking.propose(s, first, blocking.BLOCK, serial, reason).id)
        run_tx(lambda s: approvals.approve(s, second, asked))


def test_a_lost_voucher_is_replaced_on_the_spot_and_the_old_page_leads_to_the_new(
    app: Flask, browser: BROWSER, noon: object
) -> None:
    held, carmen = make(app, Carrier.PAPER)
    with app.test_request_context():
        pay(make_till(name="Casa Azul"), held.charge(3_000))
    hers = browser(carmen, level="link")
    own_page = f"/account/vouchers/{held.id}"
    assert "until 31 December 2027" in hers.open(own_page).text

    page = hers.send(f"{own_page}/lost", {"carrier": "phone"})
    old = hers.open(own_page)

    [new] = read_tx(
        lambda s: s.exec(select(VoucherRow).where(VoucherRow.state == State.ACTIVE)).all()
    )
    assert "The old code is dead" in page.text
    assert ("€70" in page.text, "Casa Azul" in page.text) == (True, True)
    assert held.code not in page.text
    assert old.select_one(f'a[href="/account/vouchers/{new.id}"]') is not None
    with app.test_request_context():
        assert outcome(pay(make_till(), held.charge(1_000))) == "unknown"


def test_who_chooses_nothing_is_told_so_and_nobody_replaces_anothers_voucher(
    app: Flask, browser: BROWSER, noon: object
) -> None:
    held, carmen = make(app)
    address = f"/account/vouchers/{held.id}/lost"

    page = browser(carmen, level="link").send(address, {"carrier": "pigeon"}, status=422)
    browser(make_account(name="Eve"), level="link").open(address, status=404)

    assert page.select_one("#carrier-error") is not None
    assert left_minor(held) == 10_000


def test_a_holder_reads_why_a_voucher_is_blocked_and_appeals_once(
    app: Flask, browser: BROWSER, noon: object
) -> None:
    held, carmen = make(app)
    block(app, held, "Two visits at the same hour.")
    hers, address = browser(carmen, level="link"), f"/account/vouchers/{held.id}"

    before = hers.open(address)
    hers.send(f"{address}/appeal", {"text": ""}, status=422)
    after = hers.send(f"{address}/appeal", {"text": "One was my neighbour's."})

    assert "Two visits at the same hour." in before.text
    assert "appeal until 16 April 2027" in before.text
    assert "waits for its answer" in after.text
    again = hers.send(f"{address}/appeal", {"text": "And again."}, status=409)
    assert "Nothing was changed" in again.text
