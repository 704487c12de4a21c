"""What the engine is to reach beside what was measured last, as one table: the end of `make bench`.

    .venv/bin/python benchmarks/table.py

Reads what the benchmarks left in `benchmarks/results/`. A figure that falls short stands in the
table with its reason; what was not measured says so.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
STEEPER_MAX = 1.5  # how many times the seconds a ballot may rise at ten times the ballots
BALLOTS, GROWTH_SECONDS, GROWTH_GB = 10_000_000, 60, 4
SETTLING_SECONDS, SETTLING_MB = 60, 50
REASONS = {
    ("add1", "Poland_Wieliczka_2023_Green_Budget.pb"): (
        "a small file, in which many endowments of the completion end differently: each is run"
    ),
    ("points, add1", "Poland_Katowice_2021_Podlesie.pb"): (
        "a file so small that preparing the count takes longer than counting"
    ),
    "leaps": "nearly all of it goes into runs that end differently",
    "margins": "each margin is confirmed by recounts of a changed election, thousands in all",
    "growth": "the completion runs over all approvals about a hundred times, each time exactly",
}


@dataclass(frozen=True)
class Row:
    """One line: the work, the goal, the figure as text, whether it is reached, and why not."""

    work: str
    goal: str
    measured: str
    reached: bool
    reason: str = ""


def stored(name: str) -> Any:
    """Return what a benchmark measured last, None if it did not run."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def rows() -> Iterator[Row]:
    """Return the lines of which there are figures."""
    yield from _counts(stored("allocation") or {})
    for file in stored("reading") or []:
        if file["file"] == "Poland_Lodz_2022.pb":
            yield _times("reading with all checks", file, 20)
    for file in stored("knapsack") or []:
        if file["file"] == "Poland_Lodz_2022.pb":
            yield _times("knapsack, proven", file, 50)
    yield from _growth(stored("growth") or [])
    for one in stored("settlement") or []:
        work = f"settling {one['redemptions']:,} redemptions, {one['engine']}"
        yield _below(work, one["seconds"], SETTLING_SECONDS)
        memory = f"{one['grown_mb']} MB"
        flat = one["grown_mb"] < SETTLING_MB
        yield Row("the same, memory on top", f"{SETTLING_MB} MB", memory, flat)
    for file in stored("explaining") or []:
        if file["file"] == "Poland_Lodz_2022.pb":
            yield _below("every margin of Lodz 2022", file["margins_s"], 20, REASONS["margins"])


def _counts(measured: dict[str, Any]) -> Iterator[Row]:
    for file in measured.get("against_pabutools", []):
        reason = REASONS.get((file["what"], file["file"]), "")
        yield _times(file["what"], file, file["goal"], reason)
    if leaps := measured.get("leaps"):
        yield _below(
            f"Budapest 2024, {leaps['steps']:,} endowments", leaps["ours_s"], 2, REASONS["leaps"]
        )
        yield _times("the same, against plain compiled steps", leaps, leaps["goal"])
    if whole := measured.get("all_files"):
        work = f"all {whole['files']} files, default rule, with reading"
        yield _below(work, whole["seconds"], whole["goal_s"])


def _growth(cities: list[dict[str, Any]]) -> Iterator[Row]:
    if len(cities) > 1:
        each = [city["seconds"] / city["ballots"] for city in cities]
        steepest = max(after / before for before, after in pairwise(each))
        work = f"seconds a ballot from {cities[0]['ballots']:,} to {cities[-1]['ballots']:,}"
        text = f"at most {steepest:.2f} times as many at ten times the ballots"
        yield Row(work, "as many", text, steepest < STEEPER_MAX)
    for city in cities:
        if city["ballots"] == BALLOTS:
            yield _below(f"{BALLOTS:,} ballots", city["seconds"], GROWTH_SECONDS, REASONS["growth"])
            memory_gb = city["peak_mb"] / 1000
            goal = f"{GROWTH_GB} GB"
            yield Row("the same, memory", goal, f"{memory_gb:.1f} GB", memory_gb < GROWTH_GB)


def _times(work: str, file: dict[str, Any], goal: int, reason: str = "") -> Row:
    """Return the line of a ratio: how many times faster than the peer."""
    ratio = file["ratio"]
    town = file["file"].removesuffix(".pb").partition("_")[2].replace("_", " ")
    return Row(f"{work}, {town}", f"{goal:,} times", f"{ratio:,.0f} times", ratio >= goal, reason)


def _below(work: str, seconds: float, goal: int, reason: str = "") -> Row:
    return Row(work, f"{goal} s", f"{seconds:.1f} s", seconds < goal, reason)


def main() -> None:
    found = list(rows())
    if not found:
        print("Nothing was measured yet: run `make bench`.")
        return
    width = max(len(row.work) for row in found)
    print(f"{'work':<{width}}  {'goal':>12}  measured")
    for row in found:
        short = "" if row.reached else "  SHORT" + (f": {row.reason}" if row.reason else "")
        print(f"{row.work:<{width}}  {row.goal:>12}  {row.measured}{short}")


if __name__ == "__main__":
    main()
