"""Administrators manage the staff; what gives power needs two of them."""

import uuid
from collections.abc import Callable

import factories
import pytest
from browsing import Browser
from factories_accounts import make_staff
from flask import Flask
from postbox import Mailbox
from sqlmodel import select

from app import clock
from app.accounts import queries
from app.accounts.models import AccountRow, PasskeyRow, TotpRow
from app.db import read_tx, run_tx
from app.policy import ADMINISTRATOR, CLERK, REVIEWER, ROUND_OFFICER

Browse = Callable[..., Browser]
MARA = "mara@valdeagua.example"
NEW = {"name": "Mara Luz", "email": MARA}


@pytest.fixture
def boss(app: Flask, browser: Browse) -> Browser:
    return browser(factories.make_account(ADMINISTRATOR, name="Boss"))


@pytest.fixture
def second(app: Flask, browser: Browse) -> Browser:
    return browser(factories.make_account(ADMINISTRATOR, name="Second"))


def _mara() -> AccountRow:
    return read_tx(
        lambda session: session.exec(select(AccountRow).where(AccountRow.email == MARA)).one()
    )


def _roles(account: AccountRow) -> set[str]:
    return set(read_tx(lambda session: queries.roles(session, account.id)))


def _add_passkey(account: AccountRow) -> None:
    key = PasskeyRow(
        credential_id=account.id.bytes,
        account_id=account.id,
        public_key=b"p",
        label="Phone",
        created_at=clock.now(),
    )
    run_tx(lambda session: session.add(key))


def _page(account: AccountRow) -> str:
    return f"/staff/people/{account.id}"


def _approve(someone: Browser) -> None:
    link = someone.open("/staff/decisions").select_one("main .minga-rows a")["href"]
    someone.send(str(link), button="Approve")


def test_a_clerk_is_added_and_gets_a_link(boss: Browser, browser: Browse, app: Flask) -> None:
    boss.send("/staff/people/new", {**NEW, "role": CLERK})

    assert _roles(_mara()) == {CLERK}
    page = browser().open(Mailbox(app).link(MARA))
    assert "Set up your staff account" in page.h1.text


def test_an_officer_is_added_only_when_a_second_administrator_agrees(
    boss: Browser, second: Browser, app: Flask
) -> None:
    boss.send("/staff/people/new", {**NEW, "role": ROUND_OFFICER})
    assert _roles(_mara()) == set()
    assert Mailbox(app).mails(MARA) == []

    _approve(second)

    assert _roles(_mara()) == {ROUND_OFFICER}
    assert "/account/set-up/" in Mailbox(app).link(MARA)


def test_an_administrator_cannot_agree_to_a_role_of_her_own(boss: Browser, browser: Browse) -> None:
    clerk = factories.make_account(CLERK, name="Clerk")
    boss.send(_page(clerk), {"role": ADMINISTRATOR}, button="Give this role")
    page = boss.open("/staff/decisions")
    link = str(page.select_one("main .minga-rows a")["href"])

    boss.send(link, button="Withdraw", to=f"{link}/approve", status=403)

    assert _roles(clerk) == {CLERK}


def test_nobody_is_administrator_and_officer(boss: Browser) -> None:
    officer = factories.make_account(ROUND_OFFICER)

    page = boss.send(_page(officer), {"role": ADMINISTRATOR}, button="Give", status=422)

    assert "must not rule the vote" in page.select_one("#role-error").text


def test_an_address_that_is_taken_is_explained_beside_the_field(boss: Browser) -> None:
    factories.make_account(email=MARA)

    page = boss.send("/staff/people/new", {**NEW, "role": CLERK}, status=422)

    assert "another account" in page.select_one("#email-error").text


def test_an_empty_form_says_what_is_missing(boss: Browser) -> None:
    page = boss.send("/staff/people/new", {"name": "", "email": ""}, status=422)

    assert page.select_one("#name-error")
    assert page.select_one("#email-error")
    assert page.select_one("#role-error")


def test_a_role_that_does_not_exist_is_refused(boss: Browser) -> None:
    clerk = factories.make_account(CLERK)

    boss.send(_page(clerk), {"role": "emperor"}, button="Give", status=422)

    assert _roles(clerk) == {CLERK}


def test_taking_a_role_signs_the_person_out(boss: Browser, browser: Browse) -> None:
    clerk = factories.make_account(CLERK, REVIEWER)
    someone = browser(clerk)

    boss.send(_page(clerk), button="Take away: Clerk")

    assert _roles(clerk) == {REVIEWER}
    assert "Sign in" in someone.open("/staff").h1.text


def test_a_role_that_the_person_does_not_have_cannot_be_taken(boss: Browser) -> None:
    clerk = factories.make_account(CLERK)

    boss.send(_page(clerk), to=f"{_page(clerk)}/roles/{'x' * 500}/take", status=404)

    assert _roles(clerk) == {CLERK}


def test_what_a_resident_signed_in_with_opens_nothing_once_the_first_role_is_given(
    boss: Browser, browser: Browse
) -> None:
    resident = factories.make_account()
    with_passkey = browser(resident, level="full")
    _add_passkey(resident)

    boss.send(_page(resident), {"role": CLERK}, form="form[action$=roles]")

    assert _roles(resident) == {CLERK}
    assert "Sign in" in with_passkey.open("/staff").h1.text
    assert read_tx(lambda session: queries.passkeys(session, resident.id)) == []


def test_a_closed_account_is_signed_out_and_loses_its_power(boss: Browser, browser: Browse) -> None:
    officer = factories.make_account(ROUND_OFFICER, REVIEWER)
    someone = browser(officer)
    boss.send(_page(officer), button="Close the account")
    assert "Sign in" in someone.open("/staff").h1.text

    boss.send(_page(officer), button="Open the account again")

    assert _roles(officer) == {REVIEWER}


def test_who_lost_the_last_role_or_waits_for_the_first_stays_in_the_list(
    boss: Browser, app: Flask
) -> None:
    with app.app_context():
        officer = make_staff(ROUND_OFFICER, name="Olga Officer")
    boss.send("/staff/people/new", {**NEW, "role": ADMINISTRATOR})

    boss.send(_page(officer), button="Close the account")

    text = " ".join(boss.open("/staff/people").main.text.split())
    assert "Olga Officer no role Closed" in text
    assert "Mara Luz no role" in text


def test_the_last_administrator_stays(boss: Browser) -> None:
    [account] = read_tx(lambda session: queries.with_role(session, ADMINISTRATOR))

    boss.send(_page(account), button="Take away", status=409)
    boss.send(_page(account), button="Close", status=403)

    assert _roles(account) == {ADMINISTRATOR}


def test_a_second_factor_is_reset_by_two_and_the_link_goes_to_the_person_alone(
    boss: Browser, second: Browser, app: Flask
) -> None:
    with app.app_context():
        mara = make_staff(CLERK, email=MARA)
    boss.send(f"{_page(mara)}/reset", {"reason": "The phone fell into the river."})
    assert read_tx(lambda session: session.get(TotpRow, mara.id)) is not None

    _approve(second)

    assert read_tx(lambda session: session.get(TotpRow, mara.id)) is None
    assert _mara().password_hash is None
    assert "/account/set-up/" in Mailbox(app).link(MARA)
    assert "/account/set-up/" not in second.open("/staff/decisions").text


def test_an_unknown_person_is_not_found(boss: Browser) -> None:
    nobody = f"/staff/people/{uuid.uuid4()}"

    boss.open(nobody, status=404)
    boss.open(f"{nobody}/reset", status=404)


def test_the_list_names_everybody_with_a_role(boss: Browser) -> None:
    factories.make_account(name="Resident Only")
    factories.make_account(CLERK, REVIEWER, name="Mara Luz")

    text = " ".join(boss.open("/staff/people").main.text.split())

    assert "Mara Luz Clerk, Reviewer" in text
    assert "Resident Only" not in text
