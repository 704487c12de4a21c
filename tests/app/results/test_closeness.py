"""How close it was: only what a recount confirmed, and an end for very large elections."""

import itertools
from dataclasses import replace

import pytest
from elections import make_election

from allocation.allocate import allocate
from allocation.instance import Instance
from allocation.rule_sheet import RuleSheet
from app.results import closeness as module
from app.results.closeness import closeness

SHEET = RuleSheet.from_dict({"rule": "equal-shares", "lot_seed": "x"})
ELECTION = make_election(
    {"a": 60, "b": 45, "c": 30}, ["ab"] * 6 + ["b"] * 3 + ["c"] * 3, budget=100
)


@pytest.fixture(autouse=True)
def _use_app() -> None:
    """No database: what is tested here is pure."""


def with_cost(id_: str, cost: int) -> Instance:
    projects = tuple(replace(one, cost=cost) if one.id == id_ else one for one in ELECTION.projects)
    return replace(ELECTION, projects=projects)


def test_what_is_said_holds_in_a_recount() -> None:
    outcome = allocate(ELECTION, SHEET)

    found = closeness(ELECTION, outcome)
    lost = [one.id for one in ELECTION.projects if one.id not in outcome.winners]

    assert lost
    for id_ in lost:
        assert id_ in allocate(with_cost(id_, found[id_]["cost_minor"]), SHEET).winners
    assert set(found) == {"a", "b", "c"}


def test_recounts_end_in_time_and_losers_come_first() -> None:
    outcome = allocate(ELECTION, SHEET)
    seconds = itertools.count(0, module.SECONDS_MAX + 1)

    found = closeness(ELECTION, outcome, now=lambda: float(next(seconds)))

    [only] = found
    assert only not in outcome.winners


def test_other_rules_have_no_shares_to_measure() -> None:
    outcome = allocate(ELECTION, RuleSheet.from_dict({"rule": "greedy", "lot_seed": "x"}))

    assert closeness(ELECTION, outcome) == {}
