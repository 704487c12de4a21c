from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from ballot_factories import (
    approve,
    make_limits,
    make_rules,
    points,
    rank,
    rules_and_choices,
    scores,
)
from hypothesis import given

from voting import canonical
from voting.choices import Choices
from voting.limits import BallotType
from voting.rules import BallotRules


def test_approved_projects_are_kept_in_the_order_of_their_ids() -> None:
    assert approve("pool", "arch").ids == ("arch", "pool")


def test_a_ranking_keeps_the_order_of_the_voter() -> None:
    assert rank("pool", "arch").ids == ("pool", "arch")


@pytest.mark.parametrize("thing", [approve("arch"), make_limits(), make_rules()])
def test_choices_and_the_rules_for_them_cannot_be_changed(thing: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        thing.ballot_type = BallotType.POINTS


def test_giving_no_points_is_not_naming_the_project() -> None:
    assert points(pool=3, arch=0) == points(pool=3)


def test_a_score_of_nothing_is_a_score() -> None:
    assert scores(pool=3, arch=0).numbers == {"arch": 0, "pool": 3}


@pytest.mark.parametrize("ballot_type", BallotType)
def test_nothing_chosen_is_a_blank_ballot(ballot_type: BallotType) -> None:
    assert Choices(ballot_type).is_blank
    assert Choices(ballot_type).numbers == {}
    assert not approve("arch").is_blank


@pytest.mark.parametrize("ballot_type", [BallotType.POINTS, BallotType.SCORES])
def test_a_ballot_of_numbers_cannot_be_made_without_them(ballot_type: BallotType) -> None:
    with pytest.raises(ValueError, match="needs numbers"):
        Choices.of_projects(ballot_type, ["arch"])


def test_an_approval_cannot_be_made_with_numbers() -> None:
    with pytest.raises(ValueError, match="has no numbers"):
        Choices.of_numbers(BallotType.APPROVAL, {"arch": 1})


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (approve("pool", "arch"), ["arch", "pool"]),
        (points(pool=3, arch=2), [["arch", 2], ["pool", 3]]),
        (scores(pool=-1, arch=0), [["arch", 0], ["pool", -1]]),
        (rank("pool", "arch"), ["pool", "arch"]),
        (points(), []),
    ],
)
def test_the_record_holds_choices_in_this_shape(choices: Choices, expected: list[Any]) -> None:
    assert choices.to_canonical() == expected


@given(rules_and_choices())
def test_choices_come_back_from_the_record_as_they_went(
    case: tuple[BallotRules, Choices],
) -> None:
    _, choices = case
    written = canonical.encode(choices.to_canonical())

    assert Choices.from_canonical(choices.ballot_type, canonical.decode(written)) == choices


@pytest.mark.parametrize(
    ("ballot_type", "data"),
    [
        (BallotType.APPROVAL, ["pool", "arch"]),
        (BallotType.APPROVAL, ["arch", 5]),
        (BallotType.APPROVAL, [["arch", 5]]),
        (BallotType.APPROVAL, [None]),
        (BallotType.POINTS, ["arch"]),
        (BallotType.POINTS, ["ab"]),
        (BallotType.POINTS, [["pool", 1], ["arch", 1]]),
        (BallotType.POINTS, [["arch", 0]]),
        (BallotType.POINTS, [["arch", "5"]]),
        (BallotType.POINTS, [["arch", 1], ["pool", "5"]]),
        (BallotType.POINTS, [["arch", 1], ["arch", 1]]),
        (BallotType.SCORES, [["arch", 1, 1]]),
        (BallotType.SCORES, [["arch", None]]),
        (BallotType.SCORES, [["arch", 1], ["pool", True]]),
        (BallotType.SCORES, [["arch", 1], None]),
        (BallotType.RANKING, ["arch", None]),
    ],
)
def test_data_of_another_shape_or_order_is_refused(
    ballot_type: BallotType, data: list[Any]
) -> None:
    with pytest.raises(ValueError, match="not the choices"):
        Choices.from_canonical(ballot_type, data)
