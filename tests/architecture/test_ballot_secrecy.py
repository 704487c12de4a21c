"""Nothing in the schema leads from a person to a ballot, or tells when a ballot was cast."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import factories_ballots
import pytest
from factories_ballots import record_ballot
from factories_rounds import make_round
from flask import Flask
from sqlalchemy import MetaData, Table, text

from app.ballots import models
from app.db import engine, read_tx
from app.db.models import metadata
from voting.choices import Choices
from voting.limits import BallotType

BALLOT_TABLES = {
    "ballot": {"round_id", "slot", "version", "commitment", "record"},
    "ballot_head": {"round_id", "slot", "version"},
    "ballot_draft": {"round_id", "draft_id", "sealed"},
    "board_entry": {"round_id", "commitment", "batch_no"},
    "board_batch": {
        *("round_id", "batch_no", "count", "root", "prev_head", "head", "signature"),
        "published_on",
    },
}
PEOPLE_TABLES = {"account", "session", "roll_entry", "roll_import", "letter_batch"}
SMALL_SAMPLE = 400
RHO_MAX = 0.2  # chance exceeds it once in 15,000 such samples


def test_ballot_tables_hold_the_columns_of_the_design_and_no_other() -> None:
    tables = metadata().tables

    for name, columns in BALLOT_TABLES.items():
        assert {column.name for column in tables[name].columns} == columns
        assert tables[name].dialect_options["sqlite"]["with_rowid"] is False
    assert {name for name in tables if name.startswith(("ballot", "board"))} == set(BALLOT_TABLES)


def test_the_database_itself_has_the_same_columns(database: str) -> None:
    found = MetaData()
    found.reflect(engine.current(), only=list(BALLOT_TABLES))

    for name, columns in BALLOT_TABLES.items():
        assert {column.name for column in found.tables[name].columns} == columns


def test_no_chain_of_foreign_keys_joins_people_and_ballots() -> None:
    tables = metadata().tables

    for name in BALLOT_TABLES:
        assert not tables[name].foreign_keys, f"{name} refers to another table"
    pointed_at = {key.column.table.name for table in tables.values() for key in table.foreign_keys}
    assert not pointed_at & set(BALLOT_TABLES)
    for name in PEOPLE_TABLES:
        assert not _reachable(tables[name], tables) & set(BALLOT_TABLES)


def _reachable(start: Table, tables) -> set[str]:
    """Return all tables that foreign keys join with one, in either direction."""
    found, left = {start.name}, [start.name]
    while left:
        here = left.pop()
        for neighbour in _neighbours(here, tables) - found:
            found.add(neighbour)
            left.append(neighbour)
    return found


def _neighbours(name: str, tables) -> set[str]:
    joined = set()
    for table in tables.values():
        ends = {key.column.table.name for key in table.foreign_keys}
        if table.name == name:
            joined |= ends
        elif name in ends:
            joined.add(table.name)
    return joined


def test_the_roll_keeps_no_name_address_or_birth_date() -> None:
    columns = {column.name for column in metadata().tables["roll_entry"].columns}

    assert columns == {
        *("id", "round_id", "district", "selector", "salt", "code_check", "ext_key", "state")
    }


def test_ballots_and_the_roll_are_written_by_different_features() -> None:
    root = Path(models.__file__).parents[1]
    for path in _sources(root / "roll"):
        assert "ballot" not in re.findall(
            r"^(?:from|import) app\.(\w+)", path.read_text(), re.MULTILINE
        )
    for path in _sources(root / "ballots"):
        assert "RollEntryRow" not in path.read_text()


def _sources(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*.py")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_stores_ballots_in_an_order_that_is_not_that_of_casting(app: Flask) -> None:
    factories_ballots.use(app)
    round_ = make_round()
    cast = []
    for _ in range(SMALL_SAMPLE):
        choices = Choices.of_projects(BallotType.APPROVAL, ["bench"])
        cast.append(record_ballot(round_, round_.pot.id, choices).commitment)

    stored = read_tx(
        lambda s: [
            bytes(c)
            for c in s.connection().execute(text("SELECT commitment FROM ballot")).scalars()
        ]
    )

    places = {commitment: place for place, commitment in enumerate(cast)}
    assert abs(_rank_correlation([places[c] for c in stored])) < RHO_MAX


def _rank_correlation(places: list[int]) -> float:
    n = len(places)
    squares = sum((place - order) ** 2 for order, place in enumerate(places))
    return 1 - 6 * squares / (n * (n * n - 1))


def test_identifiers_of_roll_entries_tell_no_time() -> None:
    column = metadata().tables["roll_entry"].columns["id"]

    assert column.default.arg(None).version == uuid.uuid4().version
