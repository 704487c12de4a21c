"""How the invented people are made and what they like: no database."""

import random

import pytest

from app.demo import people
from app.demo.places import is_inside, metres
from app.demo.proposing import idea_place
from app.demo.seed import TownSeed
from app.demo.tastes import Offer, fill_in, liking
from voting.ballots import validate
from voting.limits import BallotType, Limits
from voting.rules import BallotRules

COSTS = {f"P{number}": 100_000 * number for number in range(1, 9)}
LIMITS = {
    BallotType.APPROVAL: {"number_max": 3},
    BallotType.KNAPSACK: {},
    BallotType.POINTS: {"sum_points_max": 10, "project_points_max": 4},
    BallotType.RANKING: {"number_max": 2},
    BallotType.SCORES: {"score_min": 1, "score_max": 5},
}


def test_the_same_seed_invents_the_same_people(town: TownSeed) -> None:
    assert people.invent(town, year=2026) == people.invent(town, year=2026)


def test_everybody_lives_in_their_neighbourhood_and_has_a_register_number(town: TownSeed) -> None:
    everybody = people.invent(town, year=2026)

    assert len({one.register_number for one in everybody}) == town.residents == 3_000
    assert all(is_inside(one.home, town.areas[one.area].ring) for one in everybody)


def test_every_idea_lies_in_its_area(town: TownSeed) -> None:
    for idea in town.ideas:
        place = idea_place(town, idea)
        assert place is None or is_inside(place, town.areas[idea.area].ring), idea.key


def test_keys_of_the_data_files_lead_somewhere(town: TownSeed) -> None:
    authors = {person.key for person in town.authors}
    rounds = {one.key for one in town.rounds}

    for idea in town.ideas:
        assert idea.round in rounds, idea.key
        assert idea.area in town.areas, idea.key
        assert idea.category in town.categories, idea.key
        assert idea.by is None or idea.by in authors, idea.key
        assert idea.picture is None or (
            town.picture_words[idea.picture] and town.picture(idea.picture)
        )
        assert idea.merge is None or idea.merge in town.merges, idea.key
    assert len({idea.key for idea in town.ideas}) == len(town.ideas)
    assert len({(idea.round, idea.title) for idea in town.ideas}) == len(town.ideas)


def test_people_like_what_is_near_more_than_the_same_far_away(town: TownSeed) -> None:
    rng = random.Random(1)
    everybody = people.invent(town, year=2026)[:500]
    mill = idea_place(town, next(idea for idea in town.ideas if idea.area == "mill"))
    offer = Offer("P1", "parks", 1.0, mill)

    near = [liking(one, offer, rng) for one in everybody if metres(one.home, mill) < 600]
    far = [liking(one, offer, rng) for one in everybody if metres(one.home, mill) > 2_000]

    assert sum(near) / len(near) > 1.5 * sum(far) / len(far)


@pytest.mark.parametrize("ballot_type", list(BallotType))
def test_every_ballot_obeys_its_limits(ballot_type: BallotType) -> None:
    rng = random.Random(2)
    limits = Limits(ballot_type=ballot_type, **LIMITS[ballot_type])
    rules = BallotRules(limits=limits, budget_minor=900_000, costs_minor=COSTS)

    filled = [fill_in(rules, {id_: rng.uniform(0, 3) for id_ in COSTS}, rng) for _ in range(300)]

    for choices in filled:
        validate(rules, choices)
    assert sum(one.is_blank for one in filled) < 15
    assert len(set(filled)) > 5
