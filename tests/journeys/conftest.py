"""A town on a real server, with a clock that can be turned, and visitors to it."""

from collections.abc import Callable, Iterator

import chromium as real_browser
import pytest
from flask import Flask
from playwright.sync_api import Browser
from visiting import Calendar, Visitor, serving

from app import clock


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    yield Calendar()
    clock.use(None)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the running application; the test may look into it as well."""
    with serving(app) as address, app.app_context():
        yield address


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Let somebody come: `visit()` on a phone, `visit(wide=True)`, `visit(scripts=False)`."""
    visitors: list[Visitor] = []

    def come(*, wide: bool = False, scripts: bool = True) -> Visitor:
        screen = real_browser.DESK if wide else real_browser.PHONE
        visitors.append(Visitor(chromium, site, scripts=scripts, screen=screen))
        return visitors[-1]

    yield come
    for visitor in visitors:
        print(visitor.where())  # noqa: T201 (pytest shows it if the test failed)
        visitor.leave()
