"""How long it takes to explain a whole election: every project's reason, rounds and margins.

    PABULIB_DIR=FOLDER python benchmarks/explaining.py

Reading and the count itself are left out; each margin is confirmed by at most one recount. The aim
is 20 seconds for the 160 projects of Lodz 2022.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import corpus  # noqa: E402 (the test suite knows where the real elections are)
from elections import real_election  # noqa: E402

from allocation.allocate import allocate  # noqa: E402
from allocation.explanation import explain  # noqa: E402
from allocation.instance import Instance  # noqa: E402
from allocation.margins import LoserMargins, Margin, WinnerMargins, margins  # noqa: E402
from allocation.outcome import Outcome  # noqa: E402
from allocation.proportionality import proportionality  # noqa: E402
from allocation.representation import beside_greedy  # noqa: E402
from allocation.rule_sheet import RuleSheet  # noqa: E402

FILES = (
    "Poland_Swiecie_2023.pb",
    "Poland_Wieliczka_2023_Green_Budget.pb",
    "Poland_Lodz_2022.pb",
)
SHEET = RuleSheet(lot_seed="minga")
RESULTS = ROOT / "benchmarks" / "results" / "explaining.json"


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(file: str) -> dict[str, object]:
    instance = real_election(file)
    outcome = allocate(instance, SHEET)
    found: list[LoserMargins | WinnerMargins] = []
    return {
        "file": file,
        "projects": len(instance.projects),
        "ballots": len(instance.ballots),
        "reasons_s": seconds(lambda: explain(instance, outcome)),
        "margins_s": seconds(lambda: found.extend(margins(instance, outcome))),
        "figures_s": seconds(lambda: figures(instance, outcome)),
        "confirmed": sum(confirmed(margin) for margin in found),
        "of": sum(tried(margin) for margin in found),
    }


def figures(instance: Instance, outcome: Outcome) -> None:
    beside_greedy(instance, outcome)
    proportionality(instance, outcome)


def recounted(found: LoserMargins | WinnerMargins) -> list[Margin]:
    if isinstance(found, LoserMargins):
        several = (found.cost_red, found.optimist_add, found.singleton_add)
    else:
        several = (found.cost, found.losable)
    return [one for one in several if one is not None and one.in_last_count is not None]


def confirmed(found: LoserMargins | WinnerMargins) -> int:
    return sum(margin.confirmed is not None for margin in recounted(found))


def tried(found: LoserMargins | WinnerMargins) -> int:
    return len(recounted(found))


def main() -> None:
    if not corpus.corpus_files():
        sys.exit("There are no real elections to measure. Set PABULIB_DIR to their folder.")
    results = [measure(file) for file in FILES]
    print("why, for every project; seconds")
    for r in results:
        print(
            f"{r['file']:<42} {r['projects']:>4} projects  reasons {r['reasons_s']:6.2f}"
            f"  margins {r['margins_s']:6.2f} ({r['confirmed']} of {r['of']} confirmed)"
            f"  figures {r['figures_s']:6.2f}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
