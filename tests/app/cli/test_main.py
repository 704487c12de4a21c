"""The command `minga` finds its commands, and refuses in one sentence."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pb_files import DATA

from allocation.errors import AllocationError
from app.cli import main as cli
from app.cli.main import main

HEAVY = ("flask", "sqlalchemy", "sqlmodel", "alembic", "pabutools", "pulp", "app.factory")


def test_a_command_on_a_file_loads_neither_the_web_nor_the_database() -> None:
    script = (
        "import sys; from app.cli.main import main; main(standalone_mode=False);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    run = subprocess.run(
        [sys.executable, "-c", script, "check", str(DATA / "approval.pb")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.splitlines()[-1] == "[]"


def test_help_lists_the_commands_on_files_and_those_of_the_features() -> None:
    result = CliRunner().invoke(main, ["--help"])

    assert result.exit_code == 0
    assert {"check", "serve"} <= {line.split()[0] for line in result.output.splitlines() if line}


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["chekc"])

    assert result.exit_code == 2
    assert "No such command 'chekc'" in result.stderr


def test_features_are_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    registered = []
    group = cli.MingaGroup("minga")
    monkeypatch.setattr("app.factory.register_commands", registered.append)

    for _ in range(2):
        assert group.get_command(click.Context(group), "round") is None

    assert registered == [group]


def test_what_the_counting_refuses_is_exit_1_and_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AllocationError("Projects 1 and 2 are tied. Add a criterion.")

    monkeypatch.setattr("app.cli.check.check", refuse)

    result = CliRunner().invoke(main, ["check", str(DATA / "approval.pb")])

    assert result.exit_code == 1
    assert result.stderr == "Error: Projects 1 and 2 are tied. Add a criterion.\n"


@pytest.mark.parametrize(
    "command", [["db", "upgrade"], ["round", "list"]], ids=lambda words: words[0]
)
@pytest.mark.parametrize("fault", ["no server", "no folder", "no database"])
def test_a_database_that_cannot_be_opened_is_exit_1_and_a_sentence(
    fault: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.txt").write_text("This is no database.\n" * 99)
    address = {
        "no server": "postgresql://town:sesame@127.0.0.1:1/minga",
        "no folder": f"sqlite:///{tmp_path / 'gone' / 'minga.sqlite3'}",
        "no database": f"sqlite:///{tmp_path / 'letter.txt'}",
    }[fault]
    monkeypatch.setenv("MINGA_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", address)

    result = CliRunner().invoke(main, command)

    assert result.exit_code == 1, result.exception
    assert "The database cannot be opened" in result.stderr
    assert "DATABASE_URL" in result.stderr
    assert "sesame" not in result.output


def test_a_host_that_is_no_address_of_this_computer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGA_INSTANCE", str(tmp_path))
    monkeypatch.setenv("MINGA_HOST", "999.1.1.1")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    CliRunner().invoke(main, ["db", "upgrade"])

    result = CliRunner().invoke(main, ["serve"])

    assert result.exit_code == 1
    assert "999.1.1.1" in result.stderr
    assert "MINGA_HOST" in result.stderr
