"""Staff set their account up, sign in with two factors, and show the second one anew."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import factories
import pytest
from browsing import Browser
from factories_accounts import PASSWORD, SECRET, code_now, make_staff
from flask import Flask
from sqlmodel import select

from app import clock
from app.accounts import passwords, set_up, staff_sign_in, totp
from app.accounts.models import AccountRow, AuditRow, PasskeyRow, TotpRow
from app.accounts.staff_sign_in import WrongCredentialsError
from app.db import read_tx, run_tx
from app.errors import BusyError

MARA = "mara@valdeagua.example"
Browse = Callable[..., Browser]


@pytest.fixture
def mara(app: Flask, noon: datetime) -> AccountRow:
    with app.app_context():
        return make_staff("clerk", email=MARA, name="Mara")


def _sign_in(someone: Browser, status: int = 200, **changed: str) -> str:
    fields = {"email": MARA, "password": PASSWORD, "code": code_now(), **changed}
    return someone.send("/account/staff", fields, status=status).select_one("main").text


def test_password_and_time_code_open_the_staff_pages(browser: Browse, mara: AccountRow) -> None:
    someone = browser()

    text = _sign_in(someone)

    assert "What waits for you" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody@valdeagua.example"},
        {"password": "seven green bicycle"},
        {"code": "000000"},
        {"code": "12"},
    ],
)
def test_what_was_wrong_is_not_said(
    browser: Browse, mara: AccountRow, wrong: dict[str, str]
) -> None:
    text = _sign_in(browser(), status=422, **wrong)

    assert "E-mail address, password or time code is wrong" in text


def test_a_time_code_works_once(browser: Browse, mara: AccountRow) -> None:
    _sign_in(browser())

    assert "used before" in _sign_in(browser(), status=422)
    assert "What waits" in _sign_in(browser(), code=code_now(1))


def test_of_two_sign_ins_at_once_with_one_code_one_passes(app: Flask, mara: AccountRow) -> None:
    code = code_now()

    def attempt(_number: int) -> bool:
        try:
            with app.app_context():
                staff_sign_in.sign_in(MARA, PASSWORD, code, network="192.0.2.0/24")
        except WrongCredentialsError:
            return False
        return True

    with ThreadPoolExecutor(max_workers=2) as workers:
        assert sum(workers.map(attempt, range(2))) == 1


def test_after_ten_tries_even_the_right_password_is_refused(
    browser: Browse, mara: AccountRow, noon: datetime, at: Callable[[datetime], None]
) -> None:
    someone = browser()
    for _ in range(10):
        _sign_in(someone, status=422, password="wrong wrong wrong")

    assert "Wait 15 minutes" in _sign_in(someone, status=429)
    at(noon + timedelta(minutes=20))
    assert "What waits" in _sign_in(someone)


def test_a_closed_account_cannot_sign_in(browser: Browse, mara: AccountRow) -> None:
    mara.disabled_at = clock.now()
    run_tx(lambda session: session.add(mara))

    _sign_in(browser(), status=422)


def test_a_flood_of_sign_ins_is_sent_away_instead_of_filling_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    working: list[int] = []
    most: list[int] = []

    class Slow:
        def verify(self, _stored: str, _password: str) -> bool:
            working.append(1)
            most.append(len(working))
            time.sleep(0.05)
            working.pop()
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())

    def attempt(_number: int) -> bool:
        try:
            with passwords.place():
                return passwords.matches("x", "stored")
        except BusyError:
            return False

    with ThreadPoolExecutor(max_workers=200) as workers:
        passed = list(workers.map(attempt, range(200)))

    assert max(most) <= passwords.AT_ONCE
    assert 0 < sum(passed) < 200


def test_the_session_of_a_mail_link_opens_no_staff_page(browser: Browse, mara: AccountRow) -> None:
    someone = browser(mara, level="link")

    page = someone.open("/staff")

    assert "Sign in as staff" in page.h1.text
    assert "signed in with a link only" in page.select_one("main").text


def test_staff_with_a_mail_link_only_cannot_change_how_they_sign_in(
    browser: Browse, mara: AccountRow
) -> None:
    someone = browser(mara, level="link")
    token = someone.open("/account").select_one("[name=csrf_token]")["value"]

    options = someone.client.post(
        "/account/passkeys/options", headers={"X-CSRFToken": token}, json={}
    )

    assert options.status_code == 422
    assert "Sign in as staff" in someone.open("/account/e-mail").h1.text


def test_a_weighty_page_asks_for_the_second_factor_and_leads_back(
    browser: Browse, app: Flask, noon: datetime, at: Callable[[datetime], None]
) -> None:
    with app.app_context():
        boss = make_staff("administrator")
    someone = browser(boss)
    at(noon + timedelta(minutes=6))
    page = someone.open("/staff/people/new")
    assert "Show that it is you" in page.h1.text

    page = someone.send("/staff/people/new", {"code": code_now()})

    assert "Add a person" in page.h1.text


def test_a_step_up_changes_the_session_and_uses_the_code_up(
    browser: Browse, mara: AccountRow
) -> None:
    someone = browser(mara)
    before = someone.client.get_cookie("minga_session").value
    code = code_now()

    someone.send("/account/step-up?next=/staff", {"code": code})

    assert someone.client.get_cookie("minga_session").value != before
    page = someone.send("/account/step-up?next=/staff", {"code": code}, status=422)
    assert "used before" in page.select_one("#code-error").text


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example/x", "/\\evil"])
def test_a_step_up_leads_nowhere_else(browser: Browse, mara: AccountRow, target: str) -> None:
    someone = browser(mara)

    someone.send("/account/step-up", {"code": code_now()}, to=f"/account/step-up?next={target}")

    assert someone.answer.request.path == "/staff"


def _link(app: Flask, account: AccountRow) -> str:
    with app.app_context():
        link = run_tx(lambda session: set_up.issue_link(session, account.id))
    return re.sub(r"^https?://[^/]+", "", link)


def _choice(link: str, **changed: str) -> dict[str, str]:
    return {"password": PASSWORD, "again": PASSWORD, "code": _offered(link), **changed}


def _offered(link: str) -> str:
    return code_now(secret=totp.secret_for(link.rsplit("/", 1)[1]))


def test_a_set_up_link_gives_password_and_time_codes(
    browser: Browse, app: Flask, noon: datetime, at: Callable[[datetime], None]
) -> None:
    account = factories.make_account("clerk", email=MARA)
    link = _link(app, account)
    someone = browser()
    page = someone.open(link)
    with app.app_context():
        secret = totp.secret_for(link.rsplit("/", 1)[1])
        fields = _choice(link)
    assert totp.as_text(secret) in page.select_one(".minga-key").text.replace(" ", "")

    page = someone.send(link, fields)

    assert "What waits" in page.select_one("main").text
    browser().open(link, status=409)
    at(noon + timedelta(minutes=1))
    assert "What waits" in _sign_in(browser(), code=code_now(secret=secret))
    lines = read_tx(lambda session: session.exec(select(AuditRow)).all())
    assert [line.action for line in lines] == ["people.set_up"]


def test_a_set_up_forgets_passkeys_of_before(browser: Browse, app: Flask, noon: datetime) -> None:
    account = factories.make_account("clerk", email=MARA)
    key = PasskeyRow(
        credential_id=b"k", account_id=account.id, public_key=b"p", label="Old", created_at=noon
    )
    run_tx(lambda session: session.add(key))
    link = _link(app, account)

    with app.app_context():
        fields = _choice(link)
    browser().send(link, fields)

    assert read_tx(lambda session: session.exec(select(PasskeyRow)).all()) == []


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"password": "short", "again": "short"}, "password", "15 characters or more"),
        (
            {"password": "aaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaa"},
            "password",
            "easy to guess",
        ),
        ({"password": "Password-12345678", "again": "Password-12345678"}, "password", "easy to"),
        ({"password": MARA, "again": MARA}, "password", "name or address"),
        ({"again": "seven green bicyclos"}, "again", "differ"),
        ({"code": "000000"}, "code", "not the code"),
        ({"code": ""}, "code", "Enter the code"),
    ],
)
def test_a_set_up_says_what_to_correct(
    browser: Browse, app: Flask, noon: datetime, changed: dict[str, str], field: str, sentence: str
) -> None:
    link = _link(app, factories.make_account("clerk", email=MARA))
    with app.app_context():
        fields = _choice(link, **changed)

    page = browser().send(link, fields, status=422)

    assert sentence in page.select_one(f"#{field}-error").text
    assert read_tx(lambda session: session.exec(select(TotpRow)).all()) == []


def test_a_set_up_without_an_address_asks_for_one_that_is_free(
    browser: Browse, app: Flask, noon: datetime
) -> None:
    factories.make_account(email="ana@valdeagua.example")
    account = factories.make_account("clerk")
    account.email = None
    run_tx(lambda session: session.add(account))
    link = _link(app, account)
    with app.app_context():
        fields = _choice(link)

    page = browser().send(link, {**fields, "email": ""}, status=422)
    assert "Enter your e-mail address" in page.select_one("#email-error").text
    page = browser().send(link, {**fields, "email": "ana@valdeagua.example"}, status=422)
    assert "another account" in page.select_one("#email-error").text
    page = browser().send(link, {**fields, "email": "Mara@Valdeagua.example"})
    assert "What waits" in page.select_one("main").text


def test_a_new_set_up_link_voids_the_one_before(
    browser: Browse, app: Flask, noon: datetime, at: Callable[[datetime], None]
) -> None:
    account = factories.make_account("clerk")
    first, second = _link(app, account), _link(app, account)

    browser().open(first, status=409)
    browser().open(second)
    at(noon + timedelta(days=3))
    browser().open(second, status=409)


def test_the_secret_of_the_time_codes_is_not_readable_in_the_database(
    app: Flask, mara: AccountRow
) -> None:
    row = read_tx(lambda session: session.get_one(TotpRow, mara.id))

    assert totp.as_text(SECRET) not in row.secret
    with app.app_context():
        assert read_tx(lambda session: totp.secret_of(session, mara.id)) == SECRET
