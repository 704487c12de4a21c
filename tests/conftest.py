"""What the whole suite shares: settings, a fresh database on each engine, people, pages."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import chromium as real_browser
import counting_here
import engines
import factories
import pytest
import scheduling
from browsing import Browser
from bs4 import BeautifulSoup
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from playwright.sync_api import Browser as Chromium
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from app import clock, factory
from app.config import Settings, read_settings
from app.db import engine, schema
from app.factory import make_app
from app.results import child

BY_BLUEPRINT = (
    *("before_request_funcs", "after_request_funcs", "teardown_request_funcs"),
    *("error_handler_spec", "template_context_processors"),
)
"""What Flask keeps for each blueprint of an application."""


def pytest_configure() -> None:
    """Look for garbage less often: whole applications are made and dropped, a tenth of the time."""
    gc.set_threshold(100_000, 50, 100)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share out the tests so that what is dear to prepare is prepared once."""
    return scheduling.KeepTogether(config, log)


@pytest.fixture(scope="session", autouse=True)
def _pages_registered_once() -> Iterator[None]:
    """Pages are registered with the first application; later ones take over what it noted.

    To note some hundreds of addresses takes longer than most tests.
    """
    register = factory._register
    noted: list[Flask] = []

    def register_once(app: Flask) -> None:
        if not noted:
            register(app)
            noted.append(app)
            return
        app.url_map = noted[0].url_map
        app.blueprints = noted[0].blueprints
        app.view_functions = noted[0].view_functions | app.view_functions
        for name in BY_BLUEPRINT:
            theirs, ours = getattr(noted[0], name), getattr(app, name)
            ours.update((scope, found) for scope, found in theirs.items() if scope is not None)
        app.jinja_env.globals = noted[0].jinja_env.globals | app.jinja_env.globals

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(factory, "_register", register_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Each test has an engine of its own: what SQLAlchemy compiled for one serves all of its kind.

    Its caches tell engines apart by their dialect, and all of ours of one kind are set up alike.
    """
    make_anew = engine.make_engine
    compiled = {name: LRUCache(3_000) for name in ("sqlite", "postgresql")}

    def make_sharing(url: str) -> Engine:
        made = make_anew(url)
        made._compiled_cache = compiled[made.dialect.name]
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "make_engine", make_sharing)
        patched.setattr(DefaultDialect, "__hash__", lambda dialect: hash(dialect.name))
        patched.setattr(DefaultDialect, "__eq__", lambda one, other: one.name == other.name)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; each test gets a copy."""
    path = tmp_path_factory.mktemp("template") / "minga.sqlite3"
    made = engine.make_engine(f"sqlite:///{path}")
    schema.upgrade(made)
    made.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a migrated database `minga_template`; each test gets a copy."""
    programs = engines.postgres_programs()
    if programs is None:
        sentence = "PostgreSQL's server is not installed: install the package postgresql."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with engines.postgres_server(programs) as server:
        url = engines.make_database(server, "minga_template")
        made = engine.make_engine(url)
        schema.upgrade(made)
        made.dispose()
        yield server


@pytest.fixture(scope="session")
def reused(postgres: str) -> engines.ReusedDatabase:
    return engines.ReusedDatabase(postgres, "minga_template")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database, made current: SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        path = tmp_path / "minga.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
        engine.configure(url)
        yield url
        engine.current().dispose()
        return
    reused = request.getfixturevalue("reused")
    url = reused.take()
    engine.configure(url)
    yield url
    engine.current().dispose()
    reused.give_back()


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """Settings in a folder of this test, on its database; jobs run after the request."""
    return read_settings(
        {
            "MINGA_INSTANCE": str(tmp_path / "instance"),
            "DATABASE_URL": database,
            "MINGA_JOBS": "inline",
        }
    )


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once for all tests: that takes longer than most tests."""

    def __init__(self) -> None:
        self._programs: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._programs.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._programs[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session")
def compiled_templates() -> BytecodeCache:
    return CompiledTemplates()


@pytest.fixture
def app(
    settings: Settings,
    compiled_templates: BytecodeCache,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """The application with a town called Valdeagua, on each engine in turn.

    It counts in this process, but for tests marked `counts_apart` and for those of a real browser.
    """
    made = make_app(settings)
    made.jinja_env.bytecode_cache = compiled_templates
    if not any(request.node.get_closest_marker(name) for name in ("browser", "counts_apart")):
        monkeypatch.setattr(child, "count_apart", counting_here.count_here)
    factories.make_town()
    return made


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    """Make a browser without JavaScript: `browser()` a stranger's, `browser(account)` theirs."""
    return lambda account=None, **options: Browser(app, account, **options)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A real browser, one for all tests of a worker."""
    path = real_browser.program()
    if path is None:
        sentence = "Chromium is not installed: install the package chromium."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with real_browser.running(path) as running:
        yield running


@pytest.fixture
def open_page(browser: Callable[..., Browser]) -> Callable[..., BeautifulSoup]:
    """Open a page as a stranger and check it: `open_page("/")`, `open_page("/x", data={...})`."""
    return browser().open


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Set the clock: `at(datetime(...))`. The system's clock is back after the test."""
    yield lambda moment: clock.use(lambda: moment)
    clock.use(None)


@pytest.fixture
def noon(at: Callable[[datetime], None]) -> datetime:
    """Noon of a working day, at which the clock stands still."""
    moment = datetime(2027, 3, 17, 12, 0, tzinfo=UTC)
    at(moment)
    return moment


@pytest.fixture
def days() -> Callable[[int], timedelta]:
    return lambda number: timedelta(days=number)
