"""The trail of what staff did."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import factories
import pytest
from browsing import Browser
from flask import Flask

from app.accounts import audit
from app.accounts.models import AccountRow
from app.db import run_tx
from app.policy import ADMINISTRATOR, AUDITOR, CLERK, Actor

Browse = Callable[..., Browser]


@pytest.fixture
def clerk(app: Flask) -> AccountRow:
    return factories.make_account(CLERK, name="Mara Luz")


def _did(
    account: AccountRow, action: str = "test.done", subject: str = "x", **details: str
) -> None:
    run_tx(
        lambda session: audit.record(
            session, Actor(account_id=account.id), action, subject, details
        )
    )


def _rows(someone: Browser) -> list[str]:
    table = someone.open("/staff/audit").select("main tbody tr")
    return [row.get_text(" ", strip=True) for row in table]


def test_administrators_see_names_and_auditors_pseudonyms(
    browser: Browse, clerk: AccountRow
) -> None:
    _did(clerk)

    assert "Mara Luz" in _rows(browser(factories.make_account(ADMINISTRATOR)))[0]
    [line] = _rows(browser(factories.make_account(AUDITOR)))
    assert "Mara" not in line
    assert f"#{clerk.id.hex[-8:]}" in line


def test_the_trail_is_narrowed_by_act_subject_and_day(
    browser: Browse, clerk: AccountRow, noon: datetime, at: Callable[[datetime], None]
) -> None:
    _did(clerk, "roll.imported", "round-1")
    _did(clerk, "round.opened", "round-1")
    at(noon + timedelta(days=2))
    _did(clerk, "round.opened", "round-2")
    someone = browser(factories.make_account(AUDITOR))

    def found(query: str) -> int:
        return len(someone.open(f"/staff/audit?{query}").select("main tbody tr"))

    assert found("") == 3
    assert found("action=round.opened") == 2
    assert found("subject=round-1") == 2
    assert found("since-day=18&since-month=3&since-year=2027") == 1
    assert found("until-day=17&until-month=3&until-year=2027") == 2
    assert found("subject=%25") == 0


def test_a_day_that_is_none_is_explained(browser: Browse, app: Flask) -> None:
    someone = browser(factories.make_account(AUDITOR))

    page = someone.open("/staff/audit?since-day=40&since-month=3&since-year=2027")

    assert "real date" in page.select_one("#since-error").text


def test_a_long_trail_has_pages(browser: Browse, clerk: AccountRow) -> None:
    def fill(session: object) -> None:
        for number in range(120):
            audit.record(session, Actor(account_id=clerk.id), "test.done", f"n{number}")

    run_tx(fill)
    someone = browser(factories.make_account(AUDITOR))

    page = someone.open("/staff/audit?page=3&action=test.done&_external=1&_scheme=javascript")

    assert len(page.select("main tbody tr")) == 20
    links = [str(link["href"]) for link in page.select(".govuk-pagination a")]
    assert links
    assert all(link.startswith("/staff/audit?") for link in links)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_that_does_not_exist_is_no_fault(browser: Browse, app: Flask, page: str) -> None:
    browser(factories.make_account(AUDITOR)).open(f"/staff/audit?page={page}")


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "\t=1"])
def test_the_table_cannot_make_a_spreadsheet_calculate(
    browser: Browse, clerk: AccountRow, evil: str
) -> None:
    _did(clerk, subject=evil)
    someone = browser(factories.make_account(AUDITOR))

    someone.open("/staff/audit.csv")

    text = someone.answer.data.decode("utf-8-sig")
    [_head, row] = csv.reader(StringIO(text))
    assert row[3].startswith("'")
    assert someone.answer.headers["Content-Disposition"].startswith("attachment")


def test_signing_in_leaves_no_line(browser: Browse, app: Flask) -> None:
    resident = factories.make_account()
    browser(resident, level="link").open("/account")

    assert _rows(browser(factories.make_account(AUDITOR))) == []
