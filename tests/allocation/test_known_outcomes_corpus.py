"""Real elections: the official results, and what other software found, case by case."""

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from elections import known_outcomes, real_election

from allocation.allocate import allocate
from allocation.comparison import compare
from allocation.contest import prepare
from allocation.instance import Instance, VoteType
from allocation.options import Comparison, Completion, Rule, TieCriterion, Utility
from allocation.outcome import SearchEnd
from allocation.rule_sheet import RuleSheet

pytestmark = pytest.mark.corpus

T = TieCriterion
WIELICZKA = "Poland_Wieliczka_2023_Green_Budget.pb"
SWIECIE = "Poland_Swiecie_2023.pb"
TIES = (T.MIN_COST, T.MAX_VOTES)
ADD1 = {"completion": Completion.ADD1, "exhaustive_stop": False}

TOOL_SETTINGS = {
    "none": {"completion": Completion.NONE},
    "add1": ADD1,
    "add1u_default": {},
}
DIFFERENCES = {
    (entry["file"], entry["case"]): entry
    for entry in tomllib.loads(
        (Path(__file__).parent / "data" / "known_differences.toml").read_text(encoding="utf-8")
    )["difference"]
}


def cases(name: str):
    """(file, case, expected) of a file of outcomes; most searches only in the long run."""
    found = [
        (line["file"], case, value)
        for line in known_outcomes(name)
        for case, value in line.items()
        if case not in {"file", "vote_type"}
    ]
    return [
        pytest.param(
            *entry,
            id=f"{entry[0]}-{entry[1]}",
            marks=[pytest.mark.long] if _is_left_to_the_long_run(entry[0], entry[1]) else [],
        )
        for entry in found
    ]


def _is_left_to_the_long_run(file: str, case: str) -> bool:
    """Searches for an endowment take many runs: a quarter of them stays, always the same."""
    return case.startswith(("add1", "mes_add1")) and sum(file.encode()) % 4 > 0


@pytest.mark.parametrize(
    ("file", "options", "funded", "spent", "endowment"),
    [
        (WIELICZKA, ADD1, 30, 995_079, 315),
        (WIELICZKA, {"completion": Completion.ADD1}, 31, 984_579, 302),
        (WIELICZKA, {}, 31, 984_579, 302),
        (WIELICZKA, {"completion": Completion.NONE}, 21, 450_548, None),
        (WIELICZKA, {"completion": Completion.UTILITARIAN}, 29, 991_347, None),
        (SWIECIE, ADD1, 17, 1_040_337, 662),
        (SWIECIE, {"completion": Completion.ADD1}, 17, 1_040_337, 646),
        (SWIECIE, {"completion": Completion.NONE}, 13, 647_787, None),
        (SWIECIE, {"completion": Completion.UTILITARIAN}, 14, 1_060_787, None),
    ],
)
def test_the_reference_results(file, options, funded, spent, endowment) -> None:
    instance = real_election(file)

    outcome = allocate(instance, RuleSheet(ties=TIES, **options))

    assert len(outcome.winners) == funded
    assert outcome.total_cost == spent
    assert outcome.endowment == (endowment or Fraction(instance.budget, len(instance.ballots)))


def test_wieliczka_s_official_winners() -> None:
    instance = real_election(WIELICZKA)
    official = {project.id for project in instance.projects if project.selected == "1"}

    outcome = allocate(instance, RuleSheet(ties=TIES, **ADD1))

    assert set(outcome.winners) == official
    assert outcome.search.end is SearchEnd.NEXT_OVERSPENDS
    assert outcome.search.ended_by.endowment == 316


def test_wieliczka_by_greedy() -> None:
    outcome = allocate(real_election(WIELICZKA), RuleSheet(rule=Rule.GREEDY, ties=TIES))

    assert (len(outcome.winners), outcome.total_cost) == (23, 998_997)


def test_the_comparison_counts_every_ballot_and_can_repeat_the_tool_s_defect() -> None:
    instance = real_election(WIELICZKA)
    sheet = RuleSheet(ties=TIES, comparison=Comparison.SATISFACTION, **ADD1)
    report = allocate(instance, sheet).comparison
    by_votes = allocate(instance, RuleSheet(rule=Rule.GREEDY, ties=TIES))
    completed = [*by_votes.winners, *report.only_completed]
    completed = [id_ for id_ in completed if id_ not in report.only_greedy]

    skipping = compare(prepare(instance, sheet), completed, by_votes.winners, compat_skip_zero=True)

    assert (report.prefer_completed, report.prefer_greedy) == (1615, 873)
    assert (skipping.prefer_completed, skipping.prefer_greedy) == (629, 535)


def tool_order(instance: Instance) -> Instance:
    """List projects as the compute tool iterates them: integer-like ids rising, then the rest."""
    integers = [p for p in instance.projects if p.id.isdecimal() and str(int(p.id)) == p.id]
    others = [p for p in instance.projects if p not in integers]
    return replace(instance, projects=(*sorted(integers, key=lambda p: int(p.id)), *others))


@pytest.mark.parametrize(("file", "case", "expected"), cases("expected_tool.jsonl"))
def test_the_compute_tool_agrees(file, case, expected) -> None:
    instance = tool_order(real_election(file))
    sheet = RuleSheet(utility=Utility.COST, ties=(*TIES, T.LISTED), **TOOL_SETTINGS[case])

    outcome = allocate(instance, sheet)

    assert sorted(outcome.winners) == sorted(expected["winners"])
    endowment = float(outcome.endowment / instance.minor_per_unit)
    assert endowment == pytest.approx(expected["endowment"], rel=1e-12)


def pabutools_sheet(case: str, vote_type: VoteType) -> RuleSheet:
    """The rule sheet of a case; ties by cost, most votes (crosses only), then id as text."""
    crosses = vote_type in {VoteType.APPROVAL, VoteType.CHOOSE_1}
    ties = (*TIES, T.LISTED) if crosses else (T.MIN_COST, T.LISTED)
    utility = Utility(case.rsplit("_", 1)[-1].replace("borda", "borda0")) if "_" in case else None
    if case.startswith("mes_none"):
        return RuleSheet(utility=utility, completion=Completion.NONE, ties=ties)
    if case.startswith("mes_add1"):
        add1 = {"completion": Completion.ADD1, "integral_start": False}
        return RuleSheet(utility=utility, ties=ties, **add1)
    if case.startswith("greedy"):
        return RuleSheet(rule=Rule.GREEDY, utility=utility, fund_unsupported=True, ties=ties)
    if case == "knapsack" and vote_type is VoteType.ORDINAL:
        return RuleSheet(rule=Rule.KNAPSACK, utility=Utility.BORDA0, ties=ties)
    return RuleSheet(rule=Rule(case), ties=ties)


@pytest.mark.parametrize(("file", "case", "expected"), cases("expected_pabutools.jsonl"))
def test_pabutools_agrees_or_the_difference_is_explained(file, case, expected) -> None:
    instance = real_election(file)
    by_text = replace(instance, projects=tuple(sorted(instance.projects, key=lambda p: p.id)))

    outcome = allocate(by_text, pabutools_sheet(case, instance.vote_type))

    if case == "knapsack":
        assert str(outcome.objective) == expected["value"]
        assert outcome.total_cost == int(expected["cost"]) * instance.minor_per_unit
        return
    difference = DIFFERENCES.get((file, case), {})
    theirs = set(expected["winners"])
    assert theirs - set(outcome.winners) == set(difference.get("only_theirs", ()))
    assert set(outcome.winners) - theirs == set(difference.get("only_ours", ()))


def test_where_everything_is_affordable_the_fill_funds_what_one_run_leaves() -> None:
    [entry] = DIFFERENCES.values()
    instance = real_election(entry["file"])

    outcome = allocate(instance, RuleSheet(ties=(*TIES, T.LISTED)))

    assert outcome.search.end is SearchEnd.ALL_AFFORDABLE
    assert set(outcome.added) == set(entry["only_theirs"])
