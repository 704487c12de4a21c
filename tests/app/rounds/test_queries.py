import pytest
from factories import make_area
from factories_rounds import make_round

from app.db import read_tx
from app.errors import NotFoundError
from app.rounds import queries
from app.town.models import AreaKind
from voting.limits import BallotType


def test_a_round_that_is_not_there_is_not_found(database: str) -> None:
    with pytest.raises(NotFoundError, match="no such round"):
        read_tx(lambda session: queries.round_by_slug(session, "nowhere"))


def test_a_draft_is_no_public_round(database: str) -> None:
    make_round("draft", slug="hidden")
    make_round("proposals", slug="seen")

    found = read_tx(queries.public_rounds)

    assert [row.slug for row in found] == ["seen"]
    with pytest.raises(NotFoundError):
        read_tx(lambda session: queries.public_round(session, "hidden"))


def test_a_voter_of_a_neighbourhood_votes_on_its_district_and_the_whole_town(
    database: str,
) -> None:
    made = make_round(pots={"town": 1_000_000, "north": 500_000, "south": 500_000})
    north = read_tx(lambda s: [a for a in queries.areas(s, made.row) if a.code == "north"])[0]
    make_area("harbour", kind=AreaKind.NEIGHBOURHOOD, parent=north)

    found = read_tx(lambda session: queries.eligible_pots(session, made.row, "harbour"))

    assert [pot.name for pot in found] == ["North", "Whole town"]


def test_the_ballot_rules_of_a_basket_hold_the_pots_budget_and_costs(database: str) -> None:
    made = make_round(ballot_type="knapsack", projects=[("a", 100), ("b", 200)])

    rules = read_tx(lambda session: queries.ballot_rules(session, made.row, made.pot))

    assert rules.ballot_type is BallotType.KNAPSACK
    assert rules.cost_max_minor == 1_000_000
    assert dict(rules.costs_minor) == {"a": 100, "b": 200}
