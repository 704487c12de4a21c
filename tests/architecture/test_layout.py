"""What holds for the whole tree and is not a matter of types or imports."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [path for top in ("app", "allocation", "voting") for path in (ROOT / top).rglob("*.py")]


def _python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module", ["allocation.allocate", "allocation.pabulib", "voting.ballots", "app.cli.main"]
)
def test_pure_code_loads_neither_the_web_nor_the_database_nor_a_solver(module: str) -> None:
    loaded = _python(
        f"import sys, {module}; heavy = {{'flask', 'sqlalchemy', 'sqlmodel', 'pulp', 'pabutools', "
        "'numba', 'altair', 'wtforms'}; print(sorted(heavy & set(sys.modules)))"
    )

    assert loaded == "[]"


def test_no_process_of_the_web_loads_what_only_counting_needs() -> None:
    loaded = _python(
        "import sys, app.factory, app.results.routes, app.jobs.worker; heavy = {'altair', "
        "'vl_convert', 'numba', 'pulp', 'pabutools', 'dask', 'pyarrow'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )

    assert loaded == "[]"


def test_nobody_imports_the_proprietary_solver() -> None:
    loaded = _python(
        "import sys, pulp, pabutools.rules, pabutools.election; print('gurobipy' in sys.modules)"
    )

    assert loaded == "False"
    assert not re.search(r"gurobipy", (ROOT / "requirements" / "runtime.txt").read_text())


def test_only_the_database_layer_ends_transactions() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if (ROOT / "app" / "db") not in path.parents
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\bsession\.(commit|rollback|begin)\(", line)
    ]

    assert found == []


def test_only_the_settings_read_the_environment() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path != ROOT / "app" / "config.py" and (ROOT / "app" / "assets") not in path.parents
        if re.search(r"\bos\.(environ|getenv)", path.read_text("utf-8"))
    ]

    assert found == []


def test_lock_files_hold_hashes_and_no_address() -> None:
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "app" / "assets" / "package-lock.json"]

    for lock in locks:
        addresses = re.findall(r"https?://[^\s\"]+", lock.read_text("utf-8"))
        assert [one for one in addresses if "registry" in one or "pypi" in one] == [], lock
    for name in ("runtime.txt", "test.txt"):
        pinned = (ROOT / "requirements" / name).read_text("utf-8")
        assert pinned.count("==") <= pinned.count("--hash=sha256:")


def test_templates_mark_nothing_as_safe_by_themselves() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\|\s*safe\b", path.read_text("utf-8"))
    ]

    assert found == []
