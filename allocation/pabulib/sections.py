"""The three sections of a file: found by their titles, each with the rows below its title."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from allocation.errors import PbError
from allocation.pabulib.fields import SECTIONS
from allocation.pabulib.problems import Report
from allocation.pabulib.rows import NO_ROWS, Rows

FIRST_PRINTED, FIRST_BEYOND_ASCII = 0x21, 0x80


@dataclass(frozen=True, eq=False)
class Section:
    """Everything between one title and the next but empty lines; the header comes first."""

    title: str
    line: int
    rows: Rows


def split(rows: Rows, unreadable: PbError | None, report: Report) -> list[Section]:
    """Part the rows at the titles; raise PbError unless all three come once and in order.

    `unreadable` is why the text could not be read beyond these rows; it is met after them.
    """
    empty = _empty_rows(rows)
    # There are three, so one of the first four comes twice or in the wrong place.
    titles = dict(islice(_title_rows(rows), len(SECTIONS) + 1))
    first_text = _first_missing(np.sort(np.concatenate([empty, [*titles]])))
    if first_text < min([len(rows), *titles]):
        _report_empty(rows, empty[empty < first_text], report)
        message = "the file does not begin with the title META on a line of its own."
        raise _section_error(rows.line(first_text), message)
    begins = [*titles, len(rows)]
    for number, (above, row) in enumerate(pairwise([0, *begins])):
        _report_empty(rows, empty[(above <= empty) & (empty < row)], report)
        if row < len(rows):
            _check_order(titles[row], rows.line(row), [*titles.values()][:number])
            _check_title_row(titles[row], rows, row, report)
    if unreadable:
        raise unreadable
    if len(titles) < len(SECTIONS):
        raise _section_error(0, f"the section {SECTIONS[len(titles)]} is missing.")
    return [
        Section(
            title=titles[row],
            line=rows.line(row),
            rows=rows.part(row + 1, stop, without=empty[(row < empty) & (empty < stop)]),
        )
        for row, stop in pairwise(begins)
    ]


def _empty_rows(rows: Rows) -> NDArray[np.int64]:
    """Find the rows in which there is nothing but blanks."""
    if not len(rows):
        return NO_ROWS
    is_printed = (rows.codes >= FIRST_PRINTED) & (rows.codes < FIRST_BEYOND_ASCII)
    found = np.flatnonzero(~np.logical_or.reduceat(is_printed, rows.row_begins[:-1]))
    if not len(found):
        return found
    # Of these, some may consist of letters beyond ASCII.
    beyond = np.flatnonzero(rows.codes >= FIRST_BEYOND_ASCII)
    unclear = np.intersect1d(found, np.searchsorted(rows.row_begins, beyond, side="right") - 1)
    printed = [row for row in unclear.tolist() if any(map(str.strip, rows.row(row)))]
    return np.setdiff1d(found, printed)


def _title_rows(rows: Rows) -> Iterator[tuple[int, str]]:
    """Find the rows with a title in their first cell and nothing in the others."""
    text = rows.codes.tobytes()
    places = (_rows_with(title.encode(), text, rows.row_begins) for title in SECTIONS)
    for row in heapq.merge(*places):
        title, *others = map(str.strip, rows.row(row))
        if title in SECTIONS and not any(others):
            yield row, title


def _rows_with(word: bytes, text: bytes, row_begins: NDArray[np.int64]) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        row = int(np.searchsorted(row_begins, place, side="right")) - 1
        yield row
        place = text.find(word, row_begins[row + 1])


def _first_missing(numbers: NDArray[np.int64]) -> int:
    """Find the first number from 0 that is not among these, which are in order."""
    gaps = np.flatnonzero(numbers != np.arange(len(numbers)))
    return int(gaps[0]) if len(gaps) else len(numbers)


def _report_empty(rows: Rows, empty: NDArray[np.int64], report: Report) -> None:
    def tell(line: int) -> None:
        report.fault(line, "empty_line", "the line is empty.", "Delete it.", "Skipped.")

    report.faults(rows.lines[empty], tell)


def _check_order(title: str, line: int, earlier: list[str]) -> None:
    if title in earlier:
        raise _section_error(line, f"the section {title} comes twice.")
    expected = SECTIONS[len(earlier)]
    if title != expected:
        raise _section_error(line, f"the section {title} comes where {expected} should be.")


def _section_error(line: int, message: str) -> PbError:
    hint = "A file has the sections META, PROJECTS and VOTES, once each and in this order."
    return PbError(line, "section", message, hint)


def _check_title_row(title: str, rows: Rows, row: int, report: Report) -> None:
    if rows.row(row) != [title]:
        message, hint = f"the title {title} has something beside it.", "Leave only the title."
        report.fault(rows.line(row), "row_length", message, hint, "Ignored that.")
