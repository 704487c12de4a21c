"""The voter roll as a CSV file: its encoding, its delimiter, its columns, its rows with lines."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy

from app.errors import InvalidError
from app.roll.rules import Person, Problem, ProblemKind, Requirements, RowReader

BYTES_MAX = 25_000_000
ROWS_MAX = 250_000
COLUMNS_MAX = 200
PROBLEMS_MAX = 10_000
COLUMNS_REQUIRED = ("register_number", "district", "name", "address")
COLUMNS_OPTIONAL = ("birth_date",)
ADDRESS_PARTS = ("address", "address_2", "postcode", "town")
"""Cells that together make the address, a line each, save that the postcode precedes the town."""
DELIMITERS = (",", ";", "\t")
SNIFFED_BYTES = 4096
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""Text in which every second byte may be NUL: wrong encoding, but a table all the same."""

_EXAMPLE = """register_number;district;name;address;postcode;town;birth_date
10000001;{0};Ana Robledo Prieto;Calle del Molino 4;28990;Valdeagua;1968-03-21
10000002;{1};Ibrahim Sosa;Plaza Mayor 1, 2º B;28991;Valdeagua;2006-11-02
10000003;{1};Lucía Vidal Marín;Camino de la Huerta 17;28991;Valdeagua;
"""


def example(districts: Sequence[str]) -> str:
    """Write a file to begin from, with the codes of the first areas of a town."""
    codes = [*districts[:2]] or ["north", "south"]
    return _EXAMPLE.format(codes[0], codes[-1])


@dataclass(frozen=True, slots=True)
class RollFile:
    """What a file holds. With `problems` nothing of it may be taken."""

    people: Sequence[Person]
    problems: Sequence[Problem]
    columns_ignored: Sequence[str]


def read(data: bytes, requirements: Requirements) -> RollFile:
    """Read an upload to its end, collecting every problem of every line.

    Raises InvalidError, one sentence, for a file that is no such table at all.
    """
    rows = _rows(_decode(data))
    columns = _columns(rows)
    reader = RowReader(requirements)
    for line, cells in rows:
        if isinstance(cells, str):
            reader.problems.append(Problem(line, ProblemKind.QUOTES))
        elif len(cells) != len(columns):
            reader.problems.append(
                Problem(line, ProblemKind.CELLS, found=str(len(cells)), limit=len(columns))
            )
        else:
            reader.take(line, _known_cells(columns, cells))
        _check_size(reader)
    if not reader.people and not reader.problems:
        raise InvalidError(lazy("The file has a header but nobody in it. Add a row per person."))
    return RollFile(reader.people, reader.problems, [*_ignored(columns)])


def _check_size(reader: RowReader) -> None:
    if len(reader.people) > ROWS_MAX:
        raise InvalidError(
            lazy("The file has more than %(rows)s people. Minga takes no more.", rows=ROWS_MAX)
        )
    if len(reader.problems) > PROBLEMS_MAX:
        raise InvalidError(
            lazy(
                "More than %(number)s rows of the file cannot be read, so it is probably not a "
                "voter roll. Compare it with the example on this page.",
                number=PROBLEMS_MAX,
            )
        )


def _decode(data: bytes) -> str:
    if len(data) > BYTES_MAX:
        raise InvalidError(
            lazy(
                "The file is larger than %(size)s MB. A roll of 250,000 people is smaller: "
                "check that it is the right file and that it has no pictures or extra columns.",
                size=BYTES_MAX // 1_000_000,
            )
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_no_text(data):
            raise InvalidError(
                lazy(
                    "This is no CSV file but a picture, a spreadsheet or another kind of file. "
                    "In a spreadsheet, save the table as “CSV UTF-8”, then upload that."
                )
            ) from error
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidError(
            lazy(
                "The file is not in the encoding UTF-8 (line %(line)s). Letters such as ñ would "
                "be spoiled. Save it again in your spreadsheet as “CSV UTF-8”.",
                line=line,
            )
        ) from error


def _is_no_text(data: bytes) -> bool:
    return b"\0" in data[:SNIFFED_BYTES] and not data.startswith(UTF_16_MARKS)


def _rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line on which each row begins with its cells, or with why it cannot be read."""
    if not text.strip():
        raise InvalidError(lazy("The file is empty. Choose the file with the voter roll."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, str(error)
            continue
        if any(cell.strip() for cell in cells):
            yield line, [_clean(cell) for cell in cells]


def _delimiter(text: str) -> str:
    """Take the one that occurs most in the header; a roll has no header with a single column."""
    header = text.lstrip("\r\n").splitlines()[0]
    return max(DELIMITERS, key=header.count)


def _clean(cell: str) -> str:
    lines = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(" ".join(line.split()) for line in lines.split("\n")).strip()


def _columns(rows: Iterator[tuple[int, list[str] | str]]) -> list[str]:
    _, header = next(rows, (1, ""))
    if isinstance(header, str):
        raise InvalidError(
            lazy("The first line of the file cannot be read. Compare it with the example.")
        )
    if len(header) > COLUMNS_MAX:
        raise InvalidError(
            lazy(
                "The file has more than %(number)s columns. Keep those of the example on this page "
                "and remove the others.",
                number=COLUMNS_MAX,
            )
        )
    names = [cell.lower().replace(" ", "_").replace("-", "_") for cell in header]
    missing = [name for name in COLUMNS_REQUIRED if name not in names]
    if missing:
        raise InvalidError(
            lazy(
                "The first line of the file has to name the columns. Missing: %(missing)s. "
                "Compare it with the example on this page.",
                missing=", ".join(missing),
            )
        )
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise InvalidError(
            lazy(
                "The column %(name)s stands twice in the first line. Remove one of them.",
                name=doubled[0][:40],
            )
        )
    return names


def _known_cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    every = dict(zip(columns, cells, strict=True))
    known = {name: every[name] for name in COLUMNS_REQUIRED}
    known |= {name: every[name] for name in COLUMNS_OPTIONAL if name in every}
    place = " ".join(filter(None, (every.get("postcode", ""), every.get("town", ""))))
    parts = (known["address"], every.get("address_2", ""), place)
    if known["address"]:
        known["address"] = "\n".join(part for part in parts if part)
    return known


def _ignored(columns: Sequence[str]) -> Iterator[str]:
    known = {*COLUMNS_REQUIRED, *COLUMNS_OPTIONAL, *ADDRESS_PARTS}
    yield from (name[:40] for name in columns if name and name not in known)
