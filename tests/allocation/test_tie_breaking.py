"""The tie list: one criterion after the other, an open lot, and an order that can be published."""

import hashlib
from fractions import Fraction

import pytest
from elections import make_election

from allocation.errors import TieUnresolvedError
from allocation.options import TieCriterion
from allocation.tie_breaking import TieBreaker, id_key, lot_key

T = TieCriterion
COSTS = {"P10": 5, "P9": 5, "A": 7, "B": 4}
VOTES = {"P10": Fraction(3), "P9": Fraction(3), "A": Fraction(3), "B": Fraction(1)}


def break_tie(tied, *criteria, lot_seed=None):
    instance = make_election(COSTS, [])
    breaker = TieBreaker(instance, VOTES, criteria, lot_seed)
    return breaker.break_tie(tied, stage="run", round_number=3)


@pytest.mark.parametrize(
    ("criterion", "winner"),
    [(T.MIN_COST, "B"), (T.MAX_COST, "A"), (T.LISTED, "P10"), (T.MIN_ID, "A")],
)
def test_one_criterion_decides_where_it_can(criterion, winner) -> None:
    assert break_tie(COSTS, criterion).chosen == winner


def test_what_the_first_criterion_leaves_tied_goes_to_the_next_one() -> None:
    tie = break_tie(["A", "P9", "P10"], T.MIN_COST, T.MAX_VOTES, T.MIN_ID)

    assert (tie.chosen, tie.decided_by) == ("P9", T.MIN_ID)
    assert tie.between == ("A", "P9", "P10")


def test_the_lot_is_the_smallest_digest_of_seed_and_id() -> None:
    digests = {id_: hashlib.sha256(f"seed\n{id_}".encode()).digest() for id_ in COSTS}

    tie = break_tie(COSTS, T.LOT, lot_seed="seed")

    assert tie.chosen == min(digests, key=digests.__getitem__)
    assert lot_key("seed", "A") == digests["A"]


def test_a_list_at_its_end_is_an_error_that_names_who_is_still_tied() -> None:
    with pytest.raises(TieUnresolvedError, match="in round 3") as refusal:
        break_tie(COSTS, T.MAX_VOTES)

    assert refusal.value.projects == ("A", "P9", "P10")


def test_a_lot_without_a_seed_is_an_error_even_if_something_comes_after_it() -> None:
    with pytest.raises(TieUnresolvedError):
        break_tie(COSTS, T.LOT, T.MIN_ID)


@pytest.mark.parametrize(("smaller", "greater"), [("9", "10"), ("a2b10", "a10b2"), ("1", "a")])
def test_runs_of_digits_in_ids_count_as_numbers(smaller, greater) -> None:
    assert id_key(smaller) < id_key(greater)


def test_ids_that_differ_only_in_leading_zeros_stay_tied_by_id() -> None:
    assert id_key("07") == id_key("7")
