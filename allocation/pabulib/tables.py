"""A section as a table: its header checked, and its rows made to fit it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from allocation.pabulib.blanks import padded
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.rows import CELL_END, Rows
from allocation.pabulib.sections import Section
from allocation.pabulib.texts import Places, Texts, texts_of


@dataclass(frozen=True)
class Columns:
    """What a section's columns are called, and which it cannot do without."""

    required: tuple[str, ...]
    known: Collection[str]
    renamed: Mapping[str, str] = field(default_factory=dict)
    # Blanks around a cell are taken away, except in these columns.
    kept_as_written: Collection[str] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of as many cells as there are columns, without blanks; `place` says which is where."""

    line: int
    rows: Rows
    place: Mapping[str, int]

    @cached_property
    def lines(self) -> list[int]:
        lines: list[int] = self.rows.lines.tolist()
        return lines

    def columns(self) -> dict[str, list[str]]:
        """Return all cells by column."""
        return {name: self.texts([name]).strings() for name in self.place}

    def texts(self, names: Sequence[str]) -> Texts:
        """Return for each row its cells of these columns as one text, with CELL_ENDs between.

        The columns are in the order of the table.
        """
        first, last = self.place[names[0]], self.place[names[-1]]
        if last - first == len(names) - 1:
            width = int(self.rows.widths.max(initial=1))
            cells = self._cells
            return cells.within(cells.begins[first::width], cells.ends[last::width])
        columns = [self.texts([name]).strings() for name in names]
        return texts_of([CELL_END.join(cells) for cells in zip(*columns, strict=True)])

    @cached_property
    def _cells(self) -> Texts:
        return self.rows.texts()


def read_table(section: Section, columns: Columns, report: Report) -> Table | None:
    """Check the header and make every row fit it; None if the section cannot be used."""
    if not len(section.rows):
        message = f"the section {section.title} has no header line."
        report.error(section.line, "header", message, "Add the names of its columns below.")
        return None
    header, line = section.rows.row(0), section.rows.line(0)
    place = _place(header, line, columns, report)
    missing = [name for name in columns.required if name not in place]
    for name in missing:
        message = f"the section {section.title} has no column {name}."
        report.error(line, "column_missing", message, f"Add the column {name}.")
    if missing:
        return None
    rows = section.rows.part(1, len(section.rows))
    as_written = [place[name] for name in columns.kept_as_written]
    if _report_misfits(rows, len(header), as_written, report):
        rows = _fitted(rows, [*place.values()], as_written)
        place = {name: index for index, name in enumerate(place)}
    return Table(section.line, rows, place)


def _place(header: list[str], line: int, columns: Columns, report: Report) -> dict[str, int]:
    """Find the usable columns; report those that are unknown, outdated, padded or there twice."""
    place: dict[str, int] = {}
    names = [_column_name(name, line, columns, report) for name in header]
    known = frozenset(columns.known)
    for index, name in enumerate(names):
        if name not in known:
            message = f"the column {shown(name)} is not part of the format."
            report.fault(line, "unknown_column", message, "Remove or rename it.", "Ignored it.")
        elif name in place:
            message = f"the column {name} is there twice."
            report.error(line, "column_twice", message, "Remove one of the two.")
        else:
            place[name] = index
    return place


def _column_name(written: str, line: int, columns: Columns, report: Report) -> str:
    name = written.strip()
    if name != written:
        message = f"there are blanks around the column name {shown(name)}."
        report.fault(line, "padding", message, "Remove them.", "Ignored them.")
    if name in columns.renamed:
        current = columns.renamed[name]
        message = f"the column {name} is now called {current}."
        report.fault(line, "old_column", message, "Rename it.", f"Read as {current}.")
        return current
    return name


def _report_misfits(rows: Rows, width: int, as_written: Sequence[int], report: Report) -> bool:
    """Report rows of another width than the header and blanks around cells; False if none."""
    widths, cells_padded = rows.widths, padded(rows.texts())
    # Two places for each row keep the faults in the order of the rows.
    ill_sized = 2 * np.flatnonzero(widths != width)
    ill_padded = 2 * _rows_with(cells_padded, rows, width, as_written) + 1

    def tell(place: int) -> None:
        row, is_padded = divmod(place, 2)
        if is_padded:
            message, hint = "there are blanks around a cell.", "Remove them."
            report.fault(rows.line(row), "padding", message, hint, "Ignored them.")
            return
        message = f"the row has {widths[row]} cells, the header has {width}."
        hint = "Add or remove cells; quote a cell that holds a semicolon."
        is_short = widths[row] < width
        repair = "Added empty cells." if is_short else "Ignored the cells beyond."
        report.fault(rows.line(row), "row_length", message, hint, repair)

    report.each_fault(np.sort(np.concatenate([ill_sized, ill_padded])), tell)
    return len(ill_sized) + len(ill_padded) > 0


def _rows_with(cells: Places, rows: Rows, width: int, as_written: Sequence[int]) -> Places:
    """Find the rows of these cells, except cells beyond the header and those kept as written."""
    row = np.searchsorted(rows.starts, cells, side="right") - 1
    column = cells - rows.starts[row]
    has_one = np.zeros(len(rows), dtype=np.bool_)
    has_one[row[(column < width) & ~np.isin(column, as_written)]] = True
    return np.flatnonzero(has_one)


def _fitted(rows: Rows, columns: Sequence[int], as_written: Sequence[int]) -> Rows:
    """Take these columns only, with an empty cell where a row is too short, and without blanks."""
    cells = np.array([*rows.texts().strings(), ""], dtype=object)
    fitted = []
    for column in columns:
        places = np.where(column < rows.widths, rows.starts[:-1] + column, -1)
        written: list[str] = cells[places].tolist()
        fitted.append(written if column in as_written else [*map(str.strip, written)])
    return Rows.of(
        cells=[cell for row in zip(*fitted, strict=True) for cell in row],
        widths=[len(columns)] * len(rows),
        lines=rows.lines,
    )
