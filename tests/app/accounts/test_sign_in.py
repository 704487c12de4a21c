"""Residents sign in with a link, six digits or a code on paper."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import factories
import pytest
from browsing import Browser
from flask import Flask
from postbox import Mailbox
from sqlmodel import select

from app.accounts import sign_in
from app.accounts.current import COOKIE
from app.accounts.models import AccountRow, SessionRow
from app.accounts.one_time import StaleLinkError
from app.db import read_tx, run_tx

ANA = "ana@valdeagua.example"
Browse = Callable[..., Browser]


def _ask(someone: Browser, email: str = ANA) -> str:
    return someone.send("/account/sign-in", {"email": email}).select_one("main").text


def _accounts() -> list[AccountRow]:
    return list(read_tx(lambda session: session.exec(select(AccountRow)).all()))


def test_a_link_opens_an_account_for_a_new_address(browser: Browse, mailbox: Mailbox) -> None:
    someone = browser()
    _ask(someone)

    page = someone.send(mailbox.link(ANA), {"name": "Ana Ruiz"})

    assert "Ana Ruiz" in page.select_one(".minga-header").text
    [account] = _accounts()
    assert (account.name, account.email) == ("Ana Ruiz", ANA)


def test_a_new_address_needs_a_name(browser: Browse, mailbox: Mailbox) -> None:
    someone = browser()
    _ask(someone)

    page = someone.send(mailbox.link(ANA), {"name": " "}, status=422)

    assert "Enter a name" in page.select_one("#name-error").text
    assert _accounts() == []


def test_a_link_lets_a_known_resident_in(browser: Browse, mailbox: Mailbox) -> None:
    factories.make_account(name="Ana", email=ANA)
    someone = browser()
    _ask(someone, " ANA@Valdeagua.example ")

    page = someone.send(mailbox.link(ANA))

    assert "Your account" in page.h1.text
    assert len(_accounts()) == 1


def test_opening_a_link_changes_nothing(browser: Browse, mailbox: Mailbox) -> None:
    """Mail scanners open every link; only the button uses it up."""
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)
    link = mailbox.link(ANA)

    for _ in range(3):
        browser().open(link)

    assert "Your account" in someone.send(link).h1.text


def test_a_link_works_once(browser: Browse, mailbox: Mailbox) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)
    link = mailbox.link(ANA)
    someone.send(link)

    page = browser().open(link, status=409)

    assert "has been used or has expired" in page.select_one("main").text
    assert page.select_one("a[href='/account/sign-in']")


def test_of_eight_presses_at_once_one_gets_in(
    browser: Browse, mailbox: Mailbox, app: Flask
) -> None:
    factories.make_account(email=ANA)
    _ask(browser())
    token = mailbox.link(ANA).rsplit("/", 1)[1]

    def press(_number: int) -> bool:
        try:
            with app.app_context():
                run_tx(lambda session: sign_in.use_link(session, token))
        except StaleLinkError:
            return False
        return True

    with ThreadPoolExecutor(max_workers=8) as workers:
        assert sum(workers.map(press, range(8))) == 1


def test_a_link_ends_after_half_an_hour(
    browser: Browse, mailbox: Mailbox, noon: datetime, at: Callable[[datetime], None]
) -> None:
    _ask(browser())
    link = mailbox.link(ANA)

    at(noon + timedelta(minutes=29))
    browser().open(link)
    at(noon + timedelta(minutes=30))
    browser().open(link, status=409)


def test_a_made_up_link_is_refused(browser: Browse, mailbox: Mailbox) -> None:
    _ask(browser())
    link = mailbox.link(ANA)

    browser().open(link[:-1] + ("A" if link[-1] != "A" else "B"), status=409)


def test_the_answer_does_not_tell_who_has_an_account(browser: Browse, mailbox: Mailbox) -> None:
    factories.make_account(email=ANA)

    known, unknown = _ask(browser()), _ask(browser(), "eva@valdeagua.example")

    assert known.replace(ANA, "") == unknown.replace("eva@valdeagua.example", "")
    assert len(mailbox.mails()) == 2


def test_the_figures_of_the_mail_sign_in(browser: Browse, mailbox: Mailbox) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)

    page = someone.send("/account/sign-in/code", {"code": mailbox.code(ANA)})

    assert "Your account" in page.h1.text
    browser().open(mailbox.link(ANA), status=409)


def test_the_figures_open_a_new_account_after_the_name(browser: Browse, mailbox: Mailbox) -> None:
    someone = browser()
    _ask(someone)

    page = someone.send("/account/sign-in/code", {"code": mailbox.code(ANA)})
    assert page.select_one("input[name=name]")
    path = someone.answer.request.path
    someone.send(path, {"name": "Ana"})

    assert [account.name for account in _accounts()] == ["Ana"]


def test_the_sixth_try_at_the_figures_is_refused_even_when_right(
    browser: Browse, mailbox: Mailbox
) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)
    right = mailbox.code(ANA)
    wrong = "000 000" if right != "000 000" else "111 111"
    for _ in range(5):
        someone.send("/account/sign-in/code", {"code": wrong}, status=422)

    page = someone.send("/account/sign-in/code", {"code": right}, status=422)

    assert "ask for a new one" in page.select_one("#code-error").text
    assert "Your account" in someone.send(mailbox.link(ANA)).h1.text


def test_only_the_newest_figures_count(
    browser: Browse, mailbox: Mailbox, noon: datetime, at: Callable[[datetime], None]
) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)
    first = mailbox.code(ANA)
    at(noon + timedelta(minutes=1))
    _ask(someone)
    newest = next(m for m in mailbox.mails() if first not in m.get_content())

    someone.send("/account/sign-in/code", {"code": first}, status=422)

    assert "30 minutes" in newest.get_content()


def test_the_figures_are_asked_only_after_an_address(browser: Browse) -> None:
    page = browser().open("/account/sign-in/code")

    assert "Sign in" in page.h1.text


@pytest.mark.parametrize("address", ["", "ana", "ana@", "a@b@c", "ana@x\r\nBcc: eva@y.example"])
def test_what_is_no_address_is_explained(browser: Browse, mailbox: Mailbox, address: str) -> None:
    page = browser().send("/account/sign-in", {"email": address}, status=422)

    assert "e-mail address" in page.select_one("#email-error").text
    assert mailbox.mails() == []


def test_the_sixth_mail_in_an_hour_is_refused(browser: Browse, mailbox: Mailbox) -> None:
    someone = browser()
    for _ in range(5):
        _ask(someone)

    page = someone.send("/account/sign-in", {"email": ANA}, status=429)

    assert "Wait 60 minutes" in page.select_one("main").text
    assert len(mailbox.mails()) == 5


def test_a_closed_account_gets_a_mail_that_says_so(
    browser: Browse, mailbox: Mailbox, noon: datetime
) -> None:
    account = factories.make_account(email=ANA)
    account.disabled_at = noon
    run_tx(lambda session: session.add(account))

    _ask(browser())

    assert "is closed" in mailbox.text(ANA)
    assert "/account/link/" not in mailbox.text(ANA)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(browser: Browse, mailbox: Mailbox, target: str) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    someone.open("/account/sign-in", query_string={"next": target})
    _ask(someone)
    someone.open(mailbox.link(ANA))

    answer = someone.client.post(
        mailbox.link(ANA), data={"csrf_token": _token(someone, mailbox.link(ANA))}
    )

    assert answer.headers["Location"] == "/account"


def test_the_page_that_was_wanted_comes_after_signing_in(browser: Browse, mailbox: Mailbox) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    assert "Sign in" in someone.open("/account/name").h1.text
    _ask(someone)

    page = someone.send(mailbox.link(ANA))

    assert "Change your name" in page.h1.text


def test_signing_in_ends_the_session_before(browser: Browse, mailbox: Mailbox) -> None:
    ana = factories.make_account(email=ANA)
    someone = browser(ana, level="link")
    before = someone.client.get_cookie(COOKIE).value
    _ask(someone)
    someone.send(mailbox.link(ANA))

    someone.client.set_cookie(COOKIE, before)

    assert "Sign in" in someone.open("/account").h1.text
    rows = read_tx(lambda session: session.exec(select(SessionRow)).all())
    assert sum(row.revoked_at is None for row in rows) == 1


def test_a_session_cookie_is_hidden_from_scripts_and_other_sites(
    browser: Browse, mailbox: Mailbox
) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)
    link = mailbox.link(ANA)

    answer = someone.client.post(link, data={"csrf_token": _token(someone, link)})

    cookie = answer.headers["Set-Cookie"]
    cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(COOKIE)]
    assert len(cookies) == 1, cookie
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]


def test_a_link_sent_from_another_site_is_refused(browser: Browse, mailbox: Mailbox) -> None:
    factories.make_account(email=ANA)
    someone = browser()
    _ask(someone)
    link = mailbox.link(ANA)

    answer = someone.client.post(
        link,
        data={"csrf_token": _token(someone, link)},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 400


def _token(someone: Browser, path: str) -> str:
    return str(someone.open(path).select_one("main [name=csrf_token]")["value"])
