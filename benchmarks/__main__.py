"""Every benchmark after the other, each in a process of its own, then the table: `make bench`."""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "allocation.py",
    "explaining.py",
    "growth.py",
    "knapsack.py",
    "ledger.py",
    "letters.py",
    "reading.py",
    "schedule.py",
    "settlement.py",
)


def main() -> None:
    here = Path(__file__).parent
    failed = [
        name
        for name in BENCHMARKS
        if subprocess.run([sys.executable, here / name], check=False).returncode
    ]
    subprocess.run([sys.executable, here / "table.py"], check=True)
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
