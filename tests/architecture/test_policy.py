"""Deny by default: every page has a line in the policy, and the line is kept by the pages."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import factories
import pytest
from browsing import Browser
from flask import Flask
from werkzeug.routing import (
    AnyConverter,
    BaseConverter,
    IntegerConverter,
    Rule,
    UUIDConverter,
)

from app import policy
from app.policy import ENDPOINTS, STAFF

Browse = Callable[..., Browser]
ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LEAVING = {"accounts.sign_out", "accounts.end_all_sessions"}
"""Pages that end the caller's session."""


def _rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            yield rule


def _address(app: Flask, rule: Rule) -> str:
    """Fill the parts of an address with things that do not exist."""
    values = {name: _made_up(converter) for name, converter in rule._converters.items()}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def _made_up(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    if isinstance(converter, UUIDConverter):
        return uuid.uuid4()
    return 987654 if isinstance(converter, IntegerConverter) else "nothing"


def _calls(app: Flask) -> Iterator[tuple[str, str, str]]:
    for rule in _rules(app):
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield rule.endpoint, method, _address(app, rule)


class Caller:
    """Somebody who calls any address; posts carry a good form token, so only the policy refuses."""

    def __init__(self, someone: Browser) -> None:
        page = someone.open("/account/code")
        self._client = someone.client
        self._token = page.select_one("main [name=csrf_token]")["value"]

    def answer(self, method: str, address: str) -> tuple[int, str]:
        """Return the status, and where the answer leads."""
        if method == "GET":
            answer = self._client.get(address)
        else:
            answer = self._client.post(address, data={"csrf_token": self._token})
        return answer.status_code, answer.headers.get("Location", "")


def _is_sent_to_sign_in(status: int, location: str) -> bool:
    return status == 303 and location.startswith(("/account/sign-in", "/account/staff"))


def test_every_page_has_a_line_and_every_line_a_page(app: Flask) -> None:
    assert set(app.view_functions) == set(ENDPOINTS)


def test_an_endpoint_without_a_line_is_refused() -> None:
    verdict = policy.judge(None, policy.ANONYMOUS, now=factories.clock.now(), demo=True)

    assert not verdict.allowed


def test_only_pages_without_a_person_are_public_under_staff(app: Flask) -> None:
    open_ones = [
        rule.rule
        for rule in _rules(app)
        if rule.rule.startswith("/staff") and not ENDPOINTS[rule.endpoint].roles
    ]

    assert open_ones == []


@ONE_ENGINE
@pytest.mark.parametrize("who", ["stranger", "resident", "staff by mail link"])
def test_pages_of_staff_refuse_everybody_else(app: Flask, browser: Browse, who: str) -> None:
    make = {
        "stranger": browser,
        "resident": lambda: browser(factories.make_account(), level="full"),
        "staff by mail link": lambda: browser(factories.make_account(*STAFF), level="link"),
    }
    someone = Caller(make[who]())
    wrong = []
    for endpoint, method, address in _calls(app):
        if ENDPOINTS[endpoint].roles:
            status, location = someone.answer(method, address)
            if not (status == 403 or _is_sent_to_sign_in(status, location)):
                wrong.append((method, address, status, location))

    assert wrong == []


@ONE_ENGINE
def test_pages_of_one_role_refuse_the_others(app: Flask, browser: Browse) -> None:
    wrong = []
    for role in sorted(STAFF):
        someone = Caller(browser(factories.make_account(role)))
        for endpoint, method, address in _calls(app):
            roles = ENDPOINTS[endpoint].roles
            if roles and role not in roles:
                status, _ = someone.answer(method, address)
                if status != 403:
                    wrong.append((role, method, address, status))

    assert wrong == []


@ONE_ENGINE
def test_pages_of_the_signed_in_send_strangers_to_sign_in(app: Flask, browser: Browse) -> None:
    someone = Caller(browser())
    wrong = []
    for endpoint, method, address in _calls(app):
        rule = ENDPOINTS[endpoint]
        if rule.signed_in and not rule.roles:
            status, location = someone.answer(method, address)
            if not _is_sent_to_sign_in(status, location):
                wrong.append((method, address, status))

    assert wrong == []


@ONE_ENGINE
@pytest.mark.parametrize("role", sorted(STAFF))
def test_weighty_pages_ask_for_the_second_factor_when_it_is_old(
    app: Flask, browser: Browse, at: Callable[..., None], noon: datetime, role: str
) -> None:
    someone = Caller(browser(factories.make_account(role)))
    at(noon + timedelta(minutes=6))
    wrong = []
    for endpoint, method, address in _calls(app):
        rule = ENDPOINTS[endpoint]
        if rule.step_up and role in rule.roles:
            status, location = someone.answer(method, address)
            if status != 303 or not location.startswith("/account/step-up"):
                wrong.append((method, address, status, location))

    assert wrong == []


@pytest.mark.parametrize("who", ["stranger", "resident", "staff"])
def test_nothing_that_does_not_exist_breaks_a_page(app: Flask, browser: Browse, who: str) -> None:
    """Every page, as every kind of person, with a made-up object: never a fault of ours."""
    roles = {"stranger": None, "resident": [], "staff": sorted(STAFF)}[who]
    account = factories.make_account(*roles) if roles is not None else None
    someone = Caller(browser(account))
    wrong = []
    for endpoint, method, address in _calls(app):
        if endpoint not in LEAVING:
            status, _ = someone.answer(method, address)
            if status >= 500:
                wrong.append((method, address, status))

    assert wrong == []


@ONE_ENGINE
def test_demo_pages_do_not_exist_in_a_real_town(app: Flask, browser: Browse) -> None:
    someone = Caller(browser())
    for endpoint, method, address in _calls(app):
        if ENDPOINTS[endpoint].demo_only:
            status, _ = someone.answer(method, address)
            assert status == 403
