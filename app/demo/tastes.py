"""What the invented people put on their ballots: what is near, and what they care about. Pure."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from app.demo.people import Neighbour
from app.demo.places import Point, metres
from voting.choices import Choices
from voting.limits import BallotType
from voting.rules import BallotRules

NEAR_METRES = 650
"""At this distance a project matters to people about a third as much as next door."""
EVERYWHERE = 0.33
"""How near a project for the whole town is to everybody."""
BLANK_SHARE = 0.01
APPROVED_FROM = 1.25
APPROVED_MAX = 7
RANKED_MAX = 3

Likings = Mapping[str, float]
"""Reference of a project -> how much one person likes it."""


@dataclass(frozen=True)
class Offer:
    """A project as people see it. `place` None: it is for the whole town."""

    reference: str
    category: str
    appeal: float
    place: Point | None


def liking(person: Neighbour, offer: Offer, rng: random.Random) -> float:
    """Say how much a person likes a project: near ones more, those of dear categories more."""
    near = EVERYWHERE
    if offer.place is not None:
        near = math.exp(-metres(person.home, offer.place) / NEAR_METRES)
    return (
        offer.appeal * (0.3 + 1.5 * near) + 0.6 * person.tastes[offer.category] + rng.gauss(0, 0.2)
    )


def fill_in(rules: BallotRules, likings: Likings, rng: random.Random) -> Choices:
    """Fill in a ballot by somebody's likings; it obeys every limit."""
    best_first = sorted(likings, key=lambda reference: (-likings[reference], reference))
    if rules.limits.blank_allowed and rng.random() < BLANK_SHARE:
        best_first = []
    match rules.ballot_type:
        case BallotType.APPROVAL:
            return Choices.of_projects(rules.ballot_type, _approved(rules, likings, best_first))
        case BallotType.KNAPSACK:
            return Choices.of_projects(rules.ballot_type, _basket(rules, best_first))
        case BallotType.RANKING:
            places = min(rules.number_max, RANKED_MAX)
            return Choices.of_projects(rules.ballot_type, best_first[:places])
        case BallotType.POINTS:
            return Choices.of_numbers(rules.ballot_type, _points(rules, best_first))
        case BallotType.SCORES:
            return Choices.of_numbers(rules.ballot_type, _scores(rules, likings, best_first))


def _approved(rules: BallotRules, likings: Likings, best_first: list[str]) -> list[str]:
    """Return what is liked well enough, or the one liked best if nothing is."""
    liked = [reference for reference in best_first if likings[reference] >= APPROVED_FROM]
    return (liked or best_first[:1])[: min(rules.number_max, APPROVED_MAX)]


def _basket(rules: BallotRules, best_first: list[str]) -> list[str]:
    basket: list[str] = []
    left = rules.budget_minor
    for reference in best_first:
        if rules.costs_minor[reference] <= left:
            basket.append(reference)
            left -= rules.costs_minor[reference]
    return basket


def _points(rules: BallotRules, best_first: list[str]) -> dict[str, int]:
    """Give half of the points to the best, then half of the rest, and so on."""
    left = rules.limits.sum_points_max or 0
    points: dict[str, int] = {}
    for reference in best_first:
        given = min(math.ceil(left / 2), rules.limits.project_points_max or left)
        if given:
            points[reference] = given
            left -= given
    return points


def _scores(rules: BallotRules, likings: Likings, best_first: list[str]) -> dict[str, int]:
    low, high = rules.limits.score_min or 0, rules.limits.score_max or 0
    return {
        reference: min(max(round(likings[reference] / 2 * high), low), high)
        for reference in best_first
    }
