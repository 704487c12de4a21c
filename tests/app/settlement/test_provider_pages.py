"""A provider's pages about money, and a holder's about one payment, as people use them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import factories
import pytest
from browsing import Browser
from factories_providers import actor_of, person
from factories_settlement import EARLY, lines, make_care, make_taker, redemption, release, take
from factories_vouchers import Held, own
from flask import Flask

from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.providers import devices
from app.providers.models import ProviderRole
from app.settlement import queries, statements
from app.vouchers import receipts
from app.vouchers.models import VoucherRow

Browse = Callable[..., Browser]
ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
RECENT = date(2027, 3, 16)


@dataclass
class House:
    """A provider that took 30.00 and 20.00 early and 15.00 yesterday, and its manager."""

    provider_id: uuid.UUID
    care: uuid.UUID
    early: list[uuid.UUID]
    recent: uuid.UUID
    manager: AccountRow

    @property
    def at(self) -> str:
        return f"/account/organisations/{self.provider_id}"


def employ(provider_id: uuid.UUID, role: str) -> AccountRow:
    account = factories.make_account(name=f"Somebody at work as {role}")
    run_tx(lambda session: session.add(person(provider_id, account.id, role)))
    return account


@pytest.fixture
def house(app: Flask, noon: datetime) -> House:
    with app.test_request_context():
        care, provider_id = make_care(), make_taker(name="Casa Azul")
        early = take(care, provider_id, 3_000, 2_000, on=EARLY)
        [recent] = take(care, provider_id, 1_500, on=RECENT)
    manager = employ(provider_id, ProviderRole.MANAGER)
    return House(provider_id, care, early, recent, manager)


def number(redemption_id: uuid.UUID) -> str:
    return receipts.number(redemption_id)


def holder_of(app: Flask, redemption_id: uuid.UUID) -> AccountRow:
    voucher_id = redemption(redemption_id).voucher_id
    row = read_tx(lambda s: s.get_one(VoucherRow, voucher_id))
    with app.test_request_context():
        actor = own(Held(row.id, row.account_id, "", ""))
    return read_tx(lambda s: s.get_one(AccountRow, actor.account_id))


def test_a_manager_sees_a_month_its_settlement_and_the_statement(
    app: Flask, browser: Browse, house: House
) -> None:
    with app.test_request_context():
        release(house.care)
    manager = browser(house.manager)

    month = manager.open(f"{house.at}/payments")
    listed = manager.open(f"{house.at}/settlements")
    page = manager.open(listed.find("a", string="Taken before 15 March 2027")["href"])
    manager.open(page.find("a", string=lambda t: t and "CSV" in t)["href"])
    table = manager.answer.get_data(as_text=True)
    manager.open(page.find("a", string=lambda t: t and "PDF" in t)["href"])

    assert "€65" in month.text
    assert [number(one) in month.text for one in (*house.early, house.recent)] == [True] * 3
    rows = {row.th.a.text: row.text for row in month.select("tbody tr")}
    assert "Settled" in rows[number(house.early[0])]
    assert "Waits seven days" in rows[number(house.recent)]
    assert "€50" in page.select_one("tfoot").text
    assert f'"{number(house.early[1])}","2027-03-01","home-care","20.00"' in table
    assert number(house.recent) not in table
    assert manager.answer.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in manager.answer.data


@ONE_ENGINE
def test_a_device_reads_the_settlements_of_its_own_provider(app: Flask, house: House) -> None:
    with app.test_request_context():
        release(house.care)
        boss = actor_of(house.manager)
        _device, token = run_tx(lambda s: devices.make(s, boss, house.provider_id, "Till"))
    client, path = app.test_client(), "/api/v1/settlements"

    told = client.get(path, headers={"Authorization": f"Bearer {token}"}).json["settlements"]

    assert [(one["state"], one["pay_minor"], one["redemptions"]) for one in told] == [
        ("due", 5_000, 2)
    ]
    assert client.get(path).status_code == 401


@ONE_ENGINE
def test_a_month_is_chosen_by_its_name_and_downloaded(browser: Browse, house: House) -> None:
    manager = browser(house.manager)

    earlier = manager.open(f"{house.at}/payments?month=2027-02")
    nonsense = [manager.open(f"{house.at}/payments?month={name}") for name in ("x", "2999-01")]
    manager.open(f"{house.at}/payments.csv?month=2027-03")
    table = manager.answer.get_data(as_text=True)

    assert "Nothing was taken in February 2027" in earlier.text
    assert all("€65" in page.text for page in nonsense)
    assert f'"{number(house.recent)}","2027-03-16","home-care","15.00","0.00","15.00",""' in table
    assert len(table.splitlines()) == 4


@ONE_ENGINE
def test_strangers_clerks_and_other_providers_open_no_page_of_money(
    app: Flask, browser: Browse, house: House
) -> None:
    with app.test_request_context():
        batch_id = release(house.care)
        other = make_taker(name="Casa Verde")
    [(line, _provider)] = read_tx(lambda s: queries.lines_in(s, batch_id))
    rival = employ(other, ProviderRole.MANAGER)
    paths = ("payments", "payments.csv", "settlements", f"payments/{house.recent}")
    paths += (f"settlements/{line.id}", f"settlements/{line.id}/statement.pdf")

    for account in (rival, employ(house.provider_id, ProviderRole.CLERK), factories.make_account()):
        for path in paths:
            browser(account).open(f"{house.at}/{path}", status=404)
    own_address = f"/account/organisations/{other}"
    browser(rival).open(f"{own_address}/payments/{house.recent}", status=404)
    browser(rival).open(f"{own_address}/settlements/{line.id}", status=404)


@ONE_ENGINE
def test_a_provider_disputes_a_payment_and_may_withdraw_it(browser: Browse, house: House) -> None:
    manager, address = browser(house.manager), f"{house.at}/payments/{house.recent}"

    empty = manager.send(f"{address}/dispute", {"reason": ""}, status=422)
    page = manager.send(f"{address}/dispute", {"reason": "We took 15.00, and 5.00 was agreed."})
    twice = manager.send(f"{address}/dispute", {"reason": "Again."}, status=409)
    month = manager.open(f"{house.at}/payments")
    withdrawn = manager.send(address, button="Withdraw the dispute")

    assert "Write what is wrong" in empty.select_one("#reason-error").text
    assert "5.00 was agreed" in page.text
    assert "disputed before" in twice.select_one("#reason-error").text
    assert "Disputed" in month.text
    assert "Withdrawn" in withdrawn.text
    manager.open(f"{house.at}/payments/{house.early[0]}/dispute")
    late = manager.send(
        f"{house.at}/payments/{house.early[0]}/dispute", {"reason": "Old."}, status=409
    )
    assert "seven days have passed" in late.text


def test_a_holder_finds_a_payment_by_its_receipt_and_says_that_it_is_wrong(
    app: Flask, browser: Browse, house: House
) -> None:
    account = holder_of(app, house.recent)
    holder, address = browser(account, level="link"), f"/account/payments/{number(house.recent)}"
    voucher = f"/account/vouchers/{redemption(house.recent).voucher_id}"

    link = holder.open(voucher).find("a", string=number(house.recent))
    page = holder.open(link["href"])
    sent = holder.send(f"{address}/dispute", {"reason": "Nobody came."})
    seen_by_provider = browser(house.manager).open(f"{house.at}/payments/{house.recent}")
    withdrawn = holder.send(address, button="Withdraw the dispute")

    assert "€15" in page.text
    assert "Nobody came." in sent.text
    assert "Nobody came." in seen_by_provider.text
    assert "Withdraw the dispute" not in seen_by_provider.text
    assert account.name not in seen_by_provider.text
    assert "Withdrawn" in withdrawn.text
    browser(factories.make_account()).open(address, status=404)
    browser(factories.make_account()).open(f"{address}/dispute", status=404)


@ONE_ENGINE
def test_a_statement_without_payments_is_set_as_well(app: Flask, house: House) -> None:
    with app.test_request_context():
        take(house.care, (small := make_taker(name="Casa Verde")), 900)
        batch_id = release(house.care)
        found = lines(batch_id)
        manager = employ(small, ProviderRole.MANAGER)
        one = read_tx(lambda s: statements.statement(s, actor_of(manager), found[small].id))

        assert statements.pdf(one, town_name="Valdeagua").startswith(b"%PDF-")
        assert (one.items, statements.total(one.settled.line)[0]) == (
            [],
            "Carried over to the next settlement",
        )
