"""The pages of delegation: a resident names somebody, who acts as far as was allowed."""

import json
import uuid

import factories
import pytest
from browsing import Browser
from factories_delegation import Pair, holder_of, make_delegation, make_pair
from factories_providers import make_provider
from factories_vouchers import left_minor, make_till, make_voucher, pay
from flask import Flask
from sqlmodel import select

from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.delegation.models import DelegationRow
from app.delegation.rules import Power
from app.policy import CLERK
from app.vouchers import requests

ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _noon(app: Flask, noon: object) -> None:
    pass


def pair_of(app: Flask, *powers: Power) -> Pair:
    with app.test_request_context():
        return make_pair(*powers)


def ask(app: Flask, pair: Pair, who: str = "Casa Azul") -> uuid.UUID:
    with app.test_request_context():
        answer = pay(make_till(name=who), pair.held.charge(3_000, digits=""))
    return uuid.UUID(json.loads(answer.body)["redemption_id"])


def voucher_page(pair: Pair) -> str:
    return f"/account/helping/{pair.id}/vouchers/{pair.held.id}"


def newest() -> DelegationRow:
    return read_tx(lambda s: s.exec(select(DelegationRow)).all())[-1]


@ONE_ENGINE
def test_a_resident_names_a_person_who_accepts_with_the_code_and_then_pays(
    app: Flask, browser: type[Browser]
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    carmen = browser(holder_of(held), level="link")
    rosa = browser(factories.make_account(name="Rosa"), level="link")

    carmen.send("/account/helpers/new", {"kind": "person", "label": "My Rosa"})
    made = f"/account/helpers/{newest().id}"
    carmen.send(f"{made}/powers", {"powers": ["see_balance"]})
    page = carmen.send(made, button="Make a code")
    code = page.select_one(".minga-code__code").text.strip()
    wrong = rosa.send(
        "/account/helping/accept", {"code": "0000-0000-0000", "agreed": "y"}, status=422
    )
    rosa.send("/account/helping/accept", {"code": code, "agreed": "y"})
    seen = rosa.open(f"/account/helping/{newest().id}/vouchers/{held.id}")

    assert "does not work" in wrong.select_one("#code-error").text
    assert "Voucher of Carmen" in seen.text
    assert "€100" in seen.text
    after = carmen.open(made).text
    assert "Rosa" in after
    assert "Opened the page of a voucher" in after


@ONE_ENGINE
@pytest.mark.parametrize(
    ("power", "sign"),
    [
        (Power.SEE_BALANCE, "€70"),
        (Power.SEE_HISTORY, "Casa Verde"),
        (Power.CONFIRM, "Casa Azul asks for €30"),
        (Power.SHOW_CODE, "Show the code"),
    ],
)
def test_each_power_opens_its_own_part_of_the_page(
    app: Flask, browser: type[Browser], power: Power, sign: str
) -> None:
    pair = pair_of(app, power)
    paid = ask(app, pair, "Casa Verde")
    with app.test_request_context():
        run_tx(lambda session: requests.confirm(session, paid, "account/holder"))
    ask(app, pair)

    text = browser(pair.delegate, level="link").open(voucher_page(pair)).text

    signs = {"€70", "Casa Verde", "Casa Azul asks for €30", "Show the code"}
    assert {one for one in signs if one in text} == {sign}
    assert pair.held.code not in text


def test_what_was_ended_between_page_and_button_is_refused(
    app: Flask, browser: type[Browser]
) -> None:
    pair = pair_of(app, Power.CONFIRM)
    request = ask(app, pair)
    rosa, carmen = browser(pair.delegate, level="link"), browser(pair.holder, level="link")
    page = rosa.open(voucher_page(pair))
    token = page.select_one("main [name=csrf_token]")["value"]

    carmen.send(f"/account/helpers/{pair.id}", button="End it now")
    answer = rosa.client.post(
        f"{voucher_page(pair)}/payments/{request}/confirm", data={"csrf_token": token}
    )

    assert answer.status_code == 403
    assert "You may not do this for this person" in answer.get_data(as_text=True)
    assert left_minor(pair.held) == 10_000


@ONE_ENGINE
def test_the_resident_reads_what_was_paid_for_them(app: Flask, browser: type[Browser]) -> None:
    pair = pair_of(app, Power.CONFIRM)
    ask(app, pair)

    browser(pair.delegate, level="link").send(voucher_page(pair), button="Pay Casa Azul")

    done = browser(pair.holder, level="link").open(f"/account/helpers/{pair.id}").text
    assert "Paid: €30" in done
    assert "Casa Azul" in done


@ONE_ENGINE
def test_a_person_without_a_name_for_the_list_is_asked_for_it(
    app: Flask, browser: type[Browser]
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    page = browser(holder_of(held), level="link").send(
        "/account/helpers/new", {"kind": "person", "label": " "}, status=422
    )

    assert "Enter what you call this person" in page.select_one("#label-error").text


@ONE_ENGINE
def test_a_last_day_in_the_past_is_refused_beside_its_boxes(
    app: Flask, browser: type[Browser]
) -> None:
    pair = pair_of(app)
    page = browser(pair.holder, level="link").send(
        f"/account/helpers/{pair.id}/last-day",
        {"ends_on-day": "1", "ends_on-month": "3", "ends_on-year": "2027"},
        status=422,
    )

    assert "from today on" in page.select_one("#ends_on-error").text


@ONE_ENGINE
def test_a_delegate_sees_none_of_the_residents_own_pages(
    app: Flask, browser: type[Browser]
) -> None:
    pair = pair_of(app, *Power)
    rosa = browser(pair.delegate, level="link")

    for path in ("", "/powers", "/last-day"):
        rosa.open(f"/account/helpers/{pair.id}{path}", status=404)
    rosa.open(f"/account/vouchers/{pair.held.id}", status=404)


@ONE_ENGINE
def test_a_manager_names_a_worker_who_sees_the_least(app: Flask, browser: type[Browser]) -> None:
    manager = factories.make_account(name="Teresa")
    with app.test_request_context():
        held = make_voucher(10_000)
        provider, _ = make_provider(manager=manager, name="La Noria")
        made = make_delegation(holder_of(held), provider_id=provider.id)
    teresa = browser(manager, level="link")

    assert "Nobody is named yet" in teresa.open("/account/helping").text
    teresa.send(f"/account/helping/{made}/workers", button="Name Teresa")
    page = teresa.open(f"/account/helping/{made}/vouchers/{held.id}")

    assert "In use" in page.text
    assert "€" not in page.select_one("main").text
    assert held.code not in page.text


def test_at_the_desk_two_sign_and_the_resident_gets_a_code(
    app: Flask, browser: type[Browser]
) -> None:
    with app.test_request_context():
        make_voucher(10_000, register_number="V 17")
    first, second = (factories.make_account(CLERK) for _ in range(2))
    clerk = browser(first)

    clerk.send("/staff/care/helpers", {"number": "V 18"}, status=404)
    clerk.send("/staff/care/helpers", {"number": "v 17"})
    desk = str(clerk.answer.request.path)
    clerk.send(
        f"{desk}/new",
        {
            "kind": "person",
            "label": "Her Rosa",
            "powers": ["confirm"],
            "ends_on-day": "30",
            "ends_on-month": "6",
            "ends_on-year": "2027",
            "present": "y",
        },
    )
    waiting = read_tx(lambda s: s.exec(select(ApprovalRow)).one())
    asked = browser(second).open(f"/staff/decisions/{waiting.id}").text
    assert "Let “Her Rosa” act for a resident who was at the desk (vouchers: V-" in asked
    browser(second).send(f"/staff/decisions/{waiting.id}", button="Approve")
    made = newest()
    assert (made.prepared_by, made.confirmed_by) == (first.id, second.id)

    page = clerk.send(f"{desk}/{made.id}", button="Make a code")
    code = page.select_one(".minga-code__code").text.strip()
    rosa = browser(factories.make_account(name="Rosa"), level="link")
    rosa.send("/account/helping/accept", {"code": code, "agreed": "y"})

    assert "A resident without an account" in rosa.open("/account/helping").text
    clerk.send(f"{desk}/{made.id}", button="End it now")
    assert "A resident without an account" not in rosa.open("/account/helping").text
