"""Money that stays although projects lost has its reason in one sentence."""

import pytest
from flask import Flask

from allocation.options import Rule, Utility
from allocation.rule_sheet import RuleSheet
from app.results.left_over import why_unspent
from app.results.winning import Reader

EQUAL = {"rule": "equal-shares"}


@pytest.mark.parametrize(
    ("rule", "left", "lost", "said"),
    [
        (EQUAL, 0, [500], ""),
        (EQUAL, 900, [], ""),
        (EQUAL, 900, [1_000], "€9 of the budget is not spent: the project that was not funded"),
        (EQUAL, 900, [2_000, 1_000], "every project that was not funded costs more, the cheapest"),
        (EQUAL | {"completion": "none"}, 900, [2_000, 900], "only the shares of voters pay"),
        (EQUAL | {"completion": "add1"}, 900, [2_000, 100], "only the shares of voters pay"),
        (EQUAL, 900, [2_000, 100], "could not be funded by the rule sheet"),
        ({"rule": "greedy"}, 900, [100], "could not be funded by the rule sheet"),
    ],
)
def test_the_page_says_why_money_is_left(app: Flask, rule, left: int, lost, said: str) -> None:
    reader = Reader({}, "EUR", 100, Rule.EQUAL_SHARES, Utility.COST)

    with app.test_request_context():
        sentence = why_unspent(left, lost, RuleSheet.from_dict(rule), reader)

    assert said in sentence.replace("\xa0", " ")
    assert bool(sentence) is bool(said)


def test_a_long_title_is_cut_between_words_within_a_sentence() -> None:
    titles = {"a": "Bench", "b": "Trees " * 30, "c": "x" * 100}
    reader = Reader(titles, "EUR", 100, Rule.EQUAL_SHARES, Utility.COST)

    assert reader.title("a") == "Bench"
    assert reader.title("b") == f"{'Trees ' * 9}Trees…"
    assert reader.title("c") == f"{'x' * 59}…"
