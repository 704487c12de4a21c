"""The columns `votes` and `score` are counted exactly, whatever the numbers are."""

import pytest
from pb_files import cumulative_file, pb_file

from allocation.pabulib import check


def scores_of(votes: tuple[str, ...]) -> list[str]:
    """Count the scores: each is put beside a declared one that is wrong."""
    projects = ("project_id;cost;score", "1;500;7", "2;400;7", "3;700;7")
    text = pb_file(
        projects=projects,
        votes=("voter_id;vote;points", *votes),
        num_votes=str(len(votes)),
        vote_type="scoring",
    )
    messages = [problem.message for problem in check(text) if problem.code == "score"]
    return [message.split()[-1].rstrip(".") for message in messages]


def test_scores_are_sums_of_the_points_of_every_ballot() -> None:
    assert scores_of(("a;1,2;3,0.5", "b;2,1;0.25,-3", "c;3;1", "d;3;1")) == ["0", "0.75", "2"]


@pytest.mark.parametrize("points", [str(2**62), "1" * 90, "0." + "1" * 90])
def test_scores_beyond_machine_numbers_are_exact(points: str) -> None:
    ballots = tuple(f"v{number};1;{points}" for number in range(4))

    first, *others = scores_of(ballots)

    assert first == (str(4 * int(points)) if points.isdecimal() else "0." + "4" * 90)
    assert others == ["0", "0"]


def test_a_declared_score_may_be_written_in_any_way_that_means_the_same() -> None:
    text = cumulative_file().replace("votes;name", "score;name")
    right = text.replace("1;500;3", "1;500;10.50").replace("2;400;2", "2;400;6.0")

    assert [p.message.split()[1] for p in check(text) if p.code == "score"] == ["1", "2"]
    assert check(right) == []


def test_a_ranking_gives_the_first_of_its_projects_the_most() -> None:
    projects = ("project_id;cost;score", "1;500;5", "2;400;3", "3;700;1")
    votes = ("voter_id;vote", "a;1,2,3", "b;1,2", "c;", "d;")

    problems = check(pb_file(projects=projects, votes=votes, vote_type="ordinal"))

    assert [problem.code for problem in problems] == ["empty_ballot", "empty_ballot"]
