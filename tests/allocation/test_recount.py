"""The same election with one project changed: what the ballots say afterwards."""

from collections import Counter
from fractions import Fraction

from elections import make_election

from allocation.instance import VoteType
from allocation.recount import (
    votes_by_crosses,
    with_added,
    with_cost,
    with_new_ballots,
    with_nothing_else,
    without_support,
)

BALLOTS = ["ab", "ab", "b", "c", ""]
INSTANCE = make_election({"a": 10, "b": 20, "c": 30}, BALLOTS)


def said(instance) -> Counter:
    return Counter("".join(ballot.choices) for ballot in instance.ballots)


def content(choices: str) -> int:
    return [named for named, _ in INSTANCE.table.contents].index(tuple(choices))


def test_a_cost_changes_and_nothing_else() -> None:
    changed = with_cost(INSTANCE, "b", 7)

    assert [project.cost for project in changed.projects] == [10, 7, 30]
    assert said(changed) == said(INSTANCE)


def test_some_of_the_ballots_that_say_the_same_name_a_project_too() -> None:
    changed = with_added(INSTANCE, "c", {content("ab"): 1, content(""): 1})

    assert said(changed) == Counter(["abc", "ab", "b", "c", "c"])


def test_a_project_is_taken_off_with_its_points() -> None:
    instance = make_election(
        {"a": 10, "b": 20}, ["ab", "b"], vote_type=VoteType.CUMULATIVE, points=[(3, 4), (5,)]
    )

    changed = without_support(instance, "a", {0: 1})

    assert [(ballot.choices, ballot.points) for ballot in changed.ballots] == [
        (("b",), (Fraction(4),)),
        (("b",), (Fraction(5),)),
    ]


def test_what_no_ballot_says_any_more_is_gone_from_the_table() -> None:
    changed = with_nothing_else(INSTANCE, "b", {content("c"): 1, content("ab"): 2})

    assert said(changed) == Counter(["b", "b", "b", "b", ""])
    assert all(changed.table.ballots_of_content)
    assert votes_by_crosses(changed) == {"a": 0, "b": 4, "c": 0}


def test_new_ballots_name_one_project() -> None:
    changed = with_new_ballots(INSTANCE, "c", 2)

    assert said(changed) == said(INSTANCE) + Counter(["c", "c"])
    assert len(changed.ballots) == 7
