"""Every page of the demonstration that a person can reach by links opens, and passes the check."""

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from browsing import Browser
from bs4 import BeautifulSoup
from flask import Flask

from app.db import read_tx
from app.demo.sign_ins import VotingCode
from app.rounds import queries as rounds
from app.rounds.models import RoundRow

EVERY_ONE = {"proposals.show", "proposals.review_page"}
"""These differ by what became of a proposal; of other kinds one is opened in each round."""

PUBLIC = {
    *("rounds.home", "rounds.show", "rounds.project_list", "rounds.project", "rounds.rules"),
    *("proposals.browse", "proposals.show", "results.show", "results.run_list"),
    *("ballots.choose_round", "ballots.enter", "town.help", "demo.people", "pictures.small"),
}
OWN = {"accounts.profile", "proposals.mine", "proposals.own", "proposals.step"}
DESK = {"proposals.desk", "proposals.review_page", "proposals.checklist", "proposals.decide"}
ROUNDS = {
    *("rounds.manage_list", "rounds.manage", "rounds.manage_projects"),
    *("results.count", "roll.overview", "ballots.turnout"),
}


class Crawler:
    """Follows links as somebody, to addresses that match `within`; notes what was seen."""

    def __init__(
        self, app: Flask, browser: Browser, *, within: str, every_round: bool = True
    ) -> None:
        self._within, self._every_round = within, every_round
        self._addresses = app.url_map.bind("localhost")
        self._browser = browser
        self._opened: set[object] = set()
        self.seen: set[str] = set()

    def crawl(self, *starts: str) -> set[str]:
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            endpoint, values = self._addresses.match(urlsplit(path).path)
            kind = self._kind(path, endpoint, values.get("slug"))
            if kind in self._opened:
                continue
            self._opened.add(kind)
            waiting += self._links(path, self._browser.open(path))
            shown = self._browser.answer.request.path  # the end of redirects
            self.seen |= {endpoint, self._addresses.match(shown)[0]}
        return self.seen

    def _kind(self, path: str, endpoint: str, slug: str | None) -> object:
        """Pages of one kind are opened once: for each round, or once in all."""
        if not self._every_round:
            return endpoint
        return path if endpoint in EVERY_ONE else (endpoint, slug)

    def _links(self, path: str, page: BeautifulSoup) -> list[str]:
        targets = [str(tag["href"]) for tag in page.select("a[href]")]
        targets += [str(tag["src"]) for tag in page.select("main img[src]")]
        joined = (urljoin(path, target).partition("#")[0] for target in targets)
        return [one for one in joined if re.match(self._within, one)]


@pytest.fixture
def crawl(demo: Flask, visitor: Callable[..., Browser]) -> Callable[..., set[str]]:
    def start(name: str | None, *starts: str, **options: object) -> set[str]:
        return Crawler(demo, visitor(name), **options).crawl(*starts)

    return start


def test_a_stranger_can_open_every_public_page(crawl: Callable[..., set[str]]) -> None:
    assert crawl(None, "/", "/ballot", "/demo", within="/(?!static/)") >= PUBLIC


def test_a_resident_can_open_their_own_pages_too(crawl: Callable[..., set[str]]) -> None:
    assert crawl("ana", "/account", "/account/proposals", within="/account") >= OWN


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ("officer", DESK | ROUNDS | {"rounds.setup_step", "admin.decision", "results.run"}),
        ("reviewer", DESK),
        ("clerk", {"roll.overview", "ballots.turnout", "admin.desk", "admin.account_letters"}),
        ("auditor", {"admin.audit", "ballots.turnout"}),
        ("administrator", {"admin.people", "admin.person", "admin.town", "admin.areas"}),
    ],
)
def test_staff_can_open_every_page_of_their_work(
    crawl: Callable[..., set[str]], who: str, pages: set[str]
) -> None:
    every_round = who == "officer"

    assert (
        crawl(
            who, "/staff/rounds/river-festival", "/staff", within="/staff", every_round=every_round
        )
        >= pages
    )


def test_every_kind_of_ballot_can_be_opened_with_a_code(
    demo: Flask, visitor: Callable[..., Browser], codes: list[VotingCode]
) -> None:
    first_codes = {one.round: one.code for one in reversed(codes)}

    for row in read_tx(_open_rounds):
        browser = visitor()
        browser.send(f"/ballot/{row.slug}", {"code": first_codes[row.title]})
        seen = Crawler(demo, browser, within="/ballot").crawl(f"/ballot/{row.slug}/mine")

        assert "ballots.fill" in seen, row.slug


def _open_rounds(session: object) -> list[RoundRow]:
    return [row for row in rounds.all_rounds(session) if row.state == "voting"]
