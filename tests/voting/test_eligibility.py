import pytest

from voting.eligibility import eligible_pots, enclosing_areas
from voting.errors import UnknownAreaError

PARENTS = {"Town": None, "North": "Town", "South": "Town", "Harbour": "North", "Mill": "North"}
POTS = [("all", "Town"), ("north", "North"), ("south", "South"), ("harbour", "Harbour")]


@pytest.mark.parametrize(
    ("district", "pots"),
    [
        ("Harbour", ["harbour", "north", "all"]),
        ("Mill", ["north", "all"]),
        ("North", ["north", "all"]),
        ("South", ["south", "all"]),
        ("Town", ["all"]),
    ],
)
def test_people_vote_on_the_pots_of_their_district_and_of_all_around_it(
    district: str, pots: list[str]
) -> None:
    assert eligible_pots(district, PARENTS, POTS) == pots


def test_two_pots_of_one_area_keep_their_order() -> None:
    pots = [("youth", "Town"), ("green", "Town"), ("north", "North")]

    assert eligible_pots("North", PARENTS, pots) == ["north", "youth", "green"]


def test_a_round_without_pots_for_a_district_gives_its_people_none() -> None:
    assert eligible_pots("Mill", PARENTS, [("south", "South")]) == []


def test_a_district_that_is_not_in_the_tree_is_named() -> None:
    with pytest.raises(UnknownAreaError, match="West") as refused:
        enclosing_areas("West", PARENTS)

    assert refused.value.area == "West"


def test_an_area_whose_encloser_is_missing_is_noticed() -> None:
    with pytest.raises(UnknownAreaError, match="Gone"):
        enclosing_areas("North", {"North": "Gone"})


def test_areas_that_enclose_each_other_end_in_an_error_not_in_a_loop() -> None:
    with pytest.raises(ValueError, match="encloses itself"):
        enclosing_areas("A", {"A": "B", "B": "A"})
