"""Equal shares, exact, against pabutools and against our own plain loop, in one run on one machine.

    PABULIB_DIR=FOLDER python benchmarks/allocation.py [--quick]

Reading is left out on both sides, except where the row says so. Ours begins with the ballots in
columns, as the reader leaves them; pabutools with its own profile of grouped ballots. Both count
exactly and give the same winners, which is checked. Ratios travel between machines, seconds do
not. `--quick` leaves out what takes pabutools minutes.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import corpus  # noqa: E402 (the test suite knows where the real elections are)
from elections import real_election  # noqa: E402
from pabutools.rules import method_of_equal_shares  # noqa: E402

from allocation.allocate import allocate  # noqa: E402
from allocation.contest import Contest, prepare  # noqa: E402
from allocation.engine.certified import CertifiedRuns, certified_runs  # noqa: E402
from allocation.engine.warm import warm_up  # noqa: E402
from allocation.errors import AllocationError  # noqa: E402
from allocation.instance import Instance  # noqa: E402
from allocation.options import Completion, TieCriterion  # noqa: E402
from allocation.pabulib import parse  # noqa: E402
from allocation.pabutools_adapter import (  # noqa: E402
    full_order,
    id_of,
    profile_and_satisfaction,
    to_pabutools,
)
from allocation.rule_sheet import RuleSheet  # noqa: E402

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
# What pabutools can do too: its completion begins at budget over ballots and stops when exhaustive.
ADD1 = RuleSheet(completion=Completion.ADD1, integral_start=False, ties=TIES)
ONE_RUN = RuleSheet(completion=Completion.NONE, ties=TIES)
ROWS = (
    ("add1", "France_Toulouse_2019.pb", ADD1, 1_000, True),
    ("add1", "Poland_Wieliczka_2023_Green_Budget.pb", ADD1, 1_000, True),
    ("add1", "Poland_Lodz_2022.pb", ADD1, 1_000, False),
    ("one run", "Poland_Lodz_2022.pb", ONE_RUN, 2_000, True),
    ("points, add1", "Poland_Katowice_2020_Srodmiescie.pb", ADD1, 500, True),
    ("points, add1", "Poland_Katowice_2021_Podlesie.pb", ADD1, 500, True),
    ("rankings, add1", "Poland_Krakow_2024.pb", ADD1, 500, False),
)
BUDAPEST = "Hungary_Budapest_2024.pb"
BUDAPEST_SHEET = RuleSheet(completion=Completion.ADD1, exhaustive_stop=False, ties=TIES)
PLAIN_STEPS = 200
GOAL_LEAP = 35
GOAL_ALL_S = 60
RESULTS = ROOT / "benchmarks" / "results" / "allocation.json"


def seconds(work: Callable[[], object], repeats: int = 1) -> float:
    best = float("inf")
    for _ in range(repeats):
        gc.collect()
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def without_memory(instance: Instance) -> Instance:
    """The same election, with nothing remembered of an earlier count."""
    fresh = replace(instance)
    fresh.table  # noqa: B018 (as the reader leaves it)
    return fresh


def pabutools_count(contest: Contest, sheet: RuleSheet) -> tuple[float, set[str]]:
    """Seconds and winners of pabutools."""
    converted, projects = to_pabutools(contest.instance)
    profile, measure = profile_and_satisfaction(contest, converted, projects)
    step = None if sheet.completion is Completion.NONE else contest.instance.minor_per_unit
    found: list[object] = []
    taken = seconds(
        lambda: found.extend(
            method_of_equal_shares(
                converted,
                profile,
                measure,
                tie_breaking=full_order(contest),
                voter_budget_increment=step,
            )
        )
    )
    ids = [project.id for project in contest.instance.projects]
    return taken, {id_of(project, ids) for project in found}


def against_pabutools(what: str, file: str, sheet: RuleSheet, goal: int) -> dict[str, object]:
    instance = real_election(file)
    if what == "one run":
        # From prepared arrays, as pabutools from its prepared profile.
        runs = certified_runs(prepare(instance, sheet))
        if runs is None:
            raise ValueError(f"{file} has numbers that are too large")
        share = runs.contest.plain_endowment
        ours_s = seconds(lambda: CertifiedRuns(runs.contest, runs.election).at(share), 20)
    else:
        ours_s = seconds(lambda: allocate(without_memory(instance), sheet), 9)
    outcome = allocate(instance, sheet)
    theirs_s, winners = pabutools_count(prepare(instance, sheet), sheet)
    return {
        "what": what,
        "file": file,
        "ballots": len(instance.ballots),
        "ours_s": ours_s,
        "theirs_s": theirs_s,
        "ratio": theirs_s / ours_s,
        "goal": goal,
        "same_winners": winners == set(outcome.winners),
        "runs": outcome.runs,
        "decided_exactly": outcome.decided_exactly,
    }


def leaping_against_stepping() -> dict[str, object]:
    """Budapest by leaps, and by one compiled run from nothing for each endowment (a sample)."""
    instance = real_election(BUDAPEST)
    ours_s = seconds(lambda: allocate(without_memory(instance), BUDAPEST_SHEET), 3)
    outcome = allocate(instance, BUDAPEST_SHEET)
    runs = certified_runs(prepare(instance, BUDAPEST_SHEET))
    if runs is None or outcome.endowment is None:
        raise ValueError(f"{BUDAPEST} cannot be counted")
    start = Fraction(runs.contest.plain_endowment // 1)
    steps = int(outcome.endowment - start) + 2
    sample = [start + steps * k // PLAIN_STEPS for k in range(PLAIN_STEPS)]

    def plain() -> None:
        for endowment in sample:
            CertifiedRuns(runs.contest, runs.election).at(endowment)

    plain_s = seconds(plain) * steps / len(sample)
    return {
        "file": BUDAPEST,
        "steps": steps,
        "runs": outcome.runs,
        "ours_s": ours_s,
        "plain_s": plain_s,
        "ratio": plain_s / ours_s,
        "goal": GOAL_LEAP,
    }


def read_and_count(path: Path) -> str:
    """Read a file and count it by the default rule; the refusal, if it is one."""
    try:
        instance, _ = parse(path.read_bytes(), "lenient")
        allocate(instance, RuleSheet(lot_seed="minga"))
    except AllocationError as error:
        return f"{path.name}: {error}"
    return ""


def all_files() -> dict[str, object]:
    paths = sorted(corpus.corpus_files("*.pb"), key=lambda path: -path.stat().st_size)
    with ProcessPoolExecutor(2, initializer=warm_up) as pool:
        refused: list[str] = []
        taken = seconds(lambda: refused.extend(filter(None, pool.map(read_and_count, paths))))
    return {"files": len(paths), "seconds": taken, "goal_s": GOAL_ALL_S, "refused": refused}


def main(*, quick: bool) -> None:
    if not corpus.corpus_files():
        sys.exit("There are no real elections to measure. Set PABULIB_DIR to their folder.")
    warm_up()
    print("equal shares, exact: seconds, how many times faster than pabutools (goal)")
    rows = []
    for what, file, sheet, goal, is_quick in ROWS:
        if quick and not is_quick:
            continue
        row = against_pabutools(what, file, sheet, goal)
        rows.append(row)
        print(
            f"{what:<18} {file:<38} {row['ballots']:>6} ballots  ours {row['ours_s']:8.4f}"
            f"  pabutools {row['theirs_s']:8.3f}  ratio {row['ratio']:7.0f} ({goal})"
            f"  same winners: {'yes' if row['same_winners'] else 'NO'}",
            flush=True,
        )
    leaps, whole = leaping_against_stepping(), all_files()
    print(
        f"Budapest, {leaps['steps']} endowments of add1, no exhaustive stop: ours"
        f" {leaps['ours_s']:.2f} s in {leaps['runs']} runs, plain compiled steps"
        f" {leaps['plain_s']:.0f} s, ratio {leaps['ratio']:.0f} ({GOAL_LEAP})"
    )
    print(
        f"all {whole['files']} files, default rule, reading included, two processes:"
        f" {whole['seconds']:.1f} s (goal {GOAL_ALL_S}), refused {len(whole['refused'])}"
    )
    RESULTS.parent.mkdir(exist_ok=True)
    results = {"against_pabutools": rows, "leaps": leaps, "all_files": whole}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
