"""The same ballots give the same report, byte for byte, whatever their order and the machine."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from oracle_cases import COUNTED, CROSSES, case, leap_case

from allocation.allocate import allocate
from allocation.errors import AllocationError
from allocation.instance import Instance, VoteType
from allocation.options import Rule, TieCriterion
from allocation.report import allocation_report
from allocation.rule_sheet import RuleSheet

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LOT)
OTHER_RULES = [Rule.GREEDY, Rule.KNAPSACK, Rule.PHRAGMEN]


def report_bytes(instance: Instance, sheet: RuleSheet) -> bytes:
    """The report without file name, digest and timing; a refusal is its sentence."""
    try:
        outcome = allocate(instance, sheet)
    except AllocationError as error:
        return str(error).encode()
    report = allocation_report(instance, outcome, file="x", sha256="x", timing={})
    return json.dumps(report, ensure_ascii=False).encode()


def shuffled_rows(instance: Instance, random: Random) -> Instance:
    """Rows in another order; choices too where their order says nothing."""

    def mixed(ballot):
        if instance.vote_type not in CROSSES:
            return ballot
        return replace(ballot, choices=tuple(random.sample(ballot.choices, len(ballot.choices))))

    return replace(
        instance,
        projects=tuple(random.sample(instance.projects, len(instance.projects))),
        ballots=tuple(map(mixed, random.sample(instance.ballots, len(instance.ballots)))),
    )


def elections(seeds=range(12)):
    """Elections of every ballot type by equal shares, and some by the other exact rules."""
    for vote_type, utility in COUNTED:
        for seed in seeds:
            for make in (case, leap_case):
                instance, sheet = make(seed, vote_type, utility)
                yield instance, replace(sheet, ties=TIES, lot_seed="drawn")
            rule = OTHER_RULES[seed % 3]
            crosses = vote_type in CROSSES or rule is not Rule.PHRAGMEN
            sheet = RuleSheet(rule=rule, lot_seed="drawn", read_as_approval=not crosses)
            yield instance, sheet


def test_the_order_of_projects_ballots_and_crosses_changes_no_byte() -> None:
    for number, (instance, sheet) in enumerate(elections()):
        again = shuffled_rows(instance, Random(number))

        assert report_bytes(again, sheet) == report_bytes(instance, sheet), number


def test_the_order_of_rows_matters_where_the_tie_list_says_listed() -> None:
    # So that the test above cannot pass for want of ties.
    listed = {"ties": (TieCriterion.LISTED,), "lot_seed": None}
    differing = 0
    for seed in range(60):
        instance, sheet = case(seed, VoteType.APPROVAL, COUNTED[0][1])
        again = shuffled_rows(instance, Random(seed))
        sheet = replace(sheet, **listed)
        differing += report_bytes(again, sheet) != report_bytes(instance, sheet)

    assert differing > 5


def digest() -> str:
    """One number for the reports of all these elections; also printed by this file as a program."""
    reports = (report_bytes(instance, sheet) for instance, sheet in elections(range(4)))
    return hashlib.sha256(b"\n".join(reports)).hexdigest()


def digest_elsewhere(**environment: str) -> str:
    """Let a fresh Python count the same."""
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), str(root / "tests")])
    done = subprocess.run(
        [sys.executable, __file__],
        env=os.environ | {"PYTHONPATH": path} | environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "hash_seed", [pytest.param(n, marks=[pytest.mark.long] if n > 3 else []) for n in range(1, 21)]
)
def test_python_s_order_of_sets_changes_no_byte(hash_seed) -> None:
    assert digest_elsewhere(PYTHONHASHSEED=str(hash_seed)) == digest()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_number_of_threads_changes_no_byte(threads) -> None:
    counted = digest_elsewhere(NUMBA_NUM_THREADS=threads, OMP_NUM_THREADS=threads)

    assert counted == digest()


if __name__ == "__main__":
    sys.stdout.write(digest())
