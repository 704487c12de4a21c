"""The whole demonstration, loaded once on each engine for all tests of this folder."""

import itertools
import shutil
from collections.abc import Callable, Iterator

import engines
import pytest
from browsing import Browser
from factories_demo import load, settings_for
from flask import Flask

from app.accounts import queries as accounts
from app.accounts.models import AccountRow
from app.db import engine, read_tx
from app.demo import seed, sign_ins
from app.demo.seed import TownSeed
from app.demo.sign_ins import VotingCode
from app.paths import resource_folder

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def town() -> TownSeed:
    return seed.read(resource_folder("seed_data"))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, town: TownSeed
) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        path = folder / "minga.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield load(settings_for(folder, f"sqlite:///{path}"), town)
        return
    server, name = request.getfixturevalue("postgres"), f"demo{next(_numbers)}"
    url = engines.make_database(server, name, template="minga_template")
    yield load(settings_for(folder, url), town)
    engine.current().dispose()
    engines.drop_database(server, name)


@pytest.fixture
def demo(loaded: Flask) -> Iterator[Flask]:
    """The application on the loaded demonstration, whose database is made current again."""
    engine.configure(loaded.extensions["minga_settings"].database_url)
    yield loaded
    engine.current().dispose()


@pytest.fixture
def codes(demo: Flask) -> list[VotingCode]:
    """The voting codes that the loading printed."""
    with demo.app_context():
        return sign_ins.codes()


@pytest.fixture
def visitor(demo: Flask) -> Callable[..., Browser]:
    """`visitor()` is a stranger, `visitor("clerk")` the invented person with that address."""

    def visit(name: str | None = None) -> Browser:
        if name is None:
            return Browser(demo)
        level = "link" if name == "ana" else "full"
        return Browser(demo, account(name), level=level)

    return visit


def account(name: str) -> AccountRow:
    found = read_tx(lambda session: accounts.by_email(session, f"{name}@valdeagua.example"))
    assert found is not None
    return found
