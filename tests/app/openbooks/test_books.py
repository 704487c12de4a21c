"""Open books from rows of both engines: sums of the ledger, groups of people, what is kept back."""

from collections.abc import Callable
from datetime import datetime

import factories
import pytest
from browsing import Browser
from factories_openbooks import TUESDAY, give, make_counter, make_open_programme, spend
from factories_programmes import make_programme
from flask import Flask

from app.db import read_tx
from app.ledger.entries import AccountKind, TransferKind
from app.openbooks import books
from app.openbooks.books import Books
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.town.models import AreaKind

Set = Callable[[datetime], None]


@pytest.fixture
def town(app: Flask, at: Set) -> Flask:
    at(TUESDAY)
    return app


def opened(programme: ProgrammeRow, at: Set, noon: datetime) -> Books:
    at(noon)
    found = read_tx(lambda session: books.books_of(session, programme.slug))
    assert found is not None
    return found


NOON = datetime.fromisoformat("2027-03-17T12:00:00+00:00")


def test_money_adds_up_to_the_appropriation_and_people_to_groups_of_ten(
    town: Flask, at: Set
) -> None:
    with town.test_request_context():
        programme = make_open_programme()
        top = factories.make_area()
        areas = {
            name: factories.make_area(name, name=name, kind=AreaKind.DISTRICT, parent=top)
            for name in ("North", "South")
        }
        north = give(programme, 12, area_id=areas["North"].id)
        give(programme, 4, value_minor=12_000, area_id=areas["South"].id)
        unsaid = give(programme, 11)
        busy, small = make_counter(name="Casa Azul"), make_counter(name="Casa Verde")
        spend(busy, [*north, *unsaid], 500)
        spend(small, north[:3], 250)

        found = opened(programme, at, NOON)

    money = found.money
    assert found.people == 27
    assert money.appropriated_minor == 2_100_000
    assert sum(amount for kind, amount in money.lies_minor.items()) == 0
    assert (money.redeemed_minor, money.at(AccountKind.PROVIDER)) == (12_250, 12_250)
    assert money.of(TransferKind.ISSUE) == 12 * 2_000 + 4 * 12_000 + 11 * 2_000
    told = town.test_client().get("/api/v1/statistics").json["programmes"][0]
    assert sum(told["lies_minor"].values()) == told["appropriated_minor"] == 2_100_000
    assert told["areas"][1] == {"area": "South", "people": None, "used_percent": None}
    # The four of the South are hidden, and with them the eleven who are the next fewest.
    assert [(one.name, one.shown) for one in found.areas] == [
        ("North", books.Figures(12, (12 * 500 + 3 * 250) * 100 // 24_000)),
        ("South", None),
        (None, None),
    ]
    assert [one.shown and one.shown.people for one in found.bands] == [None, None, None, None]
    # Three people at Casa Verde: the sum of both would tell, so neither is told apart.
    assert [(one.provider.name, one.money) for one in found.providers] == [
        ("Casa Azul", None),
        ("Casa Verde", None),
    ]


def test_what_happened_since_monday_is_told_next_week(town: Flask, at: Set) -> None:
    with town.test_request_context():
        programme = make_open_programme()
        codes = give(programme, 10)
        at(NOON)
        till = make_counter("Casa Azul")
        spend(till, codes, 500)
        give(programme, 10)

        found = opened(programme, at, NOON)
        later = opened(programme, at, NOON.replace(day=22))

    assert (found.people, found.money.redeemed_minor) == (10, 0)
    assert [one.money for one in found.providers] == []
    assert (later.people, later.money.redeemed_minor) == (20, 5_000)
    assert [one.money.redeemed_minor for one in later.providers if one.money] == [5_000]


def test_of_a_programme_with_nine_people_only_the_budget_is_told(
    town: Flask, at: Set, browser: Callable[..., Browser]
) -> None:
    with town.test_request_context():
        programme = make_open_programme()
        give(programme, 9)
    at(NOON)
    reader = browser()

    page = reader.open(f"/programmes/{programme.slug}/books")
    everything = reader.open("/books").text
    reader.open(f"/programmes/{programme.slug}/books.csv")
    table = reader.answer.get_data(as_text=True)

    assert "Fewer than ten people" in page.text
    assert page.select("table") == []
    assert "€21,000" in everything
    assert [line.split(",")[4] for line in table.splitlines()] == [
        '"figure"',
        '"people"',
        '"appropriated_minor"',
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_reader_finds_the_books_from_the_programme_and_its_table_has_the_same_figures(
    town: Flask, at: Set, browser: Callable[..., Browser]
) -> None:
    with town.test_request_context():
        programme = make_open_programme("=Care")
        spend(make_counter(name="Casa Azul"), give(programme, 10), 750)
        make_programme(ProgrammeState.PROPOSED, name="Not public")
    at(NOON)
    reader = browser()

    link = reader.open(f"/programmes/{programme.slug}").find(
        "a", string=lambda t: "Open books:" in t
    )
    page = reader.open(link["href"])
    reader.open(f"/programmes/{programme.slug}/books.csv")
    table = reader.answer.get_data(as_text=True)

    assert "€75" in page.find("caption", string="Organisations").parent.text
    assert "€20, the lowest value" in page.text
    assert '"provider","Casa Azul","redeemed_minor","7500"' in table
    assert '"programme","\'=Care","people","10"' in table
    reader.open("/programmes/not-public/books", status=404)
