"""Help pages, and the source code that whoever uses the site may have."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from browsing import Browser
from bs4 import BeautifulSoup

from app.db import run_tx
from app.town.models import TownRow

Open = Callable[..., BeautifulSoup]


@pytest.mark.parametrize("name", ["", "/accessibility", "/privacy", "/limits", "/about"])
def test_every_help_page_opens(open_page: Open, name: str) -> None:
    assert open_page(f"/help{name}").h1


def test_the_limits_are_all_said(open_page: Open) -> None:
    text = open_page("/help/limits").main.text

    for honest in (
        "can learn how people voted",
        "could vote for people who stayed away",
        "watch or film you",
        "can act as a signature",
        "hint at when a ballot arrived",
        "not for elections to office",
    ):
        assert honest in text


def test_help_says_where_to_ask_a_person(open_page: Open) -> None:
    def change(session: object) -> None:
        session.get_one(TownRow, 1).contact = "Plaza Mayor 1\nMonday to Friday"

    run_tx(change)

    assert "Plaza Mayor 1" in open_page("/help").select_one(".minga-lines").text


def test_the_footer_leads_to_help_on_every_page(open_page: Open) -> None:
    links = {link["href"] for link in open_page("/help").select("footer a")}

    assert {"/help", "/help/privacy", "/help/accessibility", "/help/about"} <= links


def test_the_source_code_is_offered_and_nothing_private(
    browser: Callable[..., Browser],
) -> None:
    someone = browser()
    someone.open("/help/source.zip")
    names = zipfile.ZipFile(BytesIO(someone.answer.data)).namelist()

    assert "minga/app/factory.py" in names
    assert "minga/templates/base.html" in names
    assert "minga/allocation/equal_shares.py" in names
    private = ("secrets.json", "sqlite", ".git/", "node_modules", "instance/", ".pyc", "/keys/")
    assert [name for name in names if any(one in name for one in private)] == []
