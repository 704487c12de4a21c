"""The command `minga` finds its commands, and refuses in one sentence."""

import subprocess
import sys

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
