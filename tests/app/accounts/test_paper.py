"""Codes on paper: by post for residents without e-mail, and at the desk."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import factories
from browsing import Browser
from bs4 import BeautifulSoup
from factories_accounts import make_letter_request
from flask import Flask
from pypdf import PdfReader
from sqlmodel import select

from app.accounts import letters
from app.accounts.models import AccountRow, AuditRow, SignInRow
from app.db import read_tx, run_tx

Browse = Callable[..., Browser]
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def _texts(someone: Browser) -> list[str]:
    """Return the text of each page of the letters."""
    someone.open("/staff/letters/file.pdf")
    reader = PdfReader(BytesIO(someone.answer.data))
    return [page.extract_text() for page in reader.pages]


def _code(text: str) -> str:
    found = CODE.search(text)
    assert found, text
    return found[0]


def _shown(page: BeautifulSoup) -> str:
    return _code(page.select_one(".minga-code__code").get_text("", strip=True))


def _account(name: str) -> AccountRow:
    query = select(AccountRow).where(AccountRow.name == name)
    return read_tx(lambda session: session.exec(query).one())


def test_a_letter_is_asked_for_made_and_opens_the_account(browser: Browse) -> None:
    clerk = browser(factories.make_account("clerk"))
    page = browser().send(
        "/account/letter", {"name": "Eva Sol", "address": "Calle Mayor 3\n40001 Valdeagua"}
    )
    assert "We will write to you" in page.h1.text
    assert "Calle Mayor 3" in clerk.open("/staff/letters").select_one("main").text

    clerk.send("/staff/letters", button="Make 1 letter")

    [text] = _texts(clerk)
    assert "Eva Sol" in text
    assert "Calle Mayor 3" in text
    someone = browser()
    typed = _code(text).lower().replace("-", " ")
    page = someone.send("/account/code", {"code": typed})
    assert "Your account" in page.h1.text
    assert "Eva Sol" in page.select_one(".minga-header").text


def test_a_page_for_each_letter_and_no_address_left(browser: Browse) -> None:
    make_letter_request("Eva Sol")
    make_letter_request('Hugo "#strong" $x$ \\ <b>')
    clerk = browser(factories.make_account("clerk"))

    clerk.send("/staff/letters", button="Make 2 letters")

    texts = _texts(clerk)
    assert len(texts) == 2
    assert 'Hugo "#strong" $x$ \\ <b>' in texts[1]
    assert len({_code(text) for text in texts}) == 2
    assert _account("Eva Sol").postal_address is None
    assert "Nobody waits" in clerk.open("/staff/letters").select_one("main").text


def test_printed_letters_leave_no_file(browser: Browse, app: Flask) -> None:
    make_letter_request()
    clerk = browser(factories.make_account("clerk"))
    clerk.send("/staff/letters", button="Make 1 letter")

    clerk.send("/staff/letters", button="They are printed")

    with app.app_context():
        assert not letters.file_path().exists()
    clerk.open("/staff/letters/file.pdf", status=404)


def test_new_letters_wait_until_those_before_are_printed(browser: Browse) -> None:
    make_letter_request("Eva Sol")
    clerk = browser(factories.make_account("clerk"))
    clerk.send("/staff/letters", button="Make 1 letter")
    make_letter_request("Hugo Mar")

    page = clerk.open("/staff/letters")
    token = page.select_one("main [name=csrf_token]")["value"]
    answer = clerk.client.post("/staff/letters", data={"csrf_token": token})

    assert answer.status_code == 409
    assert _account("Hugo Mar").postal_address is not None


def test_a_request_can_be_dropped(browser: Browse) -> None:
    make_letter_request("Eva Sol")
    clerk = browser(factories.make_account("clerk"))

    clerk.send("/staff/letters", button="Remove the request of Eva Sol")

    rows = read_tx(lambda session: session.exec(select(AccountRow)).all())
    assert [row.name for row in rows if row.name == "Eva Sol"] == []


def test_an_account_cannot_be_dropped_like_a_request(browser: Browse) -> None:
    ana = factories.make_account()
    make_letter_request()
    clerk = browser(factories.make_account("clerk"))

    clerk.send("/staff/letters", button="Remove", to=f"/staff/letters/{ana.id}/drop", status=404)


def test_a_paper_code_works_once(browser: Browse) -> None:
    make_letter_request()
    clerk = browser(factories.make_account("clerk"))
    clerk.send("/staff/letters", button="Make 1 letter")
    code = _code(_texts(clerk)[0])
    browser().send("/account/code", {"code": code})

    page = browser().send("/account/code", {"code": code}, status=422)

    assert "has been used or has expired" in page.select_one("#code-error").text


def test_a_paper_code_with_a_slip_is_told_apart_from_an_unknown_one(browser: Browse) -> None:
    slip = browser().send("/account/code", {"code": "4F7K-93QM-X2PB"}, status=422)
    unknown = browser().send("/account/code", {"code": "0000-0000-0012"}, status=422)

    assert "typing error" in slip.select_one("#code-error").text
    assert "used or has expired" in unknown.select_one("#code-error").text


def test_a_posted_code_ends_after_thirty_days(
    browser: Browse, noon: datetime, at: Callable[[datetime], None]
) -> None:
    make_letter_request()
    clerk = browser(factories.make_account("clerk"))
    clerk.send("/staff/letters", button="Make 1 letter")
    code = _code(_texts(clerk)[0])

    at(noon + timedelta(days=30))

    browser().send("/account/code", {"code": code}, status=422)


def test_guessing_of_paper_codes_is_slowed_down(browser: Browse) -> None:
    someone = browser()
    for _ in range(30):
        someone.send("/account/code", {"code": "0000-0000-0012"}, status=422)

    someone.send("/account/code", {"code": "0000-0000-0012"}, status=429)


def test_the_desk_opens_an_account_and_shows_its_code_once(browser: Browse) -> None:
    clerk = browser(factories.make_account("clerk"))

    page = clerk.send("/staff/desk", {"name": "Eva Sol"})

    code = _shown(page)
    assert "Your account" in browser().send("/account/code", {"code": code}).h1.text
    stored = read_tx(lambda session: session.exec(select(SignInRow)).all())
    assert code not in "".join(row.token_hash for row in stored)


def test_the_same_form_sent_twice_opens_one_account(browser: Browse) -> None:
    clerk = browser(factories.make_account("clerk"))
    key = str(uuid.uuid4())
    clerk.send("/staff/desk", {"name": "Eva Sol", "key": key})

    page = clerk.send("/staff/desk", {"name": "Eva Sol", "key": key}, status=409)

    assert "open already" in page.select_one("main").text
    assert _account("Eva Sol")


def test_a_new_code_of_the_desk_voids_the_one_before(browser: Browse) -> None:
    clerk = browser(factories.make_account("clerk"))
    first = _shown(clerk.send("/staff/desk", {"name": "Eva Sol"}))

    page = clerk.send("/staff/desk?q=sol", button="New code for Eva Sol")

    second = _shown(page)
    browser().send("/account/code", {"code": first}, status=422)
    browser().send("/account/code", {"code": second})
    actions = read_tx(lambda session: session.exec(select(AuditRow.action)).all())
    assert sorted(actions) == ["desk.account_opened", "desk.code_given"]


def test_the_desk_gives_no_code_for_staff(browser: Browse) -> None:
    boss = factories.make_account("administrator", name="Boss")
    factories.make_account(name="Bossa")
    clerk = browser(factories.make_account("clerk"))
    page = clerk.open("/staff/desk?q=boss")
    assert "New code for Boss " not in page.main.text.replace("\n", " ")

    clerk.send(
        "/staff/desk?q=boss", button="New code", to=f"/staff/desk/{boss.id}/code", status=404
    )


def test_a_search_at_the_desk_takes_signs_literally(browser: Browse) -> None:
    factories.make_account(name="Eva")
    clerk = browser(factories.make_account("clerk"))

    assert "No resident" in clerk.open("/staff/desk?q=%25%25").main.text


def test_a_closed_account_cannot_be_opened_with_a_code(browser: Browse, noon: datetime) -> None:
    clerk = browser(factories.make_account("clerk"))
    code = _shown(clerk.send("/staff/desk", {"name": "Eva Sol"}))
    account = _account("Eva Sol")
    account.disabled_at = noon
    run_tx(lambda session: session.add(account))

    browser().send("/account/code", {"code": code}, status=403)
