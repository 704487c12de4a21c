"""Limits and rules in plain words."""

import pytest
from flask import Flask
from flask_babel import Babel

from allocation.options import Comparison, Completion, Rule, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet
from app.rounds import ballot_words, problem_words, rule_words
from app.rounds.models import RoundRow
from voting.errors import RuleProblem, RuleProblemKind
from voting.limits import BallotType, Limits

ROUND = RoundRow(slug="r", title="R")


@pytest.fixture(autouse=True)
def _words():
    """An application that knows how to write sentences; no database is needed for words."""
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"ballot_type": "approval", "number_max": 3}, "You can choose at most 3 projects."),
        ({"ballot_type": "approval", "number_max": 1}, "You can choose at most 1 project."),
        ({"ballot_type": "approval", "number_min": 2}, "Choose at least 2 projects."),
        (
            {"ballot_type": "approval", "number_min": 2, "number_max": 5},
            "Choose from 2 to 5 projects.",
        ),
        (
            {"ballot_type": "approval", "number_min": 4, "number_max": 4},
            "Choose exactly 4 projects.",
        ),
        ({"ballot_type": "approval"}, "You can choose as many projects as you like."),
        (
            {"ballot_type": "approval", "sum_cost_max_minor": 150_000},
            "Together your projects may cost at most €1,500.",
        ),
        (
            {"ballot_type": "approval", "sum_cost_min_minor": 50},
            "Together your projects have to cost at least €0.50.",
        ),
        (
            {"ballot_type": "knapsack"},
            "All projects in your basket together may not cost more than the budget.",
        ),
        (
            {"ballot_type": "points", "sum_points_max": 10, "sum_points_min": 4},
            "You have to give at least 4 points.",
        ),
        (
            {"ballot_type": "ranking"},
            "You put projects in your order, the one you want most first.",
        ),
        (
            {"ballot_type": "scores", "score_min": 0, "score_max": 5},
            "A project that you leave out counts as 0.",
        ),
        (
            {"ballot_type": "approval", "blank_allowed": False},
            "An empty ballot cannot be cast.",
        ),
    ],
)
def test_each_limit_is_a_sentence_for_voters(limits: dict[str, object], sentence: str) -> None:
    assert sentence in ballot_words.sentences(Limits.from_canonical(limits), ROUND)


@pytest.mark.parametrize("kind", BallotType)
def test_every_kind_of_ballot_has_a_name(kind: BallotType) -> None:
    assert ballot_words.name(kind)


@pytest.mark.parametrize("kind", RuleProblemKind)
def test_every_problem_of_limits_has_a_sentence_with_its_figures(kind: RuleProblemKind) -> None:
    problem = RuleProblem(kind, "number_min", ("a", "b", "c", "d"), limit=2, actual=7)

    said = problem_words.sentence(problem, ROUND)

    assert said.endswith(".")
    assert "%(" not in said
    assert "a, b, c, d" not in said  # at most three are named


def test_amounts_in_a_problem_are_written_as_money() -> None:
    problem = RuleProblem(RuleProblemKind.PROJECT_TOO_DEAR, "costs_minor", ("p",), limit=100_000)

    assert "(€1,000)" in problem_words.sentence(problem, ROUND)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_explained_with_all_that_it_has(rule: Rule) -> None:
    answers = rule_words.answers(RuleSheet(rule=rule))

    assert rule_words.name(rule) in answers[0][1]
    assert answers[-1][1] == (
        "First the lower cost decides; if they are still equal, then more votes, then a public lot."
    )


def test_the_switch_that_changed_real_elections_is_named_either_way() -> None:
    on, off = (
        dict(rule_words.answers(RuleSheet(exhaustive_stop=stop)))["When do the steps end early?"]
        for stop in (True, False)
    )

    assert on == "As soon as no further project would fit into the budget."
    assert off.startswith("Never:")


@pytest.mark.parametrize("value", [*Utility])
def test_every_utility_is_explained(value: Utility) -> None:
    assert rule_words.utility(value).endswith(".")


@pytest.mark.parametrize("value", [*Completion])
def test_every_completion_is_explained(value: Completion) -> None:
    assert rule_words.completion(value).endswith(".")


@pytest.mark.parametrize("value", [*Comparison])
def test_every_comparison_is_explained(value: Comparison) -> None:
    assert rule_words.comparison(value).endswith(".")


@pytest.mark.parametrize("criterion", TieCriterion)
def test_every_way_to_break_a_tie_is_named(criterion: TieCriterion) -> None:
    assert rule_words.ties((criterion,)).startswith("What decides is ")


def test_without_any_way_to_break_a_tie_the_count_stops() -> None:
    assert "the count stops" in rule_words.ties(())


def test_a_greedy_rule_names_its_threshold_and_where_its_list_ends() -> None:
    sheet = RuleSheet.from_dict(
        {"rule": "greedy", "votes_min": 25, "stop_at_misfit": True, "fund_unsupported": True}
    )

    words = " ".join(answer for _, answer in rule_words.answers(sheet))

    assert "At least 25 votes." in words
    assert "The list ends there" in words
    assert "Yes, if there is money left." in words
