"""Turnout for the staff: how many, never what."""

from browsing import Browser
from factories import make_account, make_area
from factories_ballots import make_ballot, make_pass, make_roll
from factories_rounds import make_round
from flask import Flask
from sqlmodel import select

from app.ballots import queries
from app.db import read_tx
from app.town.models import AreaRow


def _whole_town() -> AreaRow:
    return read_tx(lambda s: s.exec(select(AreaRow).where(AreaRow.code == "town")).one())


def test_staff_see_ballots_against_those_who_may_vote(app: Flask) -> None:
    round_ = make_round(pots={"town": 500_000, "north": 500_000})
    town, north = round_.pots
    make_area("south", kind="district", parent=_whole_town())
    entries = make_roll(round_, {"north": 4, "south": 6})
    passes = {entry.district: make_pass(entry) for entry in entries}
    make_ballot(passes["north"], town.id, {"project": ["bench"]})
    make_ballot(passes["north"], north.id, {"project": ["pool"]})
    make_ballot(passes["south"], town.id, {"project": ["trees"]})

    page = Browser(app, make_account("auditor")).open(f"/staff/rounds/{round_.slug}/turnout")

    rows = [[cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert ["Whole town", "2", "10", "20.0%"] in rows
    assert ["North", "1", "4", "25.0%"] in rows
    for title in ("Bench", "Pool", "Trees"):
        assert title not in page.main.text


def test_a_project_whose_name_imitates_a_pot_does_not_bend_the_count(app: Flask) -> None:
    reference = '"pot":"north"'
    round_ = make_round(
        pots={"town": 500_000, "north": 500_000},
        projects=[
            {"reference": reference, "cost_minor": 1000, "pot": "town"},
            {"reference": "bench", "cost_minor": 1000, "pot": "north"},
        ],
    )
    town, north = round_.pots
    known = make_pass(make_roll(round_)[0])
    make_ballot(known, town.id, {"project": [reference]})

    counts = read_tx(lambda s: queries.turnout(s, round_.row))

    assert counts == {town.id: 1, north.id: 0}


def test_a_resident_does_not_see_turnout(app: Flask) -> None:
    round_ = make_round()

    Browser(app, make_account()).open(f"/staff/rounds/{round_.slug}/turnout", status=403)
