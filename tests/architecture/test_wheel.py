"""The wheel alone is enough: installed elsewhere it migrates a database and serves a page."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

OPEN_A_PAGE = """
import app, pathlib
from app.paths import resource_folder
assert pathlib.Path(app.__file__).is_relative_to({site!r}), app.__file__
assert resource_folder("templates").is_relative_to({site!r})
answer = app.create_app().test_client().get("/")
assert answer.status_code == 200, answer.status
assert b"<h1" in answer.data
print("ok")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the contents of a freshly built wheel, as pip lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = folder.glob("minga-*.whl")
    site = folder / "site"
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-compile", "-t", str(site), str(wheel)], check=True
    )
    return site


def test_the_wheel_serves_a_page(installed: Path, tmp_path: Path) -> None:
    libraries = sysconfig.get_paths()["purelib"]
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{installed}:{libraries}",
        "MINGA_INSTANCE": str(tmp_path / "instance"),
    }

    def python(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=env,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    python("-c", "from app.cli.main import main; main(['db', 'upgrade'])")
    said = python("-c", OPEN_A_PAGE.format(site=str(installed)))

    assert said.strip() == "ok"


def test_the_wheel_holds_no_private_or_built_leftovers(installed: Path) -> None:
    names = {path.name for path in installed.rglob("*")}

    assert not names & {"node_modules", "secrets.json", "minga.sqlite3", "__pycache__", ".npmrc"}
