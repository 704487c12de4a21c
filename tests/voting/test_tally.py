import pytest
from ballot_factories import approve, make_rules, points, rank, scores

from voting.limits import BallotType
from voting.tally import Tally, tally


def test_without_ballots_every_project_has_nothing() -> None:
    nothing = {"arch": 0, "bench": 0, "pool": 0, "tree": 0}

    assert tally(make_rules(), []) == Tally(0, 0, nothing, nothing)


def test_blank_ballots_count_as_ballots() -> None:
    totals = tally(make_rules(), [approve(), approve("arch"), approve()])

    assert (totals.ballots, totals.blank) == (3, 2)


def test_approvals_are_counted_per_project() -> None:
    totals = tally(make_rules(), [approve("arch", "pool"), approve("pool")])

    assert totals.votes == {"arch": 1, "bench": 0, "pool": 2, "tree": 0}
    assert totals.scores == totals.votes


def test_points_are_added_up() -> None:
    totals = tally(make_rules(BallotType.POINTS), [points(arch=3, pool=2), points(pool=5)])

    assert totals.votes == {"arch": 1, "bench": 0, "pool": 2, "tree": 0}
    assert totals.scores == {"arch": 3, "bench": 0, "pool": 7, "tree": 0}


def test_a_ranking_gives_its_last_project_one_and_each_better_one_more() -> None:
    totals = tally(make_rules(BallotType.RANKING), [rank("pool", "arch", "tree"), rank("arch")])

    assert totals.scores == {"arch": 3, "bench": 0, "pool": 3, "tree": 1}


def test_a_project_without_a_score_counts_the_default_on_blank_ballots_too() -> None:
    rules = make_rules(BallotType.SCORES, score_default=2)

    totals = tally(rules, [scores(arch=5, bench=0), scores()])

    assert totals.votes == {"arch": 1, "bench": 1, "pool": 0, "tree": 0}
    assert totals.scores == {"arch": 7, "bench": 2, "pool": 4, "tree": 4}


def test_a_ballot_for_a_project_that_is_not_there_cannot_be_counted() -> None:
    with pytest.raises(KeyError, match="ghost"):
        tally(make_rules(), [approve("ghost")])
