"""What a file without faults is read as."""

from fractions import Fraction
from pathlib import Path

import pytest
from pb_files import (
    DATA,
    FIRST_VOTE_LINE,
    POINT_VOTES,
    VOTES,
    cumulative_file,
    data_files,
    pb_file,
)

from allocation.errors import PbError
from allocation.instance import VoteType
from allocation.pabulib import check, parse


@pytest.mark.parametrize("path", data_files(), ids=lambda path: path.stem)
def test_our_own_elections_are_read_without_a_problem(path: Path) -> None:
    assert check(path.read_bytes()) == []


def test_projects_keep_their_order_and_columns() -> None:
    instance, _ = parse((DATA / "approval.pb").read_bytes())

    mill = instance.projects[2]
    assert [project.id for project in instance.projects] == list("12345678")
    assert (mill.name, mill.category) == ('Roof for the "Old Mill"; first part', "culture")
    assert mill.area == "Centre"
    assert mill.fields == {"district": "Centre"}


def test_the_smallest_area_given_is_the_projects_area() -> None:
    header = "project_id;cost;neighborhood;subunit;district"
    projects = (header, "1;500;Mill;Old town;Centre", "2;400;;Old town;Centre", "3;700;;;Centre")

    instance, _ = parse(pb_file(projects=projects))

    assert [project.area for project in instance.projects] == ["Mill", "Old town", "Centre"]


def test_ballots_keep_their_voter_and_other_columns() -> None:
    instance, _ = parse((DATA / "approval.pb").read_bytes())

    first = instance.ballots[0]
    assert first.choices == ("1", "2", "6")
    assert first.voter_id == "101"
    assert first.fields == {"age": "21", "voting_method": "internet"}


def test_whole_amounts_are_counted_in_whole_currency_units() -> None:
    instance, _ = parse(pb_file(budget="1000.00"))

    assert (instance.budget, instance.minor_per_unit) == (1000, 1)
    assert instance.projects[0].cost == 500


def test_one_broken_amount_puts_all_amounts_into_cents() -> None:
    instance, _ = parse((DATA / "cumulative.pb").read_bytes())

    assert (instance.budget, instance.minor_per_unit) == (100050, 100)
    assert [project.cost for project in instance.projects] == [40025, 30000, 60000, 25050]


def test_points_are_exact_and_stand_beside_their_projects() -> None:
    instance, _ = parse(cumulative_file())

    assert instance.vote_type is VoteType.CUMULATIVE
    assert instance.ballots[0].points == (Fraction(3), Fraction(2))
    assert instance.ballots[3].points == (Fraction(5, 2),)


def test_scores_may_be_negative_and_have_a_default() -> None:
    votes = ("voter_id;vote;points", "a;1,2;-3,2", "b;1;0.5", "c;2,3;4,1", "d;1;2")

    instance, _ = parse(pb_file(vote_type="scoring", default_score="-1.5", votes=votes))

    assert instance.default_score == Fraction(-3, 2)
    assert instance.ballots[0].points[0] == -3


def test_what_many_ballots_say_is_kept_once() -> None:
    rows = tuple(f"{number};{'1,2' if number % 2 else '3'}" for number in range(10))

    instance, _ = parse(pb_file(votes=("voter_id;vote", *rows)), "lenient")

    assert instance.table is instance.ballots
    assert instance.table.contents == ((("3",), ()), (("1", "2"), ()))
    assert instance.table.ballots_of_content.tolist() == [5, 5]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("voter_id;vote;age;sex", "a;1,2;30;F"),
        ("age;voter_id;vote;sex", "30;a;1,2;F"),
        ("age;sex;vote;voter_id", "30;F;1,2;a"),
        ("voter_id;age;vote;sex", "a;30;1,2;F"),
        ("voter_id;height;age;height;vote;sex", "a;x;30;y;1,2;F"),
    ],
)
def test_the_columns_of_a_ballot_come_in_any_order(header: str, row: str) -> None:
    ballots = parse(pb_file(votes=(header, row)), "lenient")[0].ballots

    assert ballots[0].choices == ("1", "2")
    assert (ballots[0].voter_id, ballots[0].fields) == ("a", {"age": "30", "sex": "F"})


@pytest.mark.parametrize("header", ["voter_id;vote;points", "points;voter_id;vote"])
def test_points_stand_before_or_behind_the_projects(header: str) -> None:
    names = ("voter_id", "vote", "points")
    rows = [dict(zip(names, row.split(";"), strict=True)) for row in POINT_VOTES[1:]]
    votes = [";".join(row[name] for name in header.split(";")) for row in rows]

    instance, _ = parse(cumulative_file((header, *votes)))

    assert instance.ballots == parse(cumulative_file())[0].ballots


def test_points_in_a_ranking_are_an_ordinary_column() -> None:
    votes = ("voter_id;vote;points", "a;1,2;9,8", "b;1;", "c;2,3;1", "d;1;")

    instance, _ = parse(pb_file(vote_type="ordinal", votes=votes))

    assert instance.ballots[0].points == ()
    assert instance.ballots[0].fields == {"points": "9,8"}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(line_end: str, mark: str) -> None:
    text = pb_file()

    instance, problems = parse((mark + text.replace("\n", line_end)).encode())

    assert instance == parse(text)[0]
    assert problems == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_physical_ones_also_after_a_cell_with_line_breaks(line_end: str) -> None:
    projects = ("project_id;cost;name", '1;500;"Trees\nand\nbenches"', "2;-400;x", "3;700;y")

    [problem] = check(pb_file(projects=projects).replace("\n", line_end))

    assert (problem.line, problem.code) == (18 + 1, "cost")


def test_a_row_of_several_lines_is_named_by_its_first() -> None:
    projects = ("project_id;cost;name", "1;500;Trees", '2;-400;"long\nname"', "3;700;Roof")

    [problem] = check(pb_file(projects=projects))

    assert problem.line == 17


def test_text_and_bytes_read_alike() -> None:
    assert parse(pb_file()) == parse(pb_file().encode())


def test_all_problems_are_listed_and_the_first_by_line_is_raised() -> None:
    votes = (*VOTES[:3], "b;9", "c;2,2")
    text = pb_file(num_votes="9", votes=votes)

    problems = check(text)

    codes = [(problem.line, problem.code) for problem in problems]
    assert codes == [
        (8, "num_votes"),
        (16, "votes"),
        (18, "votes"),
        (18, "no_votes"),
        (FIRST_VOTE_LINE + 2, "unknown_project"),
        (FIRST_VOTE_LINE + 2, "duplicate_voter"),
        (FIRST_VOTE_LINE + 2, "empty_ballot"),
        (FIRST_VOTE_LINE + 3, "repeated_project"),
    ]
    with pytest.raises(PbError) as raised:
        parse(text)
    assert (raised.value.line, raised.value.code) == codes[0]


def test_an_amount_with_too_many_figures_is_not_called_less_than_nothing() -> None:
    projects = ("project_id;cost;name", "1;500;Trees", f"17;{'9' * 30};Benches", "3;700;Roof")

    with pytest.raises(PbError, match="at most 15 figures"):
        parse(pb_file(projects=projects))


def test_a_refusal_says_where_what_and_what_to_do() -> None:
    projects = ("project_id;cost;name", "1;500;Trees", "17;-500;Benches", "3;700;Roof")

    with pytest.raises(PbError) as raised:
        parse(pb_file(projects=projects))

    assert str(raised.value) == (
        "line 17: project 17 has cost -500. Enter a positive amount such as 500 or 500.50."
    )
