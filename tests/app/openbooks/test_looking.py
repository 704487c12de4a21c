"""Staff look at unusual payments: who may, what they see, what stays in the trail."""

import uuid
from collections.abc import Callable
from datetime import datetime

import factories
import pytest
from browsing import Browser
from factories_openbooks import give, make_counter, make_open_programme, spend
from factories_providers import person
from flask import Flask
from sqlmodel import col, select

from app.accounts.models import AccountRow, AuditRow
from app.db import read_tx, run_tx
from app.policy import AUDITOR, CLERK, ROUND_OFFICER

Browse = Callable[..., Browser]


@pytest.fixture
def provider_id(app: Flask, noon: datetime) -> uuid.UUID:
    """A provider at which whole vouchers were spent on the day of their hand-over."""
    with app.test_request_context():
        counter = make_counter("Casa Azul")
        spend(counter, give(make_open_programme(), 3), 2_000)
    return counter.provider_id


def acts(account: AccountRow) -> list[str]:
    query = select(AuditRow.action).where(AuditRow.actor_id == account.id)
    return list(read_tx(lambda s: s.exec(query.order_by(col(AuditRow.id))).all()))


def test_an_officer_looks_notes_what_was_found_and_both_stand_in_the_trail(
    app: Flask, browser: Browse, provider_id: uuid.UUID
) -> None:
    account = factories.make_account(ROUND_OFFICER, name="Inés")
    officer = browser(account)

    listed = officer.open("/staff/care/flags")
    address = listed.find("a", string="Spent at once: Casa Azul")["href"]
    page = officer.open(address)
    officer.send(f"{address}/note", {"text": " "}, status=422)
    listed = officer.send(f"{address}/note", {"text": "Paid a month in advance."})

    assert "New" not in listed.select_one("main").text
    assert "€20" in page.text
    assert "Inés looked at it" in browser(account).open(address).text
    assert acts(account)[-3:] == ["care.flag_read", "care.flag_noted", "care.flag_read"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_has_no_business_with_flags_does_not_see_them(
    app: Flask, browser: Browse, provider_id: uuid.UUID
) -> None:
    own = factories.make_account(ROUND_OFFICER)
    run_tx(lambda session: session.add(person(provider_id, own.id)))
    address = (
        browser(factories.make_account(AUDITOR))
        .open("/staff/care/flags")
        .select_one(".minga-round-line a")["href"]
    )

    browser(factories.make_account(CLERK)).open("/staff/care/flags", status=403)
    browser(factories.make_account()).open(address, status=403)
    mine = browser(own)
    assert "Nothing unusual" in mine.open("/staff/care/flags").text
    mine.open(address, status=404)
    mine.open(f"{address}/note", status=404)
    browser(factories.make_account(AUDITOR)).open(f"{address}/note", status=403)
