"""Reading and writing for commands: whatever goes wrong is one sentence."""

from pathlib import Path

import click
import pytest

from allocation.pabulib import Problem
from app.cli import output


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="is a folder"):
        output.read_file(tmp_path)


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(click.ClickException, match=r"cannot be read .Not a directory"):
        output.read_file(file / "below")


def test_an_impossible_name_is_a_sentence_too() -> None:
    with pytest.raises(click.ClickException, match=r"cannot be read .embedded null"):
        output.read_file(Path("a\0b"))


def test_no_more_is_read_than_shows_that_it_is_too_much(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x" * 100)

    assert output.read_file(file, bytes_max=10) == b"x" * 11


def test_a_text_must_be_utf8(tmp_path: Path) -> None:
    file = tmp_path / "constraints.toml"
    file.write_bytes(b"name = '\xff'")

    with pytest.raises(click.ClickException, match="is not UTF-8 text"):
        output.read_text(file)


def test_a_text_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "constraints.toml"
    file.write_bytes("name = 'praça'\r\n".encode())

    assert output.read_text(file) == "name = 'praça'\r\n"


def test_json_is_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    target = tmp_path / "result.json"

    output.write_json(str(target), {"b": "praça", "a": [1]})

    assert target.read_bytes() == '{\n  "a": [\n    1\n  ],\n  "b": "praça"\n}\n'.encode()


def test_json_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match=r"cannot be written .Is a directory"):
        output.write_json(str(tmp_path), {})


def test_many_warnings_of_a_kind_are_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    warnings = [Problem(line, "padding", "x.", "y.", is_error=False) for line in range(1, 9)]

    output.echo_warnings(warnings)

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "warning: line 1: x. y."
    assert lines[5:] == ["warning: 3 more of the kind padding; `minga check --lenient` lists all."]
