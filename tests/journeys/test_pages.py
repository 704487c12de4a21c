"""Every page of the demonstration, looked at as axe and a person on a phone would."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromium as real_browser
import factories_ballots
import pytest
import tour
import townscape
from bs4 import BeautifulSoup
from flask import Flask
from pages import check_page
from playwright.sync_api import Browser, Page
from visiting import serving
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts import sessions
from app.accounts.current import COOKIE
from app.config import read_settings
from app.db import engine, run_tx
from app.demo import loading, seed
from app.factory import make_app
from app.paths import resource_folder

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

SCREENSHOTS = os.environ.get("MINGA_SCREENSHOTS")  # a folder, for people who want to look
REFLOW_WIDTH = 320  # WCAG 1.4.10: a page at 400 % zoom


@dataclass
class Town:
    """The demonstration on a server, and a window for each of its people."""

    app: Flask
    address: str
    names: dict[str, Any]
    browser: Browser
    windows: dict[str, Page] = field(default_factory=dict)
    troubles: dict[str, list[str]] = field(default_factory=dict)

    def window(self, who: str) -> Page:
        """Return the window of somebody who is signed in, or of a stranger."""
        if who not in self.windows:
            context = self.browser.new_context(base_url=self.address)
            context.set_default_timeout(15_000)
            if who != "stranger":
                context.add_cookies([self._cookie(who)])
            self.windows[who] = context.new_page()
            self.troubles[who] = real_browser.Watch(self.windows[who], self.address).troubles
        return self.windows[who]

    def _cookie(self, who: str) -> Any:
        account = townscape.account(who)
        level = "link" if who == "ana" else "full"
        secret = run_tx(lambda tx: sessions.start(tx, account.id, level=level))
        return {"name": COOKIE, "value": secret, "url": self.address}

    def path(self, template: str) -> str:
        return template.format(**self.names)


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
            yield Town(app, address, names, chromium)
    engine.current().dispose()


def look(town: Town, who: str, name: str) -> None:
    """Look at what the window shows: by axe, on a phone, at high zoom, on a desk."""
    window, address = town.window(who), town.window(who).url
    faults = []
    for wide, size in (("phone", real_browser.PHONE), ("desk", real_browser.DESK)):
        window.set_viewport_size(size)
        if SCREENSHOTS:
            window.screenshot(path=f"{SCREENSHOTS}/{name}-{wide}.png", full_page=True)
        faults += [f"{wide}: {found}" for found in [real_browser.sideways(window)] if found]
    window.set_viewport_size({"width": REFLOW_WIDTH, "height": 640})
    faults += [f"at 320: {found}" for found in [real_browser.sideways(window)] if found]
    window.set_viewport_size(real_browser.PHONE)
    faults += real_browser.grave_faults(window)
    faults += town.troubles[who]
    town.troubles[who].clear()
    assert faults == [], f"{who} at {address}"


def name_of(who: str, path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{who}{path}".lower()).strip("-")


@pytest.mark.parametrize(
    ("who", "template"), [(who, path) for who, paths in tour.PAGES.items() for path in paths]
)
def test_a_page_is_sound(town: Town, who: str, template: str) -> None:
    window = town.window(who)
    window.set_viewport_size(real_browser.PHONE)

    answer = window.goto(town.path(template))

    assert answer is not None
    assert answer.status in (200, 409), f"{answer.status} {window.url}"
    check_page(BeautifulSoup(answer.text(), "html.parser"))
    look(town, who, name_of(who, template))
