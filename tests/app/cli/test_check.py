"""`minga check`: every problem with its line; 0 ok, 1 refused, 2 wrong usage."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pb_files import DATA, VOTES, pb_file

from app.cli.main import main

FAULTY = pb_file(votes=(*VOTES[:3], "c;2,3,2", "d;1,99"), max_length="2")
UNKNOWN = "line 25: the ballot of voter d names project 99, which is not in PROJECTS."


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.pb"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def test_a_file_without_faults_can_be_counted() -> None:
    result = check(DATA / "approval.pb")

    assert result.exit_code == 0
    assert result.stdout == "approval.pb can be counted: no errors, 0 warnings.\n"
    assert result.stderr == ""


def test_every_fault_is_said_with_its_line_and_the_file_refused(faulty: Path) -> None:
    result = check(faulty)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "error: line 24: the ballot of voter c names project 2 twice. Remove one of the two.",
        f"error: {UNKNOWN} Correct the id, or add the project.",
        "Error: faulty.pb is refused: 2 errors, 0 warnings. Correct the errors, then check again.",
    ]


def test_lenient_mends_and_says_how(faulty: Path) -> None:
    result = check(faulty, "--lenient")

    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "warning: line 24: the ballot of voter c names project 2 twice. Kept the first.",
        f"warning: {UNKNOWN} Left that entry out.",
    ]
    assert result.stdout == "faulty.pb can be counted: no errors, 2 warnings.\n"


def test_json_on_standard_output_stands_alone(faulty: Path) -> None:
    result = check(faulty, "--lenient", "--json", "-")

    document = json.loads(result.stdout)
    assert document["format"] == "minga-check/1"
    assert document["mode"] == "lenient"
    assert document["instance"] == {
        "file": "faulty.pb",
        "sha256": hashlib.sha256(FAULTY.encode()).hexdigest(),
    }
    assert document["errors"] == []
    assert document["warnings"][0] == {
        "line": 24,
        "code": "repeated_project",
        "message": "the ballot of voter c names project 2 twice.",
        "hint": "Kept the first.",
    }


def test_json_is_written_also_when_the_file_is_refused(faulty: Path, tmp_path: Path) -> None:
    target = tmp_path / "problems.json"

    result = check(faulty, "--json", target)

    assert result.exit_code == 1
    assert len(json.loads(target.read_text(encoding="utf-8"))["errors"]) == 2


def test_a_missing_file_is_one_sentence() -> None:
    result = check("nowhere.pb")

    assert result.exit_code == 1
    assert result.stderr == "Error: There is no file nowhere.pb. Check the name.\n"


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.pb"
    path.write_bytes(pb_file().replace("Trees", "Árvores").encode("latin-1"))

    result = check(path)

    assert result.exit_code == 1
    assert "error: line 16: the text is not UTF-8." in result.stderr


@pytest.mark.parametrize("arguments", [(), ("a.pb", "b.pb"), ("a.pb", "--strict")])
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    assert check(*arguments).exit_code == 2
