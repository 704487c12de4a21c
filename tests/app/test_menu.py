"""The ways that stand on every page: to the vote while one is open, to the staff's sign-in."""

from collections.abc import Callable

from browsing import Browser
from bs4 import BeautifulSoup
from factories import make_account
from factories_rounds import make_round

from app.policy import CLERK

BROWSER = Callable[..., Browser]


def _menu(page: BeautifulSoup) -> dict[str, str]:
    return {a.get_text(strip=True): str(a["href"]) for a in page.select("nav a[href]")}


def _foot(page: BeautifulSoup) -> dict[str, str]:
    return {a.get_text(strip=True): str(a["href"]) for a in page.select("footer a[href]")}


def test_while_a_vote_is_open_the_menu_leads_to_it(browser: BROWSER, at, days) -> None:
    round_ = make_round(slug="r", state="voting")
    visitor = browser()

    assert _menu(visitor.open("/"))["Vote"] == "/ballot"

    at(round_.row.voting_closes_at)
    assert "Vote" not in _menu(visitor.open("/"))


def test_without_an_open_vote_the_menu_does_not_name_it(browser: BROWSER) -> None:
    make_round(slug="r", state="frozen")

    names = [*_menu(browser().open("/help"))]
    assert "Help" in names
    assert "Vote" not in names


def test_staff_find_their_sign_in_at_the_foot_of_every_page(browser: BROWSER) -> None:
    assert _foot(browser().open("/"))["Staff"] == "/account/staff"

    page = browser(make_account(CLERK)).open("/")
    assert "Staff" not in _foot(page)
    assert _menu(page)["Staff"] == "/staff"


def test_the_vote_stands_in_the_menu_of_a_page_that_is_not_there(browser: BROWSER) -> None:
    make_round(slug="r", state="voting")

    assert "Vote" in _menu(browser().open("/nothing/here", status=404))
