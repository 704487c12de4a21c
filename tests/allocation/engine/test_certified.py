"""The compiled code says the same whatever room it has, and leaves to others what it cannot."""

from dataclasses import replace
from random import Random

import pytest
from elections import make_election
from oracle_cases import case, leap_case
from oracle_comparing import report_difference

from allocation.allocate import allocate
from allocation.contest import prepare
from allocation.engine import certified, compiling
from allocation.engine.certified import certified_runs
from allocation.instance import VoteType
from allocation.options import Completion, Utility
from allocation.outcome import SearchEnd
from allocation.rule_sheet import RuleSheet


def many_ballots(seed: int) -> object:
    random = Random(seed)
    costs = {name: random.randint(20, 60) for name in "abcdefgh"}
    ballots = ["".join(random.sample("abcdefgh", random.randint(1, 5))) for _ in range(60)]
    return make_election(costs, ballots, budget=200)


@pytest.mark.parametrize("seed", range(12))
def test_little_room_for_classes_and_lists_changes_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = RuleSheet(completion=Completion.ADD1, lot_seed="x")
    with_room = allocate(many_ballots(seed), sheet)

    monkeypatch.setattr(certified, "CLASSES_FIRST", 2)
    monkeypatch.setattr(certified, "POOL_MAX", seed)
    cramped = allocate(many_ballots(seed), sheet)

    assert cramped.winners == with_room.winners
    assert cramped.endowment == with_room.endowment
    assert cramped.search.kept.purchases == with_room.search.kept.purchases


def test_numbers_that_doubles_cannot_hold_are_counted_by_the_plain_code() -> None:
    instance = make_election({"a": 2**53 + 1, "b": 5}, ["a", "ab"], budget=2**54)
    sheet = RuleSheet(lot_seed="x")

    assert certified_runs(prepare(instance, sheet)) is None
    assert (
        allocate(instance, sheet).winners
        == allocate(instance, replace(sheet, exact_only=True)).winners
    )


def test_a_large_share_is_leapt_over_and_not_walked() -> None:
    instance = make_election({"a": 90_000, "b": 60_000}, ["a", "a", "b"], budget=100_000)
    sheet = RuleSheet(completion=Completion.ADD1, lot_seed="x")

    walked = allocate(instance, replace(sheet, exact_only=True))
    leapt = allocate(instance, sheet)

    assert walked.runs > 10_000
    assert leapt.runs < 100
    assert leapt.endowment == walked.endowment


def test_what_no_ballot_says_supports_nothing() -> None:
    instance = make_election({"a": 10, "b": 30}, ["a", "b"], budget=30)
    table = instance.table
    nobody_for_b = replace(table, content_of=table.content_of[:1])

    sheet = RuleSheet(completion=Completion.ADD1, exhaustive_stop=False, lot_seed="x")

    outcome = allocate(replace(instance, ballots=nobody_for_b), sheet)

    # Otherwise the share would be raised for ever, waiting for money from supporters of b.
    assert outcome.winners == ("a",)
    assert outcome.search.end is SearchEnd.ALL_SUPPORTED_FUNDED


def test_each_decision_in_fractions_is_told() -> None:
    """Two supporters with 5 each and a cost of 10: bounds cannot show that 10 suffices."""
    even = make_election({"a": 10}, ["a", "a"], budget=10)
    plain = make_election({"a": 9}, ["a", "a"], budget=10)
    sheet = RuleSheet(completion=Completion.NONE, lot_seed="x")

    assert allocate(even, sheet).winners == ("a",)
    assert allocate(even, sheet).decided_exactly == 1
    assert allocate(plain, sheet).decided_exactly == 0


@pytest.mark.parametrize("make", [case, leap_case])
def test_few_seeds_under_every_room(make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certified, "CLASSES_FIRST", 3)
    monkeypatch.setattr(certified, "POOL_MAX", 2)
    for seed in range(5_000, 5_010):
        found = report_difference(*make(seed, VoteType.CUMULATIVE, Utility.POINTS), seed)
        assert not found, found


def test_what_was_compiled_from_other_sources_is_thrown_away(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "KEPT", tmp_path)
    monkeypatch.setattr(compiling, "STAMP", tmp_path / "compiled-from")
    old = tmp_path / "kernel.run-1.py311.nbi"
    old.write_bytes(b"")

    compiling.forget_outdated()
    assert not old.exists()

    kept = tmp_path / "kernel.run-1.py311.nbi"
    kept.write_bytes(b"")
    compiling.forget_outdated()
    assert kept.exists()
