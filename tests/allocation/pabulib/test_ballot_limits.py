"""The limits of META on every single ballot; an empty ballot breaks none."""

import re

import pytest
from pb_files import VOTES, cumulative_file, pb_file

from allocation.pabulib import check

PROJECTS = ("project_id;cost;category", "1;500;green", "2;400;green,culture", "3;700;culture")


def voters_outside(text: str) -> str:
    """Name the voters whose ballots are outside a limit: a has 1 and 2, b 1, c 2 and 3, d 1."""
    messages = [problem.message for problem in check(text) if problem.code == "ballot_limit"]
    return "".join(sorted({re.findall(r"voter (\w)", message)[0] for message in messages}))


@pytest.mark.parametrize(
    ("limits", "voters"),
    [
        ({"min_length": "2"}, "bd"),
        ({"max_length": "1"}, "ac"),
        ({"max_length": "2"}, ""),
        ({"min_sum_cost": "500.01"}, "bd"),
        ({"max_sum_cost": "899.99"}, "ac"),
        ({"max_sum_cost": "900"}, "c"),
        ({"max_points": "1"}, ""),
        ({"min_sum_points": "1"}, ""),
    ],
    ids=str,
)
def test_a_ballot_outside_a_limit_is_named(limits: dict[str, str], voters: str) -> None:
    text = pb_file(votes=(*VOTES, "e;"), num_votes="5", **limits)

    assert voters_outside(text) == voters


@pytest.mark.parametrize(
    ("limits", "voters"),
    [
        ({"max_length_per_category": "1"}, "ac"),
        ({"max_length_per_category": "2,1"}, "c"),
        ({"min_length_per_category": "1,0"}, ""),
        ({"min_length_per_category": "0,1"}, "bd"),
        ({"max_sum_cost_per_category": "899,1000"}, "ac"),
        ({"min_sum_cost_per_category": "500,0"}, "c"),
        ({"budget_per_category": "1,1"}, ""),
    ],
    ids=str,
)
def test_limits_per_category_count_the_projects_of_that_category(
    limits: dict[str, str], voters: str
) -> None:
    text = pb_file(projects=PROJECTS, categories="green,culture", **limits)

    assert voters_outside(text) == voters


@pytest.mark.parametrize(
    ("limit", "voters"),
    [
        ("min_points;2", "c"),
        ("max_points;4.5", "b"),
        ("min_sum_points;3", "d"),
        ("max_sum_points;5", ""),
        ("max_sum_points;4.5", "abc"),
    ],
)
def test_limits_on_points_hold_for_each_and_for_their_sum(limit: str, voters: str) -> None:
    text = cumulative_file().replace("max_sum_points;5", f"max_sum_points;9\n{limit}")
    if limit.startswith("max_sum"):
        text = text.replace("max_sum_points;9\n", "")

    assert voters_outside(text) == voters


@pytest.mark.parametrize("limit", [f"max_sum_points;{10**24 - 1}", "max_points;99.99"])
def test_limits_hold_beyond_what_a_machine_can_count(limit: str) -> None:
    votes = ("voter_id;vote;points", f"a;1,2;{10**24 - 2},1.5", "b;1;100", "c;2,3;4,1", "d;1;2.5")

    text = cumulative_file(votes).replace("max_sum_points;5", limit)

    assert voters_outside(text) == ("a" if limit.startswith("max_sum") else "ab")


def test_costs_of_many_projects_are_added_up_exactly() -> None:
    """The sum in cents is more than a machine number holds: cut off, it would be small."""
    projects = ("project_id;cost", *(f"p{number};{'9' * 15}" for number in range(185)))
    votes = ("voter_id;vote", "a;" + ",".join(f"p{number}" for number in range(185)), "b;p1")

    text = pb_file(projects=projects, votes=votes, max_sum_cost="9" * 15)

    assert voters_outside(text) == "a"


def test_a_choose_one_ballot_names_exactly_one_project_whatever_meta_says() -> None:
    text = pb_file(vote_type="choose-1", max_length="3")

    assert voters_outside(text) == "ac"


def test_a_long_category_is_cut_short_in_a_sentence() -> None:
    projects = ("project_id;cost;category", "1;500;" + "c" * 5000, "2;400;", "3;700;")
    text = pb_file(projects=projects, categories="c" * 5000, max_length_per_category="0")

    problems = [problem for problem in check(text) if problem.code == "ballot_limit"]

    assert [problem.line for problem in problems] == [23, 24, 26]
    assert all(len(problem.message) < 200 for problem in problems)


def test_a_ballot_may_break_several_limits_and_each_is_named() -> None:
    problems = check(pb_file(max_length="1", max_sum_cost="1000"))

    assert [problem.message for problem in problems if problem.line == 25] == [
        "the ballot of voter c breaks the limit max_length 1.",
        "the ballot of voter c breaks the limit max_sum_cost 1000.",
    ]
