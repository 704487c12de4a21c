"""A demonstration shows how its invented people sign in, and the mail that nobody gets."""

from collections.abc import Callable
from datetime import datetime

import pytest
from browsing import Browser
from factories_accounts import code_now, make_staff
from flask import Flask
from sqlmodel import Session

from app.db import run_tx
from app.demo.sign_ins import PASSWORD, VotingCode
from app.policy import CLERK
from app.town import service as towns
from app.town.models import TownRow

Browse = Callable[..., Browser]


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The application of a town that was born as a demonstration."""

    def begin_anew(session: Session) -> None:
        session.delete(session.get_one(TownRow, 1))
        session.flush()
        towns.make_demo(
            session,
            name="Valdeagua",
            country="Spain",
            contact="",
            currency="EUR",
            time_zone="Europe/Madrid",
        )

    run_tx(begin_anew)
    return app


def test_the_banner_of_every_page_leads_to_the_sign_ins(demo: Flask, browser: Browse) -> None:
    banner = browser().open("/help").select_one(".minga-demo")

    assert "invented" in banner.text
    assert banner.select_one("a")["href"] == "/demo"


def test_the_time_code_shown_lets_one_in(demo: Flask, browser: Browse, noon: datetime) -> None:
    with demo.app_context():
        mara = make_staff(CLERK, email="mara@valdeagua.example", name="Mara Luz")
    shown = browser().open("/demo").main.text

    assert mara.email in shown
    assert "Clerk" in shown
    assert code_now() in shown
    assert PASSWORD in shown


def test_mail_stays_in_the_demonstration(demo: Flask, browser: Browse) -> None:
    someone = browser()
    someone.send("/account/sign-in", {"email": "ana@valdeagua.example"})

    page = someone.open("/demo")

    link = next(a["href"] for a in page.select("main a") if "/account/link/" in a["href"])
    assert "Open your account" in someone.open(str(link)).h1.text


def test_a_real_town_shows_none_of_it(browser: Browse) -> None:
    someone = browser()

    someone.open("/demo", status=403)
    assert someone.open("/help").select_one(".minga-demo") is None


def test_no_heading_of_the_page_is_repeated_by_a_table(
    demo: Flask, browser: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [VotingCode("AAAA-BBBB-CCCC-DDDD", "Round", "Ana", "North")]
    monkeypatch.setattr("app.demo.sign_ins.some_codes", lambda: codes)

    page = browser().open("/demo")

    titles = [one.get_text(strip=True) for one in page.select("main :is(h1, h2, caption)")]
    assert "Voting codes" in titles
    assert sorted(titles) == sorted(set(titles))
