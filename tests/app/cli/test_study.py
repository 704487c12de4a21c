"""`minga study`: many elections by many rules, the same table whoever counts and however often."""

import os
import signal
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import studies
from click.testing import CliRunner, Result
from pb_files import pb_file

from app.cli.main import main
from app.cli.study.parts import Parts
from app.cli.study.work import Key


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table of a study of 66 files that nothing disturbed, on one worker."""
    tmp_path = tmp_path_factory.mktemp("undisturbed")
    folder = studies.make_folder(tmp_path, more=60)
    (folder / "bad.pb").write_text(pb_file(budget="-3"), encoding="utf-8")
    out = tmp_path / "results.parquet"
    studies.study(folder, out, "--workers", "1")
    return out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = studies.make_folder(tmp_path, more=60)
    (folder / "bad.pb").write_text(pb_file(budget="-3"), encoding="utf-8")
    return folder


def minga_study(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["study", *map(str, arguments)], catch_exceptions=False)


def test_every_file_and_rule_has_its_row_in_order(undisturbed: Path) -> None:
    rows = studies.rows_of(undisturbed)

    assert len(rows) == 66 * 3
    places = [(row["file"], row["rule"]) for row in rows]
    assert places == sorted(places)
    assert ("town/07.pb", "add1") in places
    first = rows[0]
    assert (first["file"], first["rule"], first["ballots"]) == ("approval.pb", "add1", 15)
    assert (first["budget"], first["budget_decimal"]) == ("50000", 50000.0)
    assert first["number_of_winners"] == len(first["winners"]) > 0
    assert first["ties"][0]["between"] == ["1", "5"]
    assert '"lot_seed":"minga"' in first["rule_sheet"]
    one_run = rows[2]
    assert (one_run["endowment"], one_run["endowment_decimal"]) == ("10000/3", 10000 / 3)


def test_a_malformed_file_is_a_row_with_its_fault(undisturbed: Path) -> None:
    rows = [row for row in studies.rows_of(undisturbed) if row["file"] == "bad.pb"]

    assert [row["refusal_code"] for row in rows] == ["budget"] * 3
    assert "line 9: META gives the budget -3." in rows[0]["refusal"]
    assert rows[0]["winners"] is None


def test_two_workers_make_the_table_of_one(undisturbed: Path, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"

    said = studies.study(folder, out, "--workers", "2")

    assert studies.rows_of(out) == studies.rows_of(undisturbed)
    assert "198 rows in" in said
    assert not out.with_name("results.parquet.parts").exists()


def test_after_a_kill_only_the_rest_is_counted(
    undisturbed: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.parquet"
    process = studies.start(folder, out, "--workers", "2")
    studies.wait_for(lambda: len(studies.finished_counts(out)) >= 3, process)
    children = studies.counting_processes(process.pid)
    studies.kill(process.pid)
    process.communicate()
    before = studies.finished_counts(out)
    assert 3 <= len(before) < 198
    assert not out.exists()
    [part] = out.with_name("results.parquet.parts").glob("*.jsonl")
    with part.open("a") as file:
        file.write('{"key": ["half a li')

    said = studies.study(folder, out, "--workers", "2")

    assert f"198 rows in {out}; {198 - len(before)} counted now" in said
    assert studies.rows_of(out) == studies.rows_of(undisturbed)
    for _ in range(500):
        if not any(Path(f"/proc/{child}").exists() for child in children):
            break
        time.sleep(0.01)
    assert len(children) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def test_a_counting_process_that_dies_costs_nothing_but_time(
    undisturbed: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.parquet"
    process = studies.start(folder, out, "--workers", "2")
    studies.wait_for(lambda: len(studies.finished_counts(out)) >= 3, process)
    for child in studies.counting_processes(process.pid):
        studies.kill(child)

    _, errors = process.communicate(timeout=studies.WAIT_S_MAX)

    assert (process.returncode, errors) == (0, "")
    assert studies.rows_of(out) == studies.rows_of(undisturbed)


def test_ctrl_c_is_one_sentence_that_says_how_to_go_on(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    process = studies.start(folder, out, "--workers", "1")
    studies.wait_for(lambda: len(studies.finished_counts(out)) >= 1, process)

    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=studies.WAIT_S_MAX)

    assert process.returncode == 1
    assert output == ""
    assert errors == (
        "Error: Stopped. What is counted is kept: start again with the same arguments to go on.\n"
    )
    assert len(studies.finished_counts(out)) >= 1


def test_an_existing_cluster_counts_the_same_even_when_a_worker_dies(
    undisturbed: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.parquet"
    with studies.scheduler(tmp_path, workers=2) as (address, workers):
        process = studies.start(folder, out, "--scheduler", address)
        studies.wait_for(lambda: len(studies.finished_counts(out)) >= 3, process)
        workers[0].kill()
        _, errors = process.communicate(timeout=studies.WAIT_S_MAX)

    assert (process.returncode, errors) == (0, "")
    assert studies.rows_of(out) == studies.rows_of(undisturbed)


@pytest.mark.long
def test_a_scheduler_that_is_gone_is_a_sentence_and_what_is_counted_is_kept(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.parquet"
    with studies.scheduler(tmp_path, workers=1) as (address, _):
        process = studies.start(folder, out, "--scheduler", address)
        studies.wait_for(lambda: len(studies.finished_counts(out)) >= 3, process)

    output, errors = process.communicate(timeout=studies.WAIT_S_MAX)

    assert (process.returncode, output) == (1, "")
    assert errors.startswith("Error: The cluster does not answer any more.")
    assert errors.count("\n") == 1
    assert len(studies.finished_counts(out)) >= 3


def test_what_has_not_changed_is_not_counted_again(tmp_path: Path) -> None:
    folder, out = studies.make_folder(tmp_path), tmp_path / "results.parquet"
    rules = tmp_path / "rules.toml"
    (folder / "bad.pb").write_text(pb_file(budget="-3"), encoding="utf-8")

    def counted() -> str:
        return studies.study(folder, out, "--workers", "1")

    assert "18 rows in" in counted()
    before = pq.read_table(out)
    assert "; 0 counted now" in counted()
    assert pq.read_table(out).equals(before)

    (folder / "copy.pb").write_bytes((folder / "approval.pb").read_bytes())
    rules.write_text(rules.read_text("utf-8") + "votes_min = 3\n", encoding="utf-8")
    (folder / "bad.pb").write_text(pb_file(), encoding="utf-8")
    # Greedy is another rule now, for six contents; the mended file is new to the other two.
    assert "; 8 counted now" in counted()
    rows = studies.rows_of(out)
    assert len(rows) == 21
    assert {row["refusal_code"] for row in rows if row["file"] == "bad.pb"} == {None}


def test_a_file_that_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    folder = tmp_path / "elections"
    folder.mkdir()
    (folder / "gone.pb").symlink_to(tmp_path / "nowhere.pb")
    out = tmp_path / "results.parquet"

    result = minga_study(folder, "--out", out)

    assert result.exit_code == 0
    rows = studies.rows_of(out)
    assert {row["refusal_code"] for row in rows} == {"unreadable"}
    assert "gone.pb cannot be read (No such file or directory)." in rows[0]["refusal"]


def test_two_studies_do_not_write_to_one_table(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    with Parts(out):
        result = minga_study(folder, "--out", out)

    assert result.exit_code == 1
    assert "Another study is writing to" in result.stderr


def test_the_folder_for_finished_counts_goes_when_it_is_empty(tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    key = Key("a", "b")

    with Parts(out):
        pass
    assert list(tmp_path.iterdir()) == []

    with Parts(out) as parts:
        parts.append(key, {"refusal_code": None})
    with Parts(out) as parts:
        assert parts.finished() == {key: {"refusal_code": None}}
