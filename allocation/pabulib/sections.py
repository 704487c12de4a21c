"""The three sections of a file: found by their titles, each a table with a checked header."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from allocation.errors import PbError
from allocation.pabulib.fields import SECTIONS
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.rows import Row


@dataclass(frozen=True)
class Section:
    """Everything between one title and the next, the header first."""

    title: str
    line: int
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """What a section's columns are called, and which it cannot do without."""

    required: tuple[str, ...]
    known: Collection[str]
    renamed: Mapping[str, str] = field(default_factory=dict)
    # Blanks around a cell are taken away, except in these columns.
    kept_as_written: Collection[str] = ()


@dataclass(frozen=True)
class Table:
    """A section's rows, all as wide as its header; `place` says where each usable column is."""

    line: int
    place: Mapping[str, int]
    rows: list[Row]


def split(rows: Iterable[Row], report: Report) -> list[Section]:
    """Part the rows at the titles; raise PbError unless all three come once and in order."""
    sections: list[Section] = []
    for row in rows:
        if not any(map(str.strip, row.cells)):
            report.fault(row.line, "empty_line", "the line is empty.", "Delete it.", "Skipped.")
        elif title := _title(row):
            _check_order(title, row.line, [section.title for section in sections])
            _check_title_row(title, row, report)
            sections.append(Section(title, row.line))
        elif sections:
            sections[-1].rows.append(row)
        else:
            raise _section_error(
                row.line, "the file does not begin with the title META on a line of its own."
            )
    if len(sections) < len(SECTIONS):
        raise _section_error(0, f"the section {SECTIONS[len(sections)]} is missing.")
    return sections


def read_table(section: Section, columns: Columns, report: Report) -> Table | None:
    """Check the header and make every row fit it; None if the section cannot be used."""
    if not section.rows:
        message = f"the section {section.title} has no header line."
        report.error(section.line, "header", message, "Add the names of its columns below.")
        return None
    header, *rows = section.rows
    place = _place(header, columns, report)
    missing = [name for name in columns.required if name not in place]
    for name in missing:
        message = f"the section {section.title} has no column {name}."
        report.error(header.line, "column_missing", message, f"Add the column {name}.")
    if missing:
        return None
    as_written = {place[name] for name in columns.kept_as_written}
    width = len(header.cells)
    return Table(section.line, place, [_fitted(row, width, as_written, report) for row in rows])


def _title(row: Row) -> str:
    """Return the title if the row is one, also with blanks or empty cells around it."""
    title = row.cells[0].strip()
    is_title = title in SECTIONS and not any(map(str.strip, row.cells[1:]))
    return title if is_title else ""


def _check_order(title: str, line: int, earlier: list[str]) -> None:
    if title in earlier:
        raise _section_error(line, f"the section {title} comes twice.")
    expected = SECTIONS[len(earlier)]
    if title != expected:
        raise _section_error(line, f"the section {title} comes where {expected} should be.")


def _section_error(line: int, message: str) -> PbError:
    hint = "A file has the sections META, PROJECTS and VOTES, once each and in this order."
    return PbError(line, "section", message, hint)


def _check_title_row(title: str, row: Row, report: Report) -> None:
    if row.cells != [title]:
        message = f"the title {title} has something beside it."
        report.fault(row.line, "row_length", message, "Leave only the title.", "Ignored that.")


def _place(header: Row, columns: Columns, report: Report) -> dict[str, int]:
    """Find the usable columns; report those that are unknown, outdated, padded or there twice."""
    place: dict[str, int] = {}
    names = [_column_name(name, header, columns, report) for name in header.cells]
    for index, name in enumerate(names):
        if name not in columns.known:
            message = f"the column {shown(name)} is not part of the format."
            hint = "Remove or rename it."
            report.fault(header.line, "unknown_column", message, hint, "Ignored it.")
        elif name in place:
            message = f"the column {name} is there twice."
            report.error(header.line, "column_twice", message, "Remove one of the two.")
        else:
            place[name] = index
    return place


def _column_name(written: str, header: Row, columns: Columns, report: Report) -> str:
    name = written.strip()
    if name != written:
        message = f"there are blanks around the column name {shown(name)}."
        report.fault(header.line, "padding", message, "Remove them.", "Ignored them.")
    if name in columns.renamed:
        current = columns.renamed[name]
        message = f"the column {name} is now called {current}."
        report.fault(header.line, "old_column", message, "Rename it.", f"Read as {current}.")
        return current
    return name


def _fitted(row: Row, width: int, as_written: Collection[int], report: Report) -> Row:
    """Give the row as many cells as the header has, without blanks around them."""
    cells = row.cells
    if len(cells) != width:
        message = f"the row has {len(cells)} cells, the header has {width}."
        hint = "Add or remove cells; quote a cell that holds a semicolon."
        repair = "Added empty cells." if len(cells) < width else "Ignored the cells beyond."
        report.fault(row.line, "row_length", message, hint, repair)
        cells = (cells + [""] * width)[:width]
    stripped = [*map(str.strip, cells)]
    for index in as_written:
        stripped[index] = cells[index]
    if stripped != cells:
        message = "there are blanks around a cell."
        report.fault(row.line, "padding", message, "Remove them.", "Ignored them.")
    return Row(row.line, stripped)
