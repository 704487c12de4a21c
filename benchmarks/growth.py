"""How counting grows with the city: invented ones of 10,000 to 10,000,000 ballots.

    .venv/bin/python benchmarks/growth.py [BALLOTS ...]

Each size is counted by the default rule in a process of its own, which first counts a small city,
so that loading and compiling stay out of the figures. Seconds travel badly between machines; the
ratio per ballot should stay near 1.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]  # before this folder, which has an allocation.py of its own

from allocation.allocate import allocate  # noqa: E402
from allocation.ballot_table import BallotTable  # noqa: E402
from allocation.instance import Instance, Project, VoteType  # noqa: E402
from allocation.rule_sheet import RuleSheet  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
AREAS, PROJECTS_PER_AREA = 20, 10
PROJECTS = AREAS * PROJECTS_PER_AREA
APPROVALS_MAX = 10
# Of ten choices seven are of the own area, one each of the two beside it, and one of any.
DISTANCES = np.array([0.7, 0.8, 0.9], dtype=np.float32)
BUDGET_PER_BALLOT = 100
ASKED_PER_BUDGET = 4  # all projects together cost so many budgets
CHUNK = 200_000
NOTHING = PROJECTS  # stands behind the choices of a ballot with fewer
SECONDS_MAX = 600
RESULTS = ROOT / "benchmarks" / "results" / "growth.json"


def make_city(ballots: int, seed: int = 2026) -> Instance:
    """Invent a city in which people approve near their home, and popular projects more often."""
    random = np.random.default_rng(seed)
    weights = random.lognormal(sigma=1.0, size=PROJECTS)
    budget = BUDGET_PER_BALLOT * ballots
    costs = np.maximum(1, weights / weights.sum() * ASKED_PER_BUDGET * budget).astype(np.int64)
    projects = tuple(
        Project(str(number), int(cost), area=f"area {number // PROJECTS_PER_AREA}")
        for number, cost in enumerate(costs, start=1)
    )
    return Instance(VoteType.APPROVAL, budget, projects, make_ballots(random, ballots))


def make_ballots(random: np.random.Generator, ballots: int) -> BallotTable:
    """Invent ballots chunk by chunk, and keep once what several say alike."""
    people_by_area = np.cumsum(random.dirichlet(np.full(AREAS, 3.0)))
    taste = 1 / np.arange(1, PROJECTS_PER_AREA + 1)
    popularity = np.cumsum(taste / taste.sum())
    marks = np.append(random.integers(1, 2**63, PROJECTS, dtype=np.uint64), np.uint64(0))
    rows, prints = [], []
    for start in range(0, ballots, CHUNK):
        many = min(CHUNK, ballots - start)
        rows.append(_choices(random, many, people_by_area, popularity))
        # Equal sums of random marks mean equal choices, but for one chance in many thousands.
        prints.append(marks[rows[-1]].sum(axis=1, dtype=np.uint64))
    _, first, content_of = np.unique(np.concatenate(prints), return_index=True, return_inverse=True)
    contents = np.concatenate(rows)[first]
    chosen = contents != NOTHING
    return BallotTable(
        ids=tuple(str(number) for number in range(1, PROJECTS + 1)),
        starts=np.concatenate([[0], np.cumsum(chosen.sum(axis=1))]).astype(np.int64),
        choices=contents[chosen].astype(np.int32),
        content_of=content_of.astype(np.int32),
    )


def _choices(
    random: np.random.Generator,
    ballots: int,
    people_by_area: NDArray[np.float64],
    popularity: NDArray[np.float64],
) -> NDArray[np.uint8]:
    """Draw a row per ballot: 1 to 10 projects, rising, each once, then NOTHING."""
    shape = (ballots, APPROVALS_MAX)
    home = np.searchsorted(people_by_area[:-1], random.random(ballots, dtype=np.float32))
    where = random.random(shape, dtype=np.float32)
    away = random.integers(0, AREAS, shape, dtype=np.int16)
    step = np.choose(np.searchsorted(DISTANCES, where), [0, 1, -1, away])
    area = (home[:, None] + step) % AREAS
    place = np.searchsorted(popularity[:-1], random.random(shape, dtype=np.float32))
    chosen = (area * PROJECTS_PER_AREA + place).astype(np.uint8)
    wanted = random.integers(1, APPROVALS_MAX, ballots, endpoint=True)
    chosen[np.arange(APPROVALS_MAX) >= wanted[:, None]] = NOTHING
    chosen.sort(axis=1)
    chosen[:, 1:][chosen[:, 1:] == chosen[:, :-1]] = NOTHING
    chosen.sort(axis=1)
    return chosen


def measure(ballots: int) -> dict[str, object]:
    """Count one city; memory in MB: with the ballots before the count, and at the highest."""
    sheet = RuleSheet(lot_seed="minga")
    allocate(make_city(500), sheet)
    started = time.perf_counter()
    city = make_city(ballots)
    made_s = time.perf_counter() - started
    before_mb = _memory_mb()
    started = time.perf_counter()
    outcome = allocate(city, sheet)
    return {
        "ballots": ballots,
        "contents": len(city.table.starts) - 1,
        "made_s": made_s,
        "seconds": time.perf_counter() - started,
        "before_mb": before_mb,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "winners": len(outcome.winners),
        "runs": outcome.runs,
    }


def _memory_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def measure_apart(ballots: int) -> dict[str, float] | None:
    """Measure in a process of its own; None if it fails or takes too long."""
    command = [sys.executable, __file__, "--one", str(ballots)]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, timeout=SECONDS_MAX, check=True, text=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        print(f"{ballots:>10,} ballots: not counted ({type(error).__name__})", flush=True)
        return None
    result: dict[str, float] = json.loads(done.stdout)
    return result


def show(result: dict[str, float], before: dict[str, float] | None) -> None:
    line = (
        f"{result['ballots']:>10,} ballots ({result['contents']:,} contents): "
        f"{result['seconds']:8.2f} s, {result['seconds'] / result['ballots'] * 1e6:7.2f} µs a "
        f"ballot, {result['before_mb']:5} MB before, {result['peak_mb']:5} MB at most, "
        f"{result['winners']} winners, {result['runs']} runs"
    )
    if before is not None:
        more = result["ballots"] / before["ballots"]
        time_ratio = result["seconds"] / before["seconds"]
        memory_ratio = result["peak_mb"] / before["peak_mb"]
        line += f"; {more:g} times the ballots: {time_ratio:.1f} times the seconds, "
        line += f"{memory_ratio:.1f} times the memory"
    print(line, flush=True)


def main(sizes: list[int]) -> None:
    print("growth: the default rule on invented cities of 200 projects", flush=True)
    results: list[dict[str, float]] = []
    for size in sizes:
        result = measure_apart(size)
        if result is not None:
            show(result, results[-1] if results else None)
            results.append(result)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if len(results) < len(sizes):
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
