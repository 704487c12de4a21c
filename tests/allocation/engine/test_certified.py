"""The compiled code says the same whatever room it has, and leaves to others what it cannot."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from elections import make_election
from oracle_cases import case, leap_case
from oracle_comparing import report_difference

from allocation.allocate import allocate
from allocation.constraints import Constraints, Exclusive
from allocation.contest import prepare
from allocation.engine import certified, compiling
from allocation.engine.certified import certified_runs
from allocation.equal_shares import equal_shares
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


def city_of(groups: dict[str, int]) -> list[str]:
    return [choices for choices, ballots in groups.items() for _ in range(ballots)]


@pytest.mark.parametrize("increment", [225, 233])
def test_a_stretch_on_which_somebody_runs_out_of_money_is_not_certified_too_far(
    increment: int,
) -> None:
    """A line of payments that is cut off at 0 would lie above the true payment in between."""
    costs = {"X": 2_079_000, "Y": 180_000, "Z": 76_500, "W": 168_300, "V": 69_500}
    groups = {"XY": 1800, "X": 300, "YZ": 10, "Y": 190, "Z": 75, "WV": 20, "V": 77, "W": 150}
    instance = make_election(
        costs | {"U": 10**7, "R": 2000},
        city_of(groups | {"U": 636, "R": 1}),
        budget=2_500_000,
    )
    sheet = RuleSheet(
        completion=Completion.ADD1,
        increment=Fraction(increment),
        exhaustive_stop=False,
        constraints=Constraints(exclusive=(Exclusive(("V", "Z")),)),
        lot_seed="x",
    )

    counted = allocate(instance, sheet)
    exact = allocate(instance, replace(sheet, exact_only=True))

    assert (counted.winners, counted.endowment) == (exact.winners, exact.endowment)


@pytest.mark.parametrize("endowments", [(14, 10), (9, 10), (10, 14, 10)])
@pytest.mark.parametrize("classes", [2, 7, 11, 4096])
def test_a_run_is_the_same_whatever_was_run_before_it(
    endowments: tuple[int, ...], classes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = {"XYP": 1, "X": 4, "XT": 1, "Y": 2, "YT": 1, "P": 8, "PT": 1, "Q": 8, "QT": 1}
    costs = {"X": 30, "Y": 29, "P": 81, "Q": 81, "O": 1, "S": 19, "T": 999}
    instance = make_election(costs, city_of(groups | {"OS": 2, "T": 100}), budget=270)
    contest = prepare(instance, RuleSheet(utility=Utility.CARDINALITY, lot_seed="x"))
    monkeypatch.setattr(certified, "CLASSES_FIRST", classes)
    runs = certified_runs(contest)

    made = [runs.at(Fraction(endowment)) for endowment in endowments]

    for run in made:
        exact = equal_shares(contest.electorate, run.endowment, contest.tie_breaker)
        assert run.winners == exact.winners
        assert run.purchases == exact.purchases


@pytest.mark.parametrize("points", [2**31, 2**61, 10**30])
def test_points_beyond_machine_numbers_are_counted_by_the_plain_code(points: int) -> None:
    instance = make_election(
        {"a": 60, "b": 50},
        ["ab", "b"],
        budget=100,
        vote_type=VoteType.SCORING,
        points=[(points, 1), (2,)],
    )
    sheet = RuleSheet(lot_seed="x")

    assert certified_runs(prepare(instance, sheet.resolved(VoteType.SCORING))) is None
    exact = allocate(instance, replace(sheet, exact_only=True))
    assert allocate(instance, sheet).winners == exact.winners
