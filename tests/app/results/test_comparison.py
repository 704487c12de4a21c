"""Rules side by side: asked for by officers, counted once each, public with the result."""

import re

import pytest
from factories_results import make_closed, make_count, make_published
from factories_rounds import make_round

from app.db import read_tx
from app.results import queries
from app.results.candidates import CANDIDATES, fitting, label
from app.rounds.rules import counting_rule
from voting.limits import BallotType

ASK = {"reason": "The council decides in May.", "rules": ["equal-shares", "greedy"]}
BUTTON = "Count and compare"


def said(page) -> str:
    return re.sub(r"\s+", " ", page.select_one("main").get_text(" ")).replace("\xa0", " ")


def all_runs(round_):
    return read_tx(lambda session: queries.runs(session, round_.id))


# Half of the voters agree on much; under most votes first they decide alone.
BALLOTS = [("pool", "trees")] * 13 + [("library",)] * 11
PROJECTS = [("pool", 300_000), ("trees", 290_000), ("library", 250_000)]


def divided(**values):
    return make_closed(BALLOTS, slug="meadow", projects=PROJECTS, pots={"town": 600_000}, **values)


def test_rules_are_counted_and_stand_side_by_side(officer) -> None:
    round_ = divided()

    page = officer.send("/staff/rounds/meadow/count/compare", ASK, button=BUTTON)
    text = said(page)

    assert [run.reason for run in all_runs(round_)] == ["The council decides in May."] * 2
    assert "2 counts were started." in text
    assert "Equal shares, completed (the usual setting) (count 1)" in text
    assert "Wins here, but not by the first rule: Pool" in text
    assert "Wins by the first rule, but not here: Library" in text
    table = page.find("caption", string=re.compile("the rules differ")).find_parent("table")
    rows = {row.th.text: [cell.text for cell in row.select("td")] for row in table.select("tr")[1:]}
    assert rows == {"Library": ["wins", "–"], "Pool": ["–", "wins"]}


def test_what_is_counted_already_is_not_counted_again(officer) -> None:
    round_ = divided()
    officer.send("/staff/rounds/meadow/count/compare", ASK, button=BUTTON)

    page = officer.send("/staff/rounds/meadow/count/compare", ASK, button=BUTTON)

    assert len(all_runs(round_)) == 2
    assert "All of these rules are counted already." in said(page)


def test_the_rule_of_the_round_stands_first(officer) -> None:
    round_ = divided()
    officer.send("/staff/rounds/meadow/count/compare", ASK, button=BUTTON)
    make_count(round_)

    names = officer.open("/staff/rounds/meadow/count/compare").select(".minga-rules__name")

    assert names[0].text.strip().endswith("the rule of this round")
    assert len(names) == 2, "the official rule is one of those tried"


def test_a_group_that_was_passed_over_is_counted(officer) -> None:
    divided()
    page = officer.send("/staff/rounds/meadow/count/compare", ASK, button=BUTTON)

    shares, greedy = page.select(".minga-rules__item")

    assert re.search(r"did not get\s+none", said_of(shares))
    assert re.search(r"did not get\s+1", said_of(greedy))


def said_of(tag) -> str:
    return re.sub(r"\s+", " ", tag.get_text(" "))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"rules": [], "reason": "Why not"}, "Choose at least one rule to compare."),
        ({"rules": ["dictator"], "reason": "Why not"}, "Choose among the rules of this list."),
        ({"rules": ["greedy"], "reason": " "}, "Say why these counts are made."),
    ],
)
def test_slips_return_to_the_form(officer, fields, sentence) -> None:
    round_ = divided()

    page = officer.send("/staff/rounds/meadow/count/compare", fields, button=BUTTON, status=422)

    assert sentence in page.select_one(".govuk-error-summary").text
    assert all_runs(round_) == []


def test_ballots_of_an_open_vote_are_never_counted(officer) -> None:
    make_round("voting", slug="open")

    page = officer.open("/staff/rounds/open/count/compare")

    assert "counted when the round has closed, not before" in said(page)
    assert not page.select("main form")
    answer = officer.client.post(
        "/staff/rounds/open/count/compare",
        data={**ASK, "csrf_token": _token(officer)},
    )
    assert answer.status_code == 409
    assert "open" not in said(officer.open("/staff/rehearsal")).lower().split("vote that is")[0]


def _token(officer) -> str:
    divided()
    return officer.open("/staff/rounds/meadow/count/compare").select_one("[name=csrf_token]")[
        "value"
    ]


def test_before_the_draw_nothing_can_be_tried(officer) -> None:
    divided(lot_seed=None)

    page = officer.open("/staff/rounds/meadow/count/compare")

    assert "when the ballots are fixed and the public draw is entered" in said(page)
    assert not page.find("button", string=re.compile(BUTTON))


def test_the_comparison_is_public_with_the_result_and_not_before(officer, stranger) -> None:
    round_ = divided()
    officer.send("/staff/rounds/meadow/count/compare", ASK, button=BUTTON)
    stranger.open("/rounds/meadow/runs/compare", status=404)

    make_published(round_)
    page = stranger.open("/rounds/meadow/runs/compare")

    assert "Most votes first (count 2)" in said(page)
    assert not page.select("main form")
    assert "/rounds/meadow/runs/compare" in {
        link["href"] for link in stranger.open("/rounds/meadow/results").select("main a")
    }


def test_an_auditor_reads_and_a_stranger_does_not(auditor, stranger) -> None:
    divided()

    assert not auditor.open("/staff/rounds/meadow/count/compare").select("main form")
    for path in ("/staff/rehearsal", "/staff/rounds/meadow/count/compare"):
        assert stranger.client.get(path).status_code == 303


def test_the_rehearsal_lists_what_has_closed(officer) -> None:
    assert "No vote has closed here yet" in said(officer.open("/staff/rehearsal"))
    divided(title="Meadow")

    links = officer.open("/staff/rehearsal").select(".minga-round-line a")

    assert [link["href"] for link in links] == ["/staff/rounds/meadow/count/compare"]


@pytest.mark.parametrize("ballot_type", list(BallotType))
def test_every_rule_offered_has_its_own_name(app, ballot_type: BallotType) -> None:
    with app.test_request_context():
        for one in fitting(ballot_type):
            assert label(counting_rule(one.rule, ballot_type), ballot_type) == str(one.label)
    assert len({str(one.label) for one in CANDIDATES}) == len(CANDIDATES)
