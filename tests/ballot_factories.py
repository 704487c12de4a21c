"""Ballot rules and choices for tests: every argument has a default."""

from collections.abc import Mapping
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from voting.choices import Choices
from voting.errors import RulesError
from voting.limits import BallotType, Limits
from voting.rules import BallotRules

COSTS_MINOR: Mapping[str, int] = {"arch": 300, "bench": 200, "pool": 700, "tree": 100}

NEEDED: Mapping[BallotType, Mapping[str, int]] = {
    BallotType.POINTS: {"sum_points_max": 10},
    BallotType.SCORES: {"score_min": 0, "score_max": 5},
}

WITH_NUMBERS = (BallotType.POINTS, BallotType.SCORES)


def make_limits(ballot_type: BallotType = BallotType.APPROVAL, **limits: Any) -> Limits:
    return Limits(ballot_type=ballot_type, **{**NEEDED.get(ballot_type, {}), **limits})


def make_rules(
    ballot_type: BallotType = BallotType.APPROVAL,
    *,
    budget_minor: int = 1000,
    costs_minor: Mapping[str, int] = COSTS_MINOR,
    **limits: Any,
) -> BallotRules:
    return BallotRules(
        limits=make_limits(ballot_type, **limits),
        budget_minor=budget_minor,
        costs_minor=costs_minor,
    )


def approve(*projects: str) -> Choices:
    return Choices.of_projects(BallotType.APPROVAL, projects)


def basket(*projects: str) -> Choices:
    return Choices.of_projects(BallotType.KNAPSACK, projects)


def rank(*projects: str) -> Choices:
    return Choices.of_projects(BallotType.RANKING, projects)


def points(**numbers: int) -> Choices:
    return Choices.of_numbers(BallotType.POINTS, numbers)


def scores(**numbers: int) -> Choices:
    return Choices.of_numbers(BallotType.SCORES, numbers)


def small(low: int, high: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(low, high)


LIMITS_OF: Mapping[BallotType, Mapping[str, st.SearchStrategy[Any]]] = {
    BallotType.APPROVAL: {"sum_cost_min_minor": small(0, 30), "sum_cost_max_minor": small(1, 30)},
    BallotType.KNAPSACK: {},
    BallotType.POINTS: {
        "sum_points_max": st.integers(1, 8),
        "sum_points_min": small(0, 8),
        "project_points_max": small(1, 8),
    },
    BallotType.RANKING: {},
    BallotType.SCORES: {
        "score_min": st.integers(-2, 3),
        "score_max": st.integers(0, 4),
        "score_default": small(-2, 3),
    },
}

costs = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 12), min_size=1)


@st.composite
def some_settings(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments for `make_rules` that may contradict each other."""
    ballot_type = draw(st.sampled_from(BallotType))
    return {
        "ballot_type": ballot_type,
        "blank_allowed": draw(st.booleans()),
        "number_min": draw(st.integers(0, 3)),
        "number_max": draw(small(1, 5)),
        "budget_minor": draw(st.integers(1, 40)),
        "costs_minor": draw(costs),
        **{name: draw(values) for name, values in LIMITS_OF[ballot_type].items()},
    }


@st.composite
def some_rules(draw: st.DrawFn) -> BallotRules:
    settings = draw(some_settings())
    try:
        return make_rules(**settings)
    except RulesError:
        reject()


@st.composite
def choices_for(draw: st.DrawFn, rules: BallotRules) -> Choices:
    """Choices of the right type that may break every limit, unknown projects included."""
    ids = [*rules.costs_minor, "ghost"]
    if rules.ballot_type in WITH_NUMBERS:
        numbers = draw(st.dictionaries(st.sampled_from(ids), st.integers(-2, 9)))
        return Choices.of_numbers(rules.ballot_type, numbers)
    return Choices.of_projects(rules.ballot_type, draw(st.lists(st.sampled_from(ids), max_size=5)))


@st.composite
def rules_and_choices(draw: st.DrawFn) -> tuple[BallotRules, Choices]:
    rules = draw(some_rules())
    return rules, draw(choices_for(rules))
