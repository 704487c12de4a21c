"""Our reader of `.pb` files with all its checks against pabutools' without, in one run.

    PABULIB_DIR=FOLDER python benchmarks/reading.py

Both read the file from the disk to an election. Ratios travel between machines, seconds do not.
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
from pabutools.election import parse_pabulib  # noqa: E402

from allocation.errors import PbError  # noqa: E402
from allocation.pabulib import Mode, parse  # noqa: E402

FILES = (
    "Poland_Lodz_2022.pb",
    "Poland_Krakow_2024.pb",
    "Poland_Warszawa_2026.pb",
    "Hungary_Budapest_2024.pb",
    "Poland_Katowice_2025_Ligota_-_Panewniki.pb",
)
RESULTS = ROOT / "benchmarks" / "results" / "reading.json"


def seconds(work: Callable[[], object]) -> float:
    """Measure the time of this process's own work: others may have the machine meanwhile."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def strictest(path: Path) -> Mode:
    """Choose how the file can be read: strictly, unless it has faults."""
    try:
        parse(path.read_bytes(), "strict")
    except PbError:
        return "lenient"
    return "strict"


def measure(file: str) -> dict[str, object]:
    [path] = [path for path in corpus.corpus_files() if path.name == file]
    mode = strictest(path)
    ours_s = min(seconds(lambda: parse(path.read_bytes(), mode)) for _ in range(7))
    theirs_s = min(seconds(lambda: parse_pabulib(str(path))) for _ in range(2))
    instance, _ = parse(path.read_bytes(), mode)
    return {
        "file": file,
        "mode": mode,
        "ballots": len(instance.ballots),
        "ours_s": ours_s,
        "pabutools_s": theirs_s,
        "ratio": theirs_s / ours_s,
    }


def main() -> None:
    if not corpus.corpus_files():
        sys.exit("There are no real elections to measure. Set PABULIB_DIR to their folder.")
    results = [measure(file) for file in FILES]
    print("reading a file, ours with all checks; seconds, and how many times faster than pabutools")
    for r in results:
        print(
            f"{r['file']:<42} {r['ballots']:>6} ballots  ours {r['ours_s']:8.4f}"
            f"  pabutools {r['pabutools_s']:8.3f}  ratio {r['ratio']:6.1f}  ({r['mode']})"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
