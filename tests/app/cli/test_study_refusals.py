"""What `minga study` refuses before it counts, each in one plain sentence."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import studies
from click.testing import CliRunner, Result

from allocation.rule_sheet import RuleSheet
from app.cli.main import main
from app.cli.study import command, progress
from app.cli.study.cluster import check_version
from app.cli.study.progress import Progress
from app.cli.study.work import VERSION, Key, StudyFile, Task, is_final


def minga_study(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["study", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return studies.make_folder(tmp_path)


def refusal(*arguments: str | Path) -> str:
    result = minga_study(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    return result.stderr


def test_a_folder_without_elections_is_named(tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    (tmp_path / "letter.txt").write_text("This is no election.", encoding="utf-8")

    assert "holds no .pb files" in refusal(tmp_path, "--out", out)
    assert "There is no folder" in refusal(tmp_path / "gone", "--out", out)
    assert "is no folder" in refusal(tmp_path / "letter.txt", "--out", out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt"]


def test_a_table_that_cannot_be_made_is_refused_before_counting(
    folder: Path, tmp_path: Path
) -> None:
    assert "There is no folder" in refusal(folder, "--out", tmp_path / "gone" / "results.parquet")
    assert "is no table of a study" in refusal(folder, "--out", folder / "approval.pb")
    assert "is no table of a study" in refusal(folder, "--out", folder)
    another = tmp_path / "another.parquet"
    pq.write_table(pa.table({"sha256": ["not of a study"]}), another)
    assert "is no table of a study" in refusal(folder, "--out", another)
    assert pq.read_table(another).to_pylist() == [{"sha256": "not of a study"}]

    (tmp_path / "results.parquet.parts").write_text("in the way", encoding="utf-8")
    sentence = refusal(folder, "--out", tmp_path / "results.parquet")
    assert "for finished counts cannot be used (File exists)" in sentence


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("[x", "is not TOML"),
        ("", "names no rule"),
        ('rule = "greedy"', "rule is no table of options"),
        ("[wide]\nrule = 'eqaul'", "wide: rule: 'eqaul' is not one of equal-shares"),
        ("[wide]\nrule = 'greedy'\ncompletion = 'add1'", "wide: The rule greedy has no option"),
    ],
)
def test_rules_that_make_no_sense_are_named(
    rules: str, sentence: str, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(rules, encoding="utf-8")

    assert sentence in refusal(folder, "--out", tmp_path / "results.parquet", "--rules", path)


def test_an_empty_lot_seed_is_refused(folder: Path, tmp_path: Path) -> None:
    sentence = refusal(folder, "--out", tmp_path / "results.parquet", "--lot-seed", "")

    assert "lot_seed: must be a text of 1 to 1000 characters" in sentence


@pytest.mark.parametrize(
    "wrong",
    [
        ["--workers", "0"],
        ["--seconds-max", "0"],
        ["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(wrong: list[str], folder: Path, tmp_path: Path) -> None:
    result = minga_study(folder, "--out", tmp_path / "results.parquet", *wrong)

    assert result.exit_code == 2
    assert wrong[0] in result.stderr


def test_without_the_extra_packages_a_sentence_says_how_to_get_them(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "EXTRA", ("distributed", "no_such_package"))

    assert "pip install 'minga[study]'" in refusal(folder, "--out", tmp_path / "results.parquet")


@pytest.fixture
def mute_port() -> Iterator[int]:
    """Give a port where somebody listens who is no scheduler and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_scheduler_that_does_not_answer_is_named(
    folder: Path, tmp_path: Path, mute_port: int
) -> None:
    for address in (f"tcp://127.0.0.1:{mute_port}", "hello"):
        run = subprocess.run(
            [
                studies.MINGA,
                "study",
                folder,
                "--out",
                tmp_path / "r.parquet",
                "--scheduler",
                address,
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert run.returncode == 1
        assert run.stderr.startswith(f"Error: No Dask scheduler answers at {address}.")
        assert run.stderr.count("\n") == 1


def test_other_commands_and_help_load_none_of_the_extra_packages() -> None:
    script = (
        "import sys; from app.cli.main import main;"
        "main(sys.argv[1:], standalone_mode=False);"
        "print([name for name in ('dask', 'distributed', 'pyarrow') if name in sys.modules])"
    )

    for arguments in (["--help"], ["study", "--help"], ["allocate", "--help"]):
        run = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
        )
        assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("code", "limit", "final"),
    [
        (None, 10, True),
        ("tie_unresolved", 10, True),
        ("time_limit", 10, True),
        ("time_limit", 9, False),
        ("worker_died", 10, False),
        ("fault", 10, False),
        ("unreadable", 10, False),
    ],
)
def test_what_tells_of_the_computer_is_tried_again(code: str, limit: int, *, final: bool) -> None:
    assert is_final({"refusal_code": code, "seconds_max": limit}, 10) is final


def test_another_version_of_minga_does_not_count_along() -> None:
    check_version(VERSION, "A worker")
    with pytest.raises(click.ClickException, match=r"A worker has minga 0\.0\.9, this is"):
        check_version("0.0.9", "A worker")


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def tasks(*sizes: int) -> list[Task]:
    files = [StudyFile(f"{n}.pb", Path(f"{n}.pb"), size) for n, size in enumerate(sizes)]
    return [Task(Key(file.name, ""), file, RuleSheet()) for file in files]


def test_progress_is_a_line_a_minute_where_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock, left = Clock(), tasks(300, 100)
    shown = Progress(files=5, units=10, tasks=left, clock=clock)

    clock.now = 59
    shown.tick()
    assert capsys.readouterr().err == ""

    clock.now = 90
    shown.count_done(left[0])
    shown.close()
    assert capsys.readouterr().err == (
        "9 of 10 counts, 4 of 5 files, 1 min 30 s, about 30 s left\n"
    )


def test_progress_is_redrawn_in_place_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: True, raising=False)
    clock, left = Clock(), tasks(1)
    shown = Progress(files=1, units=1, tasks=left, clock=clock)

    for clock.now in (1, 1.25):  # the second comes too soon
        shown.tick()
    clock.now = 2
    shown.count_done(left[0])
    shown.close()

    _, first, second, blank, rest = capsys.readouterr().err.split("\r")
    assert first == "0 of 1 counts, 0 of 1 files, 1 s"
    assert second == "1 of 1 counts, 1 of 1 files, 2 s, about 0 s left"
    assert (blank.strip(), rest) == ("", "")
