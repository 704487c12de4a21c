"""What residents see of the rounds, without an account and without JavaScript."""

import hashlib
import json
from datetime import timedelta

import pytest
from factories import make_account
from factories_rounds import make_round

from app.db import run_tx
from app.rounds.browsing import COOKIE
from app.rounds.models import Origin
from app.town.models import AreaRow

MANY = [(f"p{number}", 1_000 * number) for number in range(1, 31)]
SHAPE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def titles(page) -> list[str]:
    return [link.text for link in page.select(".minga-card__title a")]


def test_the_home_page_says_where_each_round_stands_and_what_can_be_done(open_page) -> None:
    make_round("draft", title="Secret plan")
    make_round("review", title="Second")
    make_round("voting", title="First")
    make_round("published", title="Long ago")
    make_round("closed", title="Elsewhere", origin=Origin.IMPORTED)

    page = open_page("/")

    assert [h2.text.strip() for h2 in page.select(".minga-round h2")] == ["First", "Second"]
    assert "Voting open" in page.select_one(".minga-round").text
    words = page.select_one("main").text
    assert "Secret plan" not in words
    assert "Recount of an imported election" in words
    assert [line.text for line in page.select(".minga-round-line__title")] == [
        "Long ago",
        "Elsewhere",
    ]


def test_a_town_without_rounds_says_so_kindly(open_page) -> None:
    assert "No round is open at the moment" in open_page("/").select_one("main").text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("proposals", "You can propose a project until"),
        ("review", "The town checks what can be done"),
        ("frozen", "The projects are fixed. Voting opens on"),
        ("voting", "You can vote until"),
        ("closed", "Voting is over. The result is published by"),
        ("published", "The result is published"),
    ],
)
def test_the_page_of_a_round_says_what_comes_next(open_page, state: str, sentence: str) -> None:
    made = make_round(state)

    page = open_page(f"/rounds/{made.slug}")

    assert sentence in page.select_one(".minga-now").text


def test_once_the_date_of_the_close_has_come_nobody_is_asked_to_vote(open_page, at) -> None:
    made = make_round("voting")
    at(made.row.voting_closes_at)

    page = open_page(f"/rounds/{made.slug}")

    assert "Voting is over" in page.select_one(".minga-now").text
    assert "Vote now" not in page.text


def test_the_page_of_a_round_shows_its_budgets_and_how_one_votes(open_page) -> None:
    made = make_round(
        "voting",
        pots={"town": 60_000_000, "north": 20_000_050},
        ballot_type="points",
        limits={"sum_points_min": 10, "project_points_max": 5},
    )

    words = open_page(f"/rounds/{made.slug}").select_one("main").get_text(" ", strip=True)

    assert "€600,000" in words
    assert "€200,000.50" in words
    assert "You have 10 points and spread them" in words
    assert "You have to give all of your points." in words
    assert "One project can get at most 5 points." in words


@pytest.mark.parametrize("path", ["", "/rules", "/rules.json", "/projects", "/areas.geojson"])
def test_a_round_that_is_not_there_or_not_announced_is_not_found(open_page, path: str) -> None:
    make_round("draft", slug="hidden")

    for slug in ("nowhere", "hidden", "a%20b", "%00", "..", "x" * 300):
        open_page(f"/rounds/{slug}{path}", status=404)


def test_an_officer_sees_a_draft_as_residents_will(browser) -> None:
    make_round("draft", slug="hidden")

    browser(make_account("round_officer")).open("/rounds/hidden")
    browser(make_account("clerk")).open("/rounds/hidden", status=404)


def test_projects_appear_all_together_when_prices_are_released(open_page) -> None:
    before = make_round("review")
    after = make_round("frozen")

    hidden = open_page(f"/rounds/{before.slug}/projects")
    assert titles(hidden) == []
    assert "not published yet" in hidden.text
    open_page(f"/rounds/{before.slug}/projects/bench", status=404)
    open_page(f"/rounds/{before.slug}/projects.geojson", status=404)
    assert len(titles(open_page(f"/rounds/{after.slug}/projects"))) == 4


def test_each_visitor_has_an_order_that_stays_over_pages_and_back(browser) -> None:
    made = make_round("voting", projects=MANY)
    path = f"/rounds/{made.slug}/projects"
    mine, other = browser(), browser()

    first = titles(mine.open(path))
    second = titles(mine.open(f"{path}?page=2"))

    assert len(first) == 24
    assert len(second) == 6
    assert sorted(first + second) == sorted(reference.title() for reference, _ in MANY)
    assert titles(mine.open(path)) == first  # the Back button
    assert titles(other.open(path)) != first


def test_a_broken_order_cookie_is_replaced(browser) -> None:
    made = make_round("voting")
    visitor = browser()
    visitor.client.set_cookie(COOKIE, "'; DROP TABLE round; --")

    visitor.open(f"/rounds/{made.slug}/projects")

    assert len(visitor.client.get_cookie(COOKIE).value) == 32


def test_a_chosen_order_replaces_chance_and_goes_along_to_the_next_page(browser) -> None:
    made = make_round("voting", projects=MANY)
    visitor = browser()

    page = visitor.open(f"/rounds/{made.slug}/projects?sort=cost-high")

    assert titles(page)[:2] == ["P30", "P29"]
    following = page.select_one("a[rel=next]")["href"]
    assert titles(visitor.open(following))[-1] == "P1"


def test_a_search_finds_by_words_area_category_and_cost(open_page) -> None:
    made = make_round(
        "voting",
        pots={"town": 10_000_000},
        projects=[
            {"reference": "1", "cost_minor": 500_000, "title": "Árbol", "area": "north"},
            {"reference": "2", "cost_minor": 900_000, "title": "Pool", "category": "Parks"},
        ],
    )
    path = f"/rounds/{made.slug}/projects"
    parks = made.categories[0].id

    assert titles(open_page(f"{path}?q=arbol")) == ["Árbol"]
    assert titles(open_page(f"{path}?area=north")) == ["Árbol"]
    assert sorted(titles(open_page(f"{path}?area=town"))) == ["Pool", "Árbol"]
    assert titles(open_page(f"{path}?category={parks}")) == ["Pool"]
    assert titles(open_page(f"{path}?cost_from=6000&cost_to=9000")) == ["Pool"]
    assert "Nothing fits your search" in open_page(f"{path}?q=ferry").text


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("area=atlantis", "area", "There is no such area here."),
        ("category=7", "category", "There is no such category here."),
        ("cost_from=many", "cost_from", "Enter an amount in figures"),
        ("cost_from=9&cost_to=5", "cost_to", "not below"),
    ],
)
def test_a_filter_that_makes_no_sense_gets_a_sentence_beside_its_field(
    open_page, query: str, field: str, sentence: str
) -> None:
    made = make_round("voting")

    page = open_page(f"/rounds/{made.slug}/projects?{query}")

    assert sentence in page.select_one(f"#{field}-error").text


@pytest.mark.parametrize("query", ["page=0", "page=-3", "page=x", "page=99999999999", "sort=%FF"])
def test_other_nonsense_in_the_address_shows_the_list(open_page, query: str) -> None:
    made = make_round("voting")

    assert len(titles(open_page(f"/rounds/{made.slug}/projects?{query}"))) == 4


def test_a_project_page_says_how_and_when_one_votes(open_page, at) -> None:
    made = make_round("voting", projects=[{"reference": "a/b 1", "cost_minor": 1_250_000}])

    page = open_page(f"/rounds/{made.slug}/projects/a/b%201")

    assert "€12,500" in page.select_one(".minga-facts").text
    assert "with the code on your letter" in page.select_one(".minga-now").text
    open_page(f"/rounds/{made.slug}/projects/no-such", status=404)


def test_what_residents_typed_is_text_and_never_markup(open_page) -> None:
    project = {
        "reference": "1",
        "cost_minor": 1,
        "title": "<script>alert(1)</script>",
        "description": "One <b>paragraph</b>\n\nand another</script>",
        "latitude": 0.5,
        "longitude": 0.5,
    }
    made = make_round("voting", projects=[project])
    shape(made)

    for path in ("/projects", "/projects/1"):
        page = open_page(f"/rounds/{made.slug}{path}")
        assert not page.select("main b")
        assert "alert(1)" not in "".join(s.text for s in page.select("script[nonce]"))
    assert len(page.select(".minga-project p.govuk-body")) == 2


def test_the_map_carries_the_towns_own_shapes_and_the_places_found(open_page, browser) -> None:
    place = {"latitude": 0.2, "longitude": 0.4}
    projects = [
        {"reference": "1", "cost_minor": 100, "title": "Bench", **place},
        {"reference": "2", "cost_minor": 200, "title": "Pool"},
    ]
    made = make_round("voting", projects=projects)
    shape(made)

    page = open_page(f"/rounds/{made.slug}/projects")
    data = json.loads(page.select_one("#places script").text)
    assert data["areas"]["features"][0]["geometry"] == SHAPE
    assert [(p["lat"], p["lon"], p["title"]) for p in data["points"]] == [(0.2, 0.4, "Bench")]

    answer = browser().client.get(f"/rounds/{made.slug}/areas.geojson")
    assert answer.mimetype == "application/geo+json"
    assert answer.json["features"][0]["properties"]["code"] == "town"
    places = browser().client.get(f"/rounds/{made.slug}/projects.geojson").json
    assert places["features"][0]["geometry"] == {"type": "Point", "coordinates": [0.4, 0.2]}


def test_the_rules_page_shows_the_digest_of_the_very_bytes_one_downloads(browser) -> None:
    made = make_round("frozen")
    visitor = browser()

    page = visitor.open(f"/rounds/{made.slug}/rules")
    answer = visitor.client.get(f"/rounds/{made.slug}/rules.json")

    digest = page.select_one(".minga-fingerprint code").text
    assert hashlib.sha256(answer.data).hexdigest() == digest
    assert f"{made.slug}-rules.json" in answer.headers["Content-Disposition"]
    assert f"sha256sum {made.slug}-rules.json" in page.text


def test_before_the_freeze_the_rules_are_called_changeable_and_have_no_file(open_page) -> None:
    made = make_round("review")

    page = open_page(f"/rounds/{made.slug}/rules")

    assert "These rules can still change" in page.text
    assert "Method of Equal Shares" in page.text
    open_page(f"/rounds/{made.slug}/rules.json", status=404)


def test_an_imported_election_is_never_mistaken_for_the_towns_own(open_page) -> None:
    made = make_round("closed", origin=Origin.IMPORTED)

    page = open_page(f"/rounds/{made.slug}")

    assert "Recount of an imported election" in page.text
    assert not page.select(".minga-steps")
    assert "held elsewhere" in open_page(f"/rounds/{made.slug}/rules").text


def test_an_announced_round_names_the_day_from_which_one_can_propose(open_page, at) -> None:
    made = make_round("proposals")
    at(made.row.proposals_open_at - timedelta(days=1))

    page = open_page(f"/rounds/{made.slug}")

    assert "You can propose projects from" in page.select_one(".minga-now").text


def shape(made) -> None:
    """Give the whole town a shape."""

    def draw(session) -> None:
        area = session.get(AreaRow, made.pot.area_id)
        area.geometry = SHAPE
        session.add(area)

    run_tx(draw)
