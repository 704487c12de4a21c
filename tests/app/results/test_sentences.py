"""Each project gets one plain sentence, whatever the rule."""

import pytest
from flask import Flask

from allocation.explanation import Why
from allocation.options import Rule, Utility
from app.results.sentences import _SENTENCES, reason_sentence
from app.results.winning import Reader

TITLES = {"a": "Bench", "b": "Pool", "c": "Trees"}


@pytest.fixture(autouse=True)
def _in_app(app: Flask):
    with app.test_request_context():
        yield


def sentence(
    why: str,
    *,
    rule: Rule = Rule.EQUAL_SHARES,
    utility: Utility | None = Utility.COST,
    **figures,
) -> str:
    nothing = {"round": None, "effective_votes": None, "shortfall_minor": None, "rivals": []}
    reader = Reader(TITLES, "EUR", 100, rule, utility)
    said = reason_sentence({"reason": {"why": why, **nothing, **figures}}, reader)
    return said.replace("\xa0", " ")


def test_every_reason_has_a_sentence() -> None:
    assert set(_SENTENCES) == {why.value for why in Why}


@pytest.mark.parametrize("why", [why.value for why in Why])
def test_a_sentence_begins_with_the_verdict_and_ends_with_a_stop(why: str) -> None:
    said = sentence(
        why, round=3, effective_votes="61/2", shortfall_minor="1/3", rivals=[["a", "5"]]
    )

    assert said.startswith(("Funded", "Not funded"))
    assert said.endswith(".")
    assert said.startswith("Funded") is why.startswith("won")
    assert "None" not in said
    assert "%" not in said


@pytest.mark.parametrize(
    ("rule", "utility", "effective", "expected"),
    [
        (
            Rule.EQUAL_SHARES,
            Utility.COST,
            "2411/2",
            (
                "Funded in step 2: its supporters had enough left to pay for it. Among all such "
                "projects its support counted most, as much as 1,206 full votes."
            ),
        ),
        (
            Rule.EQUAL_SHARES,
            Utility.POINTS_COST,
            "300",
            (
                "Funded in step 2: its supporters had enough left to pay for it. Among all such "
                "projects its support counted most, as much as 300 full points."
            ),
        ),
        (
            Rule.EQUAL_SHARES,
            Utility.CARDINALITY,
            "4/10",
            (
                "Funded in step 2: of all projects that their supporters could still pay for, it "
                "asked the least of each of them (€2.50 at most)."
            ),
        ),
        (
            Rule.EQUAL_SHARES,
            Utility.POINTS,
            "3",
            (
                "Funded in step 2: of all projects that their supporters could still pay for, it "
                "asked the least for each point (€0.34 at most)."
            ),
        ),
        (
            Rule.GREEDY,
            None,
            None,
            (
                "Funded: it was number 2 among the projects that the budget could pay, the one "
                "with the most support first."
            ),
        ),
        (
            Rule.KNAPSACK,
            Utility.COST,
            None,
            (
                "Funded: it belongs to the set of projects with the greatest total support that "
                "the budget can pay."
            ),
        ),
        (Rule.PHRAGMEN, None, None, "Funded: the rule chose it as number 2."),
    ],
)
def test_why_a_project_won_by_each_rule(rule, utility, effective, expected: str) -> None:
    assert sentence("won", rule=rule, utility=utility, round=2, effective_votes=effective) == (
        expected
    )


def test_rivals_are_named_as_a_list_and_the_missing_money_is_rounded_up() -> None:
    rivals = [["a", "500"], ["b", "300"], ["c", "1"]]

    said = sentence("money-went-to-others", shortfall_minor="100001/1000", rivals=rivals)

    assert "most of it on “Bench”, “Pool” and “Trees”." in said
    assert "That left them €1.01 short of its cost." in said


def test_less_than_the_smallest_coin_is_still_missing_something() -> None:
    assert "€0.01" in sentence("too-few-votes", shortfall_minor="1/1000")


def test_a_loser_without_rivals_is_not_told_about_any() -> None:
    said = sentence("money-went-to-others", shortfall_minor="300")

    assert said == "Not funded: those who chose it had €3 too little left to pay for it."
