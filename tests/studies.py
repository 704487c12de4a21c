"""Running `minga study` as people do, and looking at its table."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pb_files import DATA

MINGA = Path(sys.executable).with_name("minga")
RULES = """
["one run"]
rule = "equal-shares"
completion = "none"

[add1]
completion = "add1"
increment = 400

[greedy]
rule = "greedy"
"""
WAIT_S_MAX = 60


def make_folder(tmp_path: Path, *, more: int = 0) -> Path:
    """Fill a folder with small elections of all ballot types, and lay rules beside it."""
    folder = tmp_path / "elections"
    (folder / "town").mkdir(parents=True)
    for path in DATA.glob("*.pb"):
        (folder / path.name).write_bytes(path.read_bytes())
    text = (DATA / "approval.pb").read_text("utf-8")
    for number in range(more):
        larger = text.replace("budget;50000", f"budget;{50_001 + number}")
        (folder / "town" / f"{number:02}.pb").write_text(larger, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    return folder


def start(folder: Path, out: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start a study by the rules beside the folder."""
    rules = folder.parent / "rules.toml"
    command = [MINGA, "study", folder, "--out", out, "--rules", rules, "--lot-seed", "minga"]
    return subprocess.Popen(
        [*map(str, command), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_as_in_a_terminal,  # noqa: PLW1509 (no threads here)
    )


def _as_in_a_terminal() -> None:
    """Let Ctrl-C end the process also where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def study(folder: Path, out: Path, *arguments: str) -> str:
    """Run a study to its end; give what it says."""
    process = start(folder, out, *arguments)
    output, errors = process.communicate(timeout=WAIT_S_MAX)
    assert process.returncode == 0, errors
    assert errors == ""
    return output


def rows_of(out: Path) -> list[dict[str, Any]]:
    """Read the table without the one column that differs from run to run."""
    return [
        {name: value for name, value in row.items() if name != "seconds"}
        for row in pq.read_table(out).to_pylist()
    ]


def finished_counts(out: Path) -> list[tuple[str, ...]]:
    """List the keys of the counts that are on the disk, in the order in which they came."""
    lines = [
        line
        for path in sorted(out.with_name(f"{out.name}.parts").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    return [tuple(json.loads(line)["key"]) for line in lines if line.endswith("}")]


def wait_for(condition: Any, process: "subprocess.Popen[str]") -> None:
    """Wait until a running study has come so far."""
    for _ in range(WAIT_S_MAX * 100):
        if condition():
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    raise AssertionError("the study did not come so far in time")


def counting_processes(study_pid: int) -> list[int]:
    """List the processes that count for a study, as the system sees them."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(study_pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@contextmanager
def scheduler(
    tmp_path: Path, *, workers: int
) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """Run a scheduler and workers as a computing centre would; give its address and the workers."""
    address_file = tmp_path / "scheduler.json"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = Path(sys.executable).with_name("dask")
    common = ["--scheduler-file", str(address_file), "--no-dashboard"]
    started = [
        subprocess.Popen(
            [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *common], **quiet
        )
    ]
    try:
        while not address_file.exists() or not address_file.read_text("utf-8").endswith("}"):
            time.sleep(0.05)
        started += [
            subprocess.Popen(
                [dask, "worker", *common, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"],
                cwd=tmp_path,
                **quiet,
            )
            for _ in range(workers)
        ]
        yield json.loads(address_file.read_text("utf-8"))["address"], started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
