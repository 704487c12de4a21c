"""What a lenient reading makes of a fault, and what both modes only warn of."""

from fractions import Fraction

import pytest
from pb_files import POINT_VOTES, PROJECTS, VOTES, cumulative_file, pb_file

from allocation.pabulib import Mode, parse


def test_a_decimal_comma_is_read_as_a_point() -> None:
    instance, [warning] = parse(pb_file(budget="1000,5"), "lenient")

    assert (instance.budget, instance.minor_per_unit) == (100050, 100)
    assert warning.hint == "Read with a decimal point."


def test_ballots_that_say_the_same_after_the_repair_are_kept_as_one() -> None:
    rows = ("voter_id;vote", "a;1,2", "b;1, 2", "c;1,99,2", "d;2,1", "e;1,2,1")

    instance, _ = parse(pb_file(votes=rows), "lenient")

    assert instance.table.contents == ((("1", "2"), ()), (("2", "1"), ()))
    assert [ballot.choices for ballot in instance.ballots] == [
        *(("1", "2"), ("1", "2"), ("1", "2"), ("2", "1"), ("1", "2"))
    ]


@pytest.mark.parametrize("points", ["3.0,2", "3,02", " 3,2"])
def test_points_that_are_written_in_two_ways_are_the_same(points: str) -> None:
    votes = ("voter_id;vote;points", "a;1,2;3,2", f"b;1,2;{points}", *POINT_VOTES[3:])

    instance, _ = parse(cumulative_file(votes), "lenient")

    assert len(instance.table.contents) == 3
    assert instance.ballots[1].points == (Fraction(3), Fraction(2))


def test_an_unknown_project_is_left_out_of_the_ballot() -> None:
    instance, _ = parse(pb_file(votes=("voter_id;vote", "a;99,1,98,2")), "lenient")

    assert instance.ballots[0].choices == ("1", "2")


def test_a_project_named_twice_keeps_its_first_place_and_points() -> None:
    votes = ("voter_id;vote;points", "a;1,2,1;1,2,3", *POINT_VOTES[2:])

    instance, _ = parse(cumulative_file(votes), "lenient")

    assert instance.ballots[0].choices == ("1", "2")
    assert instance.ballots[0].points == (Fraction(1), Fraction(2))


def test_an_entry_left_out_takes_its_points_along() -> None:
    votes = ("voter_id;vote;points", "a;99,2;1,3", *POINT_VOTES[2:])

    instance, _ = parse(cumulative_file(votes), "lenient")

    assert instance.ballots[0].choices == ("2",)
    assert instance.ballots[0].points == (Fraction(3),)


def test_no_ballot_of_a_voter_who_is_there_twice_is_lost() -> None:
    rows = ("voter_id;vote", "a;1", "a;1", "a#3;2", "a;1")

    instance, _ = parse(pb_file(votes=rows), "lenient")

    assert [ballot.voter_id for ballot in instance.ballots] == ["a", "a#2", "a#3", "a#4"]


def test_a_ballot_over_its_limits_counts_as_it_is() -> None:
    instance, [warning, _] = parse(pb_file(max_length="1"), "lenient")

    assert instance.ballots[0].choices == ("1", "2")
    assert warning.hint == "Read all the same."


def test_counted_numbers_win_over_declared_ones() -> None:
    instance, warnings = parse(pb_file(num_votes="400", num_projects="30"), "lenient")

    assert (len(instance.ballots), len(instance.projects)) == (4, 3)
    assert [warning.hint for warning in warnings] == ["The counted number was used."] * 2


def test_short_rows_are_filled_and_long_ones_cut() -> None:
    projects = ("project_id;cost;name;category", "1;500", "2;400;Benches;green;x", "3;700;Roof;")

    instance, _ = parse(pb_file(projects=projects), "lenient")

    assert instance.projects[0].name == ""
    assert instance.projects[1].category == "green"


def test_blanks_around_cells_and_entries_are_taken_away() -> None:
    text = pb_file(votes=(" voter_id ; vote", " a ; 1 , 2 ", *VOTES[2:])).replace(
        "Trees", " Trees "
    )

    instance, _ = parse(text, "lenient")

    assert instance == parse(pb_file())[0]


def test_the_old_column_target_holds_the_beneficiaries() -> None:
    projects = ("project_id;cost;target", "1;500;youth", "2;400;all", "3;700;")

    instance, _ = parse(pb_file(projects=projects), "lenient")

    assert instance.projects[0].fields == {"beneficiaries": "youth"}


def test_unknown_columns_and_keys_are_not_kept() -> None:
    projects = ("project_id;cost;height", "1;500;5", "2;400;6", "3;700;7")

    instance, _ = parse(pb_file(projects=projects, weather="fine"), "lenient")

    assert instance.projects[0].fields == {}
    assert "weather" not in instance.meta


def test_a_malformed_limit_limits_nothing() -> None:
    instance, warnings = parse(pb_file(max_length="one"), "lenient")

    assert [warning.code for warning in warnings] == ["meta_value"]
    assert len(instance.ballots) == 4


ODDITIES = [
    (pb_file(budget="600"), 18, "cost_above_budget"),
    (pb_file(projects=(*PROJECTS[:3], "3;999999999;1;Roof")), 18, "withdrawn"),
    (pb_file(votes=(*VOTES, "e;"), num_votes="5"), 25, "empty_ballot"),
    (pb_file(projects=(*PROJECTS, "4;10;0;Swing"), num_projects="4"), 19, "no_votes"),
    (
        pb_file(
            projects=("project_id;cost", "1;5"), num_projects="1", votes=VOTES[:1], num_votes="0"
        ),
        17,
        "no_ballots",
    ),
]


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize(("text", "line", "code"), ODDITIES, ids=[case[2] for case in ODDITIES])
def test_what_the_format_allows_is_only_warned_of(
    text: str, line: int, code: str, mode: Mode
) -> None:
    _, warnings = parse(text, mode)

    assert (line, code) in [(warning.line, warning.code) for warning in warnings]


def test_empty_ballots_count() -> None:
    instance, _ = parse(pb_file(votes=(*VOTES, "e;"), num_votes="5"))

    assert len(instance.ballots) == 5
    assert instance.ballots[4].choices == ()
