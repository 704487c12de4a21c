"""A voter enters the choices again and sees what the share paid for."""

import re
from fractions import Fraction

import pytest
from factories_results import APPROVALS, make_closed, make_count, make_published
from sqlmodel import SQLModel, func, select

from app.db import read_tx
from app.results import queries
from app.results.my_share import my_share
from app.rounds import queries as rounds
from voting.choices import Choices
from voting.limits import BallotType

pytestmark = pytest.mark.usefixtures("app")

BUTTON = "Show what my share paid for"


def address(round_) -> str:
    return f"/rounds/{round_.slug}/results/{round_.pot.id}/share"


def said(page) -> str:
    return re.sub(r"\s+", " ", page.select_one("main").get_text(" ")).replace("\xa0", " ")


def account(round_, choices: Choices):
    def read(session):
        row = rounds.round_by_id(session, round_.id)
        run = queries.latest_official(session, row.id)
        [document] = queries.result(session, run.id).outcome["pots"]
        return document, rounds.ballot_rules(session, row, rounds.pot(session, round_.pot.id))

    document, rules = read_tx(read)
    return my_share(document, rules, choices)


def test_the_shares_of_all_voters_together_pay_every_winner_exactly() -> None:
    round_ = make_closed()
    make_count(round_)
    paid: dict[str, Fraction] = {}

    for ballot in APPROVALS:
        mine = account(round_, Choices.of_projects(BallotType.APPROVAL, ballot))
        assert mine.paid + mine.rest == mine.share
        for one in mine.chosen:
            paid[one.reference] = paid.get(one.reference, Fraction(0)) + one.paid

    assert {id_: amount for id_, amount in paid.items() if amount} == {
        "bench": 100_000,
        "pool": 300_000,
        "trees": 250_000,
    }


@pytest.mark.parametrize(
    ("ballot_type", "ballots"),
    [
        ("points", [{"bench": 6, "pool": 4}] * 12 + [{"pool": 2, "trees": 8}] * 12),
        ("ranking", [("bench", "pool")] * 12 + [("trees", "pool", "bench")] * 12),
        ("scores", [{"bench": 5, "pool": 1}] * 12 + [{"trees": 3, "pool": 0}] * 12),
        ("knapsack", [("bench", "pool")] * 12 + [("trees",)] * 12),
    ],
)
def test_shares_pay_winners_exactly_on_every_type_of_ballot(ballot_type: str, ballots) -> None:
    round_ = make_closed(ballots, ballot_type=ballot_type)
    make_count(round_)
    kind = BallotType(ballot_type)
    paid: dict[str, Fraction] = {}

    for ballot in ballots:
        choices = (
            Choices.of_numbers(kind, ballot)
            if isinstance(ballot, dict)
            else Choices.of_projects(kind, ballot)
        )
        for one in account(round_, choices).chosen:
            if not one.from_the_rest:
                paid[one.reference] = paid.get(one.reference, Fraction(0)) + one.paid
    costs = {project.reference: project.cost_minor for project in round_.projects}

    assert any(paid.values())
    assert all(amount in (0, costs[reference]) for reference, amount in paid.items())


def test_the_page_shows_share_payments_and_rest(stranger) -> None:
    round_ = make_published(make_closed(slug="meadow"))

    page = stranger.send(address(round_), {"project": ["bench", "library"]}, button=BUTTON)
    text_ = said(page)

    assert "was your share" in text_
    assert "stayed unused" in text_
    rows = {row.th.text.strip(): row for row in page.select("tbody tr")}
    assert "Funded" in rows["Bench"].text
    assert "€58.8" in rows["Bench"].text
    assert "Not funded" in rows["Library"].text
    assert [box["value"] for box in page.select("input[checked]")] == ["bench", "library"]


def test_an_empty_form_says_that_the_whole_share_stayed_unused(stranger) -> None:
    round_ = make_published(make_closed(slug="meadow"))

    page = stranger.send(address(round_), {}, button=BUTTON)

    assert "You chose no project, so your whole share stayed unused." in said(page)


def test_choices_that_the_ballot_does_not_allow_return_to_the_form(stranger) -> None:
    round_ = make_published(make_closed(slug="meadow", limits={"number_max": 1}))

    page = stranger.send(address(round_), {"project": ["bench", "pool"]}, button=BUTTON, status=422)

    assert "This could not be counted like that" in said(page)
    assert "was your share" not in said(page)
    assert len(page.select("input[checked]")) == 2


def test_points_that_are_no_number_come_back_as_typed(stranger) -> None:
    ballots = [{"bench": 6}] * 20
    round_ = make_published(make_closed(ballots, ballot_type="points", slug="meadow"))

    page = stranger.send(address(round_), {"points-bench": "six"}, button=BUTTON, status=422)

    assert page.select_one("input[name=points-bench]")["value"] == "six"


def test_choices_stand_in_no_address_and_nothing_is_kept(stranger) -> None:
    round_ = make_published(make_closed(slug="meadow"))
    stranger.open(address(round_))
    before = _rows()

    page = stranger.send(address(round_), {"project": ["bench"]}, button=BUTTON)

    assert stranger.answer.request.query_string == b""
    assert stranger.answer.headers["Cache-Control"] == "no-store"
    assert page.select_one("main form")["method"] == "post"
    assert _rows() == before


def _rows() -> dict[str, int]:
    """How many rows every table has."""

    def read(session):
        return {
            name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in SQLModel.metadata.tables.items()
        }

    return read_tx(read)


def test_before_the_result_and_without_shares_there_is_no_such_page(stranger) -> None:
    early = make_closed(slug="early")
    make_count(early)
    greedy = make_published(make_closed(slug="greedy", rule={"rule": "greedy"}))

    assert "told together with the result" in stranger.open(address(early), status=404).text
    assert "nobody has a share" in stranger.open(address(greedy), status=404).text
    assert "share paid for" not in stranger.open("/rounds/greedy/results").text


def test_a_budget_of_another_round_is_not_found(stranger) -> None:
    make_published(make_closed(slug="meadow"))
    other = make_published(make_closed(slug="other"))

    stranger.open(f"/rounds/meadow/results/{other.pot.id}/share", status=404)
