"""Passkeys in a real browser, with the browser's own stand-in for a phone's screen lock."""

from collections.abc import Iterator
from typing import Any

import chromium as real_browser
import factories
import pytest
from factories_accounts import PASSWORD, code_now, make_staff
from flask import Flask
from playwright.sync_api import Browser
from postbox import Mailbox
from sqlmodel import select
from visiting import Calendar, Visitor

from app.accounts.models import PasskeyRow, SignInRow
from app.db import read_tx
from app.policy import ADMINISTRATOR

pytestmark = pytest.mark.browser
ANA = "ana@valdeagua.example"
BOSS = "boss@valdeagua.example"


@pytest.fixture
def visitor(site: str, chromium: Browser) -> Iterator[Visitor]:
    """Somebody at the site under a name: browsers know no passkeys for bare figures."""
    named = site.replace("127.0.0.1", "localhost")
    someone = Visitor(chromium, named, scripts=True, screen=real_browser.PHONE)
    yield someone
    someone.leave()


def _give_screen_lock(visitor: Visitor, *, verified: bool = True) -> Any:
    """Give the browser a device of its own that keeps passkeys; returns the way to talk to it."""
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, added["authenticatorId"]


def _sign_in_by_mail(visitor: Visitor, mailbox: Mailbox) -> None:
    visitor.open("/account/sign-in")
    visitor.write("Your e-mail address", ANA)
    visitor.press("Send me a link")
    visitor.open(mailbox.link(ANA))
    visitor.press("Sign in", within=visitor.page.locator("main"))


def _sign_in_as_staff(visitor: Visitor) -> None:
    visitor.open("/account/staff")
    visitor.write("E-mail address", BOSS)
    visitor.write("Password", PASSWORD)
    visitor.write("Time code", code_now())
    visitor.press("Sign in", within=visitor.page.locator("main"))


def _passkeys() -> list[PasskeyRow]:
    return list(read_tx(lambda session: session.exec(select(PasskeyRow)).all()))


def test_a_resident_adds_a_passkey_signs_in_with_it_and_removes_it(
    app: Flask, visitor: Visitor
) -> None:
    factories.make_account(name="Ana", email=ANA)
    _give_screen_lock(visitor)
    _sign_in_by_mail(visitor, Mailbox(app))
    visitor.press("Add a passkey")
    visitor.sees("The passkey was added", "Passkey 1")
    visitor.press("Sign out")
    visitor.open("/account/sign-in?next=/account/name")

    visitor.press("Sign in with a passkey")

    assert visitor.heading == "Change your name"
    [row] = _passkeys()
    assert row.sign_count > 1
    visitor.open("/account")
    visitor.press("Remove Passkey 1")
    visitor.sees("The passkey was removed")
    assert _passkeys() == []


def test_every_challenge_is_used_up(app: Flask, visitor: Visitor) -> None:
    factories.make_account(name="Ana", email=ANA)
    _give_screen_lock(visitor)
    _sign_in_by_mail(visitor, Mailbox(app))
    visitor.press("Add a passkey")
    visitor.press("Sign out")
    visitor.open("/account/sign-in")
    sent = []
    visitor.page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    visitor.press("Sign in with a passkey")
    answer = next(one for one in sent if "/account/passkey?" in one.url)

    visitor.open("/account")
    token = visitor.page.locator("[data-passkey]").first.get_attribute("data-csrf")
    replayed = visitor.page.request.post(
        answer.url,
        data=answer.post_data,
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Origin": visitor.address,
            "X-CSRFToken": str(token),
        },
    )

    assert "could not be used" in replayed.json()["message"]
    rows = read_tx(lambda session: session.exec(select(SignInRow)).all())
    assert all(row.used_at is not None for row in rows)


def test_a_passkey_without_the_screen_lock_is_refused(app: Flask, visitor: Visitor) -> None:
    """It would be one factor only; the browser itself declines, and nothing is stored."""
    factories.make_account(name="Ana", email=ANA)
    _give_screen_lock(visitor, verified=False)
    _sign_in_by_mail(visitor, Mailbox(app))

    visitor.page.get_by_role("button", name="Add a passkey").click()
    visitor.page.wait_for_timeout(500)

    assert _passkeys() == []
    assert visitor.heading == "Your account"


def test_staff_show_a_passkey_as_second_factor(
    app: Flask, visitor: Visitor, calendar: Calendar
) -> None:
    make_staff(ADMINISTRATOR, email=BOSS, name="Boss")
    _give_screen_lock(visitor)
    _sign_in_as_staff(visitor)
    visitor.open("/account")
    visitor.press("Add a passkey")
    calendar.wait(minutes=10)
    visitor.open("/staff/people/new")
    assert visitor.heading == "Show that it is you"

    visitor.press("Use a passkey")

    assert visitor.heading == "Add a person"


def test_a_passkey_of_somebody_else_is_no_second_factor(
    app: Flask, visitor: Visitor, calendar: Calendar
) -> None:
    factories.make_account(name="Ana", email=ANA)
    make_staff(ADMINISTRATOR, email=BOSS, name="Boss")
    _give_screen_lock(visitor)
    _sign_in_by_mail(visitor, Mailbox(app))
    visitor.press("Add a passkey")
    visitor.press("Sign out")
    _sign_in_as_staff(visitor)
    calendar.wait(minutes=10)
    visitor.open("/staff/people/new")

    visitor.page.get_by_role("button", name="Use a passkey").click()

    visitor.sees("This passkey could not be used")
    assert visitor.heading == "Show that it is you"
