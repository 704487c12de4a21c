"""`minga roll …` on the command line."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories_ballots import make_csv, make_people, make_roll
from factories_rounds import MadeRound, make_round
from flask import Flask
from pypdf import PdfReader
from sqlmodel import select

from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.roll import cli, queries, staging
from app.roll.models import RollImportRow, RollImportState
from app.rounds.models import RoundRow


@pytest.fixture(autouse=True)
def _in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def run(*words: object) -> Result:
    return CliRunner().invoke(cli.roll_group, list(map(str, words)))


def refusal(*words: object) -> str:
    """Return the sentence of a refusal; `minga` turns it into exit 1."""
    refused = run(*words).exception
    assert isinstance(refused, UserFacingError), refused
    return str(refused)


def approved_roll(round_: MadeRound, number: int) -> None:
    """A roll as two persons have approved it, with its addresses."""
    people = make_people(number)
    make_roll(round_, number)

    def approve(session) -> None:
        row = session.exec(select(RollImportRow)).one()
        row.state = RollImportState.APPROVED
        row.staged = staging.seal_people(row.id, people)
        session.get(RoundRow, round_.id).roll_approved_at = row.uploaded_at

    run_tx(approve)


def test_a_file_is_staged_and_waits_for_two_persons(tmp_path: Path) -> None:
    round_ = make_round("frozen", slug="one")
    file = tmp_path / "roll.csv"
    file.write_bytes(make_csv(make_people(3)))

    result = run("import", "one", file)

    assert result.exit_code == 0
    assert "town: 3" in result.output
    assert "a second person approves" in result.output
    waiting = read_tx(lambda s: queries.waiting_import(s, round_.id))
    assert waiting.uploaded_by is None
    assert not read_tx(lambda s: queries.counts_by_district(s, round_.id))


def test_problems_are_told_by_line_and_nothing_is_kept(tmp_path: Path) -> None:
    round_ = make_round("frozen", slug="one")
    file = tmp_path / "roll.csv"
    file.write_bytes(make_csv([*make_people(2), *make_people(1)]))

    result = run("import", "one", file)

    assert "line 4: The register number “00000001” stands in line 2 already." in result.output
    assert "The file has 1 problem, so nothing was kept." in str(result.exception)
    assert read_tx(lambda s: queries.imports(s, round_.id)) == []


@pytest.mark.parametrize(("name", "words"), [("no.csv", "cannot be read"), (".", "cannot be read")])
def test_a_file_that_is_none_is_one_sentence(tmp_path: Path, name: str, words: str) -> None:
    make_round("frozen", slug="one")

    assert words in refusal("import", "one", tmp_path / name)


def test_an_unknown_round_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "roll.csv"
    file.write_bytes(make_csv(make_people(1)))

    assert "no such round" in refusal("import", "nowhere", file)


def test_letters_are_written_for_the_owner_of_the_file_alone(tmp_path: Path) -> None:
    round_ = make_round("frozen", slug="one")
    file = tmp_path / "roll.csv"
    file.write_bytes(make_csv(make_people(2)))
    run("import", "one", file)
    approved_roll(round_, 2)
    out = tmp_path / "letters.pdf"

    result = run("letters", "one", out)

    assert result.exit_code == 0, result.exception
    assert len(PdfReader(out).pages) == 2
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(tmp_path.glob(".*")) == []
    [counts] = read_tx(lambda s: queries.counts_by_district(s, round_.id)).values()
    assert counts.with_code == 2
    assert "has a code already" in refusal("letters", "one", tmp_path / "again.pdf")
    assert "exists already" in refusal("letters", "one", out)


def test_letters_need_an_approved_roll(tmp_path: Path) -> None:
    make_round("frozen", slug="one")

    assert "not been approved by a second person" in refusal("letters", "one", tmp_path / "out.pdf")
