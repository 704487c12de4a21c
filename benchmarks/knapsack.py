"""The proven knapsack against `max_additive_utilitarian_welfare` of pabutools, in one run.

    PABULIB_DIR=FOLDER python benchmarks/knapsack.py

Equal value means the same total utility (cost times votes), which is checked. Ours starts from the
ballots, proves the optimum and settles ties; pabutools starts from a profile of grouped ballots
and its satisfaction, both made beforehand, in floating point, by each of the two ways that it
offers, of which the faster counts. Reading is left out on both sides. Ratios travel between
machines, seconds do not.
"""

import gc
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import corpus  # noqa: E402 (the test suite knows where the real elections are)
import pabutools.fractions  # noqa: E402
from elections import real_election  # noqa: E402
from pabutools.rules import max_additive_utilitarian_welfare  # noqa: E402
from pabutools.rules.maxwelfare import MaxAddUtilWelfareAlgo  # noqa: E402

from allocation.allocate import allocate  # noqa: E402
from allocation.contest import prepare  # noqa: E402
from allocation.instance import Instance  # noqa: E402
from allocation.options import Rule, TieCriterion  # noqa: E402
from allocation.pabutools_adapter import profile_and_satisfaction, to_pabutools  # noqa: E402
from allocation.rule_sheet import RuleSheet  # noqa: E402

FILES = ("Poland_Wieliczka_2023_Green_Budget.pb", "Poland_Lodz_2022.pb")
SHEET = RuleSheet(
    rule=Rule.KNAPSACK, ties=(TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
)
GOAL = 50
RESULTS = ROOT / "benchmarks" / "results" / "knapsack.json"


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def without_memory(instance: Instance) -> Instance:
    """The same election, with nothing remembered of an earlier count."""
    return Instance(
        instance.vote_type,
        instance.budget,
        instance.projects,
        instance.ballots,
        instance.minor_per_unit,
    )


def theirs(instance: Instance, algorithm: Any) -> tuple[float, int]:
    """Seconds and value of one way of pabutools."""
    converted, projects = to_pabutools(instance)
    profile, measure = profile_and_satisfaction(prepare(instance, SHEET), converted, projects)
    satisfaction = profile.as_sat_profile(measure)
    funded: list[Any] = []
    taken = seconds(
        lambda: funded.extend(
            max_additive_utilitarian_welfare(
                converted, profile, sat_profile=satisfaction, inner_algo=algorithm
            )
        )
    )
    return taken, round(sum(satisfaction.total_satisfaction_project(p) for p in funded))


def measure(file: str) -> dict[str, object]:
    instance = real_election(file)
    allocate(instance, SHEET)  # libraries are loaded, as pabutools is
    ours_s = min(seconds(lambda: allocate(without_memory(instance), SHEET)) for _ in range(5))
    outcome = allocate(instance, SHEET)
    in_minor_units = (outcome.objective or 0) * instance.minor_per_unit
    ways = {algorithm.name: theirs(instance, algorithm) for algorithm in MaxAddUtilWelfareAlgo}
    fastest = min(ways, key=lambda name: ways[name][0])
    return {
        "file": file,
        "ballots": len(instance.ballots),
        "ours_s": ours_s,
        "proven": outcome.proven_optimal,
        "unique": outcome.unique,
        "pabutools_s": {name: taken for name, (taken, _) in ways.items()},
        "fastest": fastest,
        "ratio": ways[fastest][0] / ours_s,
        "equal_value": {value for _, value in ways.values()} == {in_minor_units},
    }


def main() -> None:
    if not corpus.corpus_files():
        sys.exit("There are no real elections to measure. Set PABULIB_DIR to their folder.")
    warnings.simplefilter("ignore", DeprecationWarning)  # pabutools calls PuLP by old names
    pabutools.fractions.FRACTION = "float"
    results = [measure(file) for file in FILES]
    print(f"knapsack, proven; seconds, and how many times faster than pabutools (goal {GOAL})")
    for r in results:
        ways = "  ".join(f"{name} {taken:.3f}" for name, taken in r["pabutools_s"].items())
        print(
            f"{r['file']:<42} {r['ballots']:>6} ballots  ours {r['ours_s']:8.4f}  {ways}"
            f"  ratio {r['ratio']:6.1f}  equal value: {'yes' if r['equal_value'] else 'NO'}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
