"""The desk and one voucher: found without its serial, replaced, printed by two, blocked by two."""

from collections.abc import Callable

from browsing import Browser
from factories import make_account
from factories_vouchers import Held, make_voucher, own
from flask import Flask
from sqlmodel import select

from app.db import read_tx
from app.vouchers.models import ReplacementRow, VoucherRow
from app.vouchers.rules import State

BROWSER = Callable[..., Browser]
DESK = "/staff/care/vouchers"


def make(app: Flask) -> tuple[Held, str]:
    with app.app_context():
        held = make_voucher(10_000, register_number="V 77")
    return held, read_tx(lambda s: s.get_one(VoucherRow, held.id).serial)


def printed(who: Browser, page: str, button: str) -> bool:
    who.send(page, button=button)
    assert who.answer is not None
    return who.answer.get_data().startswith(b"%PDF-")


def test_a_person_without_the_paper_gets_a_new_one_and_staff_never_see_a_code(
    app: Flask, browser: BROWSER, noon: object
) -> None:
    held, serial = make(app)
    desk, second = browser(make_account("clerk")), browser(make_account("clerk"))

    desk.send(DESK, {"wanted": "nobody"}, status=404)
    found = desk.send(DESK, {"wanted": "v 77"})
    page = desk.send(f"{DESK}/{serial}/replace", {"reason": "lost"})
    assert serial in found.text
    assert held.code not in page.text
    row = read_tx(lambda s: s.exec(select(ReplacementRow)).one())
    new = read_tx(lambda s: s.get_one(VoucherRow, row.replaced_by))
    its = f"{DESK}/{new.serial}"

    assert printed(desk, its, "Print the voucher")
    desk.send(DESK, to=f"{its}/slip", status=409)  # the paper is enough for one pair of hands
    assert printed(second, its, "Print the slip")
    second.send(DESK, to=f"{its}/slip", status=409)
    desk.send("/staff/care/hand-over", {"serial": new.serial})

    done = read_tx(lambda s: s.get_one(VoucherRow, new.id))
    assert done.state == State.ACTIVE
    assert read_tx(lambda s: s.exec(select(ReplacementRow)).one()).pin_sealed is None


def test_two_people_block_a_voucher_at_the_desk_and_a_third_answers_the_appeal(
    app: Flask, browser: BROWSER, noon: object
) -> None:
    held, serial = make(app)
    holder = make_account(name="Carmen")
    own(held, holder.id)
    first, second, third = (browser(make_account("clerk")) for _ in range(3))

    first.send(f"{DESK}/{serial}/block", {"text": ""}, status=422)
    page = first.send(f"{DESK}/{serial}/block", {"text": "Odd payments."})
    assert "waits for a second person" in page.text
    decision = page.select_one('a[href^="/staff/decisions/"]')["href"]
    second.send(decision, button="Approve")
    mine = browser(holder, level="link")
    mine.send(f"/account/vouchers/{held.id}/appeal", {"text": "They are right."})
    first.send(f"{DESK}/{serial}/appeal", {"upheld": "yes", "text": "Yes."}, status=403)
    assert "Appeals against a block" in third.open(DESK).text
    third.send(f"{DESK}/{serial}/appeal", {"upheld": "yes", "text": "You are right."})

    assert read_tx(lambda s: s.get_one(VoucherRow, held.id)).state == State.ACTIVE
    assert "You are right." in mine.open(f"/account/vouchers/{held.id}").text


def test_nobody_at_the_desk_replaces_their_own_voucher(
    app: Flask, browser: BROWSER, noon: object
) -> None:
    held, serial = make(app)
    clerk = make_account("clerk")
    own(held, clerk.id)

    page = browser(clerk).send(f"{DESK}/{serial}/replace", {"reason": "pin"}, status=403)

    assert "your own voucher" in page.text
