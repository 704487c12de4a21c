"""Every page of the demonstration, looked at as axe and a person on a phone would."""

import csv
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import chromium as real_browser
import pytest
import tour
import townscape
from bs4 import BeautifulSoup
from flask import Flask
from pages import check_page
from playwright.sync_api import Browser, Page, expect
from visiting import PATIENCE_MS, serving

from app.accounts import queries as accounts
from app.accounts import sessions
from app.accounts.current import COOKIE
from app.config import read_settings
from app.db import engine, read_tx, run_tx
from app.demo import loading, seed, sign_ins
from app.factory import make_app
from app.paths import resource_folder

pytestmark = pytest.mark.browser

SCREENSHOTS = os.environ.get("MINGA_SCREENSHOTS")  # a folder, for people who want to look


@dataclass
class Town:
    """The demonstration on a server, and a window for each of its people."""

    app: Flask
    address: str
    names: dict[str, Any]
    codes: dict[str, str]
    browser: Browser
    windows: dict[str, Page] = field(default_factory=dict)
    troubles: dict[str, list[str]] = field(default_factory=dict)
    links: dict[tuple[str, str, str], str] = field(default_factory=dict)
    framed: set[str] = field(default_factory=set)

    def window(self, who: str) -> Page:
        """Return the window of somebody who is signed in, or of a stranger."""
        if who not in self.windows:
            context = self.browser.new_context(base_url=self.address, viewport=real_browser.PHONE)
            context.set_default_timeout(PATIENCE_MS)
            if who != "stranger" and who not in tour.BOOTHS.values():
                context.add_cookies([self._cookie(who)])
            self.windows[who] = context.new_page()
            self.troubles[who] = real_browser.Watch(self.windows[who], self.address).troubles
        return self.windows[who]

    def _cookie(self, who: str) -> Any:
        account = townscape.account(who)
        level = "full" if read_tx(lambda tx: accounts.roles(tx, account.id)) else "link"
        secret = run_tx(lambda tx: sessions.start(tx, account.id, level=level))
        return {"name": COOKIE, "value": secret, "url": self.address}

    def path(self, template: str) -> str:
        return template.format(**self.names)

    def endpoint(self, path: str) -> tuple[str, str]:
        """Return which page is meant, and of which round."""
        name, values = self.app.url_map.bind("localhost").match(path.partition("?")[0])
        return name, values.get("slug", "")

    def note_links(self, who: str, page: BeautifulSoup) -> None:
        """Keep a link to each page of each round, to be followed in the end."""
        for link in page.select("a[href^='/']"):
            path = str(link["href"]).partition("#")[0]
            self.links.setdefault((who, *self.endpoint(path)), path)


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, chromium: Browser
) -> Iterator[Town]:
    instance = tmp_path_factory.mktemp("demo")
    shutil.copy(sqlite_template, instance / "minga.sqlite3")
    settings = read_settings({"MINGA_INSTANCE": str(instance), "MINGA_JOBS": "inline"})
    app = make_app(settings)
    with app.app_context():
        loading.load(seed.read(resource_folder("seed_data")), lambda _said: None)
        names = townscape.add_what_waits()
        with serving(app) as address:
            yield Town(app, address, names, read_codes(instance), chromium)
    engine.current().dispose()


def read_codes(instance: Path) -> dict[str, str]:
    """Return a voting code for each round."""
    with (instance / sign_ins.CODES_FILE).open(encoding="utf-8") as file:
        return {row["round"]: row["code"] for row in csv.DictReader(file)}


def look(town: Town, who: str, name: str) -> None:
    """Look at what the window shows: with axe on a phone, then as wide as a desk, then zoomed.

    The frame around all pages is the same for one person: axe reads it once for each.
    """
    window, faults = town.window(who), []
    found = real_browser.grave_faults(window, with_frame=who not in town.framed)
    faults += [f"axe: {fault}" for fault in found]
    town.framed.add(who)
    for width, size in (
        ("phone", real_browser.PHONE),
        ("desk", real_browser.DESK),
        ("zoomed", real_browser.ZOOMED),
    ):
        window.set_viewport_size(size)
        if SCREENSHOTS and width != "zoomed":
            window.screenshot(path=f"{SCREENSHOTS}/{name}-{width}.png", full_page=True)
        fault = real_browser.sideways(window)
        faults += [f"{width}: {fault}"] if fault else []
    window.set_viewport_size(real_browser.PHONE)
    faults += town.troubles[who]
    town.troubles[who].clear()
    assert faults == [], f"{who} at {window.url}"


def name_of(who: str, path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{who}{path}".lower()).strip("-")


@pytest.mark.parametrize(
    ("who", "template"), [(who, path) for who, paths in tour.PAGES.items() for path in paths]
)
def test_a_page_is_sound(town: Town, who: str, template: str) -> None:
    window = town.window(who)

    answer = window.goto(town.path(template))

    assert answer is not None
    assert answer.ok, f"{answer.status} {window.url}"
    page = BeautifulSoup(answer.text(), "html.parser")
    check_page(page)
    look(town, who, name_of(who, template))
    town.note_links(who, page)


@pytest.mark.parametrize(("who", "template", "button"), tour.SLIPS)
def test_a_form_with_slips_is_sound(town: Town, who: str, template: str, button: str) -> None:
    window = town.window(who)
    window.goto(town.path(template))

    with window.expect_navigation() as sent:
        window.get_by_role("button", name=button).first.click()

    assert sent.value.status == HTTPStatus.UNPROCESSABLE_ENTITY, window.url
    check_page(BeautifulSoup(sent.value.text(), "html.parser"))
    expect(window.locator(".govuk-error-summary")).to_be_focused()
    look(town, who, name_of(who, f"{template}-wrong"))


def test_the_page_for_the_code_of_a_mail_is_sound(town: Town) -> None:
    window = town.window("stranger")
    window.goto("/account/sign-in")

    window.get_by_label("Your e-mail address").fill("somebody@valdeagua.example")
    window.get_by_role("button", name="Send me a link").click()

    expect(window.locator("h1")).to_have_text("Look into your mail")
    look(town, "stranger", "stranger-type-digits")


@pytest.mark.parametrize(("title", "slug"), tour.BOOTHS.items())
def test_the_booth_is_sound(town: Town, title: str, slug: str) -> None:
    window = town.window(slug)
    window.goto(f"/ballot/{slug}")
    window.get_by_label("Your code").fill(town.codes[title])

    with window.expect_navigation():
        window.get_by_role("button", name="Go to my ballot").click()
    look(town, slug, f"booth-{slug}-first")
    if window.url.endswith("/mine"):
        window.get_by_role("link", name="Valdeagua").click()
        look(town, slug, f"booth-{slug}-ballot")
    for step, button in (("review", "Check and cast"), ("done", "Cast an empty ballot")):
        with window.expect_navigation():
            window.get_by_role("button", name=button).click()
        look(town, slug, f"booth-{slug}-{step}")

    expect(window.locator("h1")).to_have_text("Your ballot is cast")
    window.goto(f"/ballot/{slug}/mine")
    look(town, slug, f"booth-{slug}-mine")


def test_no_link_leads_nowhere(town: Town) -> None:
    broken = []
    for (who, _endpoint, _slug), path in town.links.items():
        answer = town.window(who).context.request.get(path)
        broken += [f"{answer.status} {path} ({who})"] if answer.status >= 400 else []

    assert broken == []


def test_no_page_escapes_the_tour(town: Town) -> None:
    rules = town.app.url_map.iter_rules()
    pages = {rule.endpoint for rule in rules if rule.methods and "GET" in rule.methods}
    pages = {endpoint for endpoint in pages if not endpoint.startswith("api.")}  # JSON
    paths = [path for paths in tour.PAGES.values() for path in paths]

    visited = {town.endpoint(town.path(path))[0] for path in paths}

    assert pages - visited == set(tour.ELSEWHERE)
