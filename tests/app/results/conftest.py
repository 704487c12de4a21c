from collections.abc import Callable

import corpus
import factories_results
import pytest
from browsing import Browser
from factories import make_account

from app.accounts import approvals
from app.db import read_tx
from app.policy import AUDITOR, ROUND_OFFICER

# Not skipped but absent: a run that needs no real elections has nothing missing.
collect_ignore_glob = [] if corpus.corpus_files() else ["*_corpus.py"]


@pytest.fixture(autouse=True)
def _use_app(request: pytest.FixtureRequest) -> None:
    """Rounds are made in the application of the test, if it has one."""
    if "app" in request.fixturenames:
        factories_results.use(request.getfixturevalue("app"))


@pytest.fixture
def officer(browser: Callable[..., Browser]) -> Browser:
    return browser(make_account(ROUND_OFFICER))


@pytest.fixture
def second_officer(browser: Callable[..., Browser]) -> Browser:
    return browser(make_account(ROUND_OFFICER))


@pytest.fixture
def auditor(browser: Callable[..., Browser]) -> Browser:
    return browser(make_account(AUDITOR))


@pytest.fixture
def stranger(browser: Callable[..., Browser]) -> Browser:
    return browser()


@pytest.fixture
def approve(second_officer: Browser) -> Callable[[str, str], None]:
    """Approve what waits for a second person, as that person, in the browser."""

    def decide(action: str, subject: object) -> None:
        row = read_tx(lambda session: approvals.pending_for(session, action, str(subject)))
        assert row is not None, f"nothing waits: {action}"
        second_officer.send(f"/staff/decisions/{row.id}", button="Approve")

    return decide
