"""A site without a database, on which components are drawn under the real security policy."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from flask_babel import Babel
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app import i18n, static_files, web
from app.paths import resource_folder

LINKS = {"home": "/", "help": "/help", "sign_in": "/sign-in", "sign_out": "/sign-out"}


@pytest.fixture
def site() -> Flask:
    """A site to which a test may add pages."""
    return make_site()


@pytest.fixture(scope="session")
def studio() -> Flask:
    """The site on which pieces are drawn, one for all tests: its templates are compiled once."""
    return make_site()


def make_site() -> Flask:
    app = Flask("app", template_folder=str(resource_folder("templates")))
    app.config.update(SECRET_KEY="only for tests")
    Babel(app, default_timezone="Europe/Madrid")
    i18n.register(app)
    web.init(app)
    static_files.register(app)
    app.context_processor(lambda: {"town": SimpleNamespace(name="Valdeagua"), "links": LINKS})
    return app


@pytest.fixture
def draw(studio: Flask) -> Callable[..., BeautifulSoup]:
    """Draw a piece of template: `draw("{{ field(form.x) }}", "field.html: field", form=XForm)`."""

    def draw_piece(template: str, *imports: str, **context: object) -> BeautifulSoup:
        with studio.test_request_context():
            studio.preprocess_request()
            context = {name: made() if callable(made) else made for name, made in context.items()}
            text = render_template_string(_import_lines(imports) + template, **context)
        return BeautifulSoup(text, "html.parser")

    return draw_piece


def _import_lines(imports: tuple[str, ...]) -> str:
    pairs = [one.split(": ") for one in imports]
    return "".join(f"{{% from 'components/{file}' import {names} %}}" for file, names in pairs)


@pytest.fixture
def draw_page(draw: Callable[..., BeautifulSoup]) -> Callable[..., BeautifulSoup]:
    """Draw a whole page with this content."""

    def draw_whole(content: str, *imports: str, **context: object) -> BeautifulSoup:
        template = (
            "{% extends 'base.html' %}"
            + _import_lines(imports)
            + "{% block title %}Test{% endblock %}{% block content %}"
            + content
            + "{% endblock %}"
        )
        return draw(template, **context)

    return draw_whole


@pytest.fixture
def serve(site: Flask) -> Iterator[Callable[[], str]]:
    """Serve the site once its routes are there; returns its address."""
    servers = []

    def start() -> str:
        server = make_server("127.0.0.1", 0, site, threaded=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """A browser window; the test fails when a script fails or the security policy objects."""
    page = chromium.new_page(viewport={"width": 360, "height": 780})
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert troubles == []
