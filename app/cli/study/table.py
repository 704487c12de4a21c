"""The table of a study: one row per file and rule, in Parquet."""

import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.parquet as pq

from allocation.rule_sheet import RuleSheet
from allocation.study import canonical_sheet, sheet_digest
from app.cli.study.work import UNREADABLE, VERSION, Key, StudyFile, Values

FORMAT_KEY, FORMAT = b"format", b"minga-study/1"
DECIMAL = "_decimal"
TIE = pa.struct(
    {
        "round": pa.int64(),
        "between": pa.list_(pa.string()),
        "decided_by": pa.string(),
        "chosen": pa.string(),
    }
)
# Of an exact number there is a second column, the nearest double, to read and to plot.
EXACT = {
    "budget", "total_cost", "endowment", "represented", "exclusion_ratio",
    "mean_winners_per_ballot",
}  # fmt: skip
COLUMNS = {
    "file": pa.string(),
    "rule": pa.string(),
    "sha256": pa.string(),
    "rule_sheet": pa.string(),
    "rule_digest": pa.string(),
    "vote_type": pa.string(),
    "projects": pa.int64(),
    "ballots": pa.int64(),
    "budget": pa.string(),
    "warnings": pa.int64(),
    "utility": pa.string(),
    "winners": pa.list_(pa.string()),
    "number_of_winners": pa.int64(),
    "added": pa.list_(pa.string()),
    "total_cost": pa.string(),
    "endowment": pa.string(),
    "runs": pa.int64(),
    "ties": pa.list_(TIE),
    "represented": pa.string(),
    "exclusion_ratio": pa.string(),
    "mean_winners_per_ballot": pa.string(),
    "exact": pa.bool_(),
    "proven_optimal": pa.bool_(),
    "refusal_code": pa.string(),
    "refusal": pa.string(),
    "version": pa.string(),
    "seconds_max": pa.int64(),
    "seconds": pa.float64(),
}
NAMES = frozenset({"file", "rule", "sha256", "rule_sheet", "rule_digest"})
Rows = list[dict[str, Any]]


def _schema() -> pa.Schema:
    fields = []
    for name, kind in COLUMNS.items():
        fields.append(pa.field(name, kind))
        if name in EXACT:
            fields.append(pa.field(name + DECIMAL, pa.float64()))
    return pa.schema(fields, metadata={FORMAT_KEY: FORMAT})


def make_rows(
    files: Sequence[StudyFile], rules: Mapping[str, RuleSheet], finished: Mapping[Key, Values]
) -> Rows:
    """Give each file and rule its row, in the order of their names."""
    sheets = sorted(
        (name, canonical_sheet(sheet), sheet_digest(sheet)) for name, sheet in rules.items()
    )
    return [
        {
            "file": file.name,
            "rule": name,
            "sha256": file.sha256 or None,
            "rule_sheet": sheet,
            "rule_digest": digest,
            **_values(file, Key(file.sha256, digest), finished),
        }
        for file in sorted(files, key=lambda file: (file.name, file.sha256))
        for name, sheet, digest in sheets
    ]


def _values(file: StudyFile, key: Key, finished: Mapping[Key, Values]) -> Values:
    if file.refusal:
        return {"refusal_code": UNREADABLE, "refusal": file.refusal, "version": VERSION}
    return finished[key]


def write_table(path: Path, rows: Rows) -> None:
    """Write the table beside its place and move it there: nobody ever sees half of it."""
    for row in rows:
        for name in EXACT:
            exact = row.get(name)
            row[name + DECIMAL] = None if exact is None else float(Fraction(exact))
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            pq.write_table(pa.Table.from_pylist(rows, schema=_schema()), file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"{click.format_filename(path)} cannot be written ({reason}). Make room, then start "
            "the study again with the same arguments: what is counted is kept."
        ) from error


def read_table(path: Path) -> dict[Key, Values]:
    """Give the counts of an earlier study's table, none if there is no file yet.

    Raises ClickException if the file is something else, which must not be overwritten.
    """
    name = click.format_filename(path)
    if not path.parent.is_dir():
        folder = click.format_filename(path.parent)
        raise click.ClickException(f"There is no folder {folder} for the table. Make it first.")
    if not path.exists():
        return {}
    try:
        table = pq.read_table(path) if path.is_file() else None
    except (OSError, pa.ArrowException):
        table = None
    if table is None or (table.schema.metadata or {}).get(FORMAT_KEY) != FORMAT:
        raise click.ClickException(
            f"{name} exists and is no table of a study. Name another one by --out."
        )
    return {_key(row): _plain(row) for row in table.to_pylist() if row["sha256"]}


def _key(row: Mapping[str, Any]) -> Key:
    return Key(row["sha256"], row["rule_digest"], row["version"])


def _plain(row: Mapping[str, Any]) -> Values:
    return {name: row.get(name) for name in COLUMNS if name not in NAMES}
