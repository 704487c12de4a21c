"""A schedule of each kind for a million residents: under 5 seconds.

python benchmarks/schedule.py
"""

import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from populations import KNOB, TRIAL, trial_town  # noqa: E402 (found by the line above)

from app.programmes import preview, schedule  # noqa: E402
from app.programmes.infeasible import Infeasible  # noqa: E402

RESIDENTS = 1_000_000
SECONDS_MAX = 5
RESULTS = ROOT / "benchmarks" / "results" / "schedule.json"


def main() -> None:
    people = trial_town(people=RESIDENTS)
    measured: dict[str, object] = {"residents": RESIDENTS}
    for name, rules in (("one knob", KNOB), ("piecewise", TRIAL)):
        started = time.perf_counter()
        found = schedule.solve(rules, people, 25_000_000_00)
        seconds = time.perf_counter() - started
        if isinstance(found, Infeasible) or seconds > SECONDS_MAX:
            sys.exit(f"{name}: {found} after {seconds:.2f} s")
        started = time.perf_counter()
        preview.cost_range(found, people)
        measured[name] = {
            "schedule_s": round(seconds, 3),
            "cost_range_s": round(time.perf_counter() - started, 3),
        }
    RESULTS.write_text(json.dumps(measured, indent=2) + "\n")
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
