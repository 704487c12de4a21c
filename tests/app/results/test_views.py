from fractions import Fraction

import pytest
from factories_results import make_closed, make_count, make_published
from flask import Flask

from app.db import read_tx, run_tx
from app.results.views import run_view
from app.results.words import percent
from app.rounds import queries as rounds
from app.town.models import AreaRow


@pytest.fixture
def view(app: Flask):
    """The view of a round's count."""

    def make(round_, run):
        with app.test_request_context():
            return read_tx(lambda s: run_view(s, rounds.round_by_id(s, round_.id), run))

    return make


@pytest.mark.parametrize(
    ("share", "written"),
    [("0", "0%"), ("1/1000", "1%"), ("1/2", "50%"), ("999/1000", "99%"), ("1", "100%")],
)
def test_what_is_not_all_or_nothing_is_not_rounded_to_it(app: Flask, share, written) -> None:
    with app.test_request_context():
        assert percent(Fraction(share)) == written


def test_winners_come_as_chosen_and_the_others_by_votes(view) -> None:
    ballots = [("bench",)] * 12 + [("pool",)] * 5 + [("library",)] * 7 + [("trees",)] * 4
    round_ = make_closed(ballots, pots={"town": 150_000})

    [pot] = view(round_, make_count(round_)).pots

    assert [line.project.reference for line in pot.winners] == ["bench"]
    assert [line.project.reference for line in pot.others] == ["library", "pool", "trees"]
    assert [line.votes for line in pot.others] == ["7", "5", "4"]
    assert pot.left_minor == 50_000


def test_a_project_has_an_anchor_that_an_address_can_hold(view) -> None:
    round_ = make_closed([("A-1",)] * 20, projects=[("A-1", 100_000), ("two words/é", 100_000)])

    [pot] = view(round_, make_count(round_)).pots
    anchors = {line.project.reference: line.anchor for line in (*pot.winners, *pot.others)}

    assert anchors["A-1"] == "project-A-1"
    assert " " not in anchors["two words/é"]
    assert "/" not in anchors["two words/é"]


def test_money_by_area_is_shown_only_where_there_is_something_to_compare(view) -> None:
    one = make_closed(
        projects=[{"reference": "bench", "cost_minor": 9, "area": "north"}], ballots=[]
    )
    two = make_closed(
        [("bench",)] * 20,
        projects=[
            {"reference": "bench", "cost_minor": 100_000, "area": "north"},
            {"reference": "pool", "cost_minor": 2_000_000, "area": "south"},
        ],
    )

    assert view(one, make_count(one)).pots[0].by_area == []
    shares = view(two, make_count(two)).pots[0].by_area
    assert [(share.label, share.spending) for share in shares] == [
        ("North", "100%"),
        ("South", "0%"),
    ]


def test_funded_projects_with_a_place_stand_on_a_map(stranger) -> None:
    square = [[[-4, 40], [-3, 40], [-3, 41], [-4, 41], [-4, 40]]]
    projects = [
        {"reference": "bench", "cost_minor": 100_000, "latitude": 40.5, "longitude": -3.5},
        {"reference": "pool", "cost_minor": 9_000_000, "latitude": 40.6, "longitude": -3.6},
    ]
    round_ = make_closed([("bench",)] * 20, slug="meadow", projects=projects)
    make_published(round_)
    assert not stranger.open("/rounds/meadow/results").select("#funded")

    set_shape(round_, {"type": "Polygon", "coordinates": square})
    page = stranger.open("/rounds/meadow/results")

    assert page.select_one("#funded")
    places = page.select_one("#funded script").text
    assert "#project-bench" in places
    assert "#project-pool" not in places


def set_shape(round_, geometry) -> None:
    def write(session) -> None:
        area = session.get(AreaRow, round_.pot.area_id)
        area.geometry = geometry
        session.add(area)

    run_tx(write)
