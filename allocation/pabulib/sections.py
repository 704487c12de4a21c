"""The three sections of a file: found by their titles, each with the rows below its title."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from allocation.errors import PbError
from allocation.pabulib.fields import SECTIONS
from allocation.pabulib.lookup import different
from allocation.pabulib.problems import Report
from allocation.pabulib.rows import Rows
from allocation.pabulib.texts import texts_in

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
    is_empty = _are_empty(rows)
    # There are three, so one of the first four comes twice or in the wrong place.
    titles = dict(islice(_title_rows(rows), len(SECTIONS) + 1))
    first_text = _first_text(is_empty, titles)
    if first_text < min([len(rows), *titles]):
        _report_empty(rows, is_empty, 0, first_text, report)
        message = "the file does not begin with the title META on a line of its own."
        raise _section_error(rows.line(first_text), message)
    begins = [*titles, len(rows)]
    for number, (above, row) in enumerate(pairwise([0, *begins])):
        _report_empty(rows, is_empty, above, row, report)
        if row < len(rows):
            _check_order(titles[row], rows.line(row), [*titles.values()][:number])
            _check_title_row(titles[row], rows, row, report)
    if unreadable:
        raise unreadable
    if len(titles) < len(SECTIONS):
        raise _section_error(0, f"the section {SECTIONS[len(titles)]} is missing.")
    return _sections(rows, titles, is_empty)


def _sections(rows: Rows, titles: Mapping[int, str], is_empty: NDArray[np.bool_]) -> list[Section]:
    """Part the rows below the titles, without the empty ones."""
    begins = [row - int(is_empty[:row].sum()) for row in [*titles, len(rows)]]
    filled = rows.where(~is_empty) if is_empty.any() else rows
    return [
        Section(title, filled.line(row), filled.part(row + 1, stop))
        for title, (row, stop) in zip(titles.values(), pairwise(begins), strict=True)
    ]


def _are_empty(rows: Rows) -> NDArray[np.bool_]:
    """Tell for each row whether there is nothing in it but blanks."""
    if not len(rows):
        return np.zeros(0, dtype=np.bool_)
    is_empty = ~np.logical_or.reduceat(_is_printed(rows.codes), rows.row_begins[:-1])
    if is_empty.any():
        # Of these, some may consist of letters beyond ASCII.
        has_others = np.logical_or.reduceat(rows.codes >= FIRST_BEYOND_ASCII, rows.row_begins[:-1])
        unclear = np.flatnonzero(is_empty & has_others)
        texts = texts_in(rows.codes, rows.row_begins[:-1], rows.row_begins[1:] - 1).take(unclear)
        places, number = different(texts)
        is_blank = [text.isspace() for text in texts.take(places).strings()]
        is_empty[unclear] = np.array(is_blank, dtype=np.bool_)[number]
    return is_empty


def _title_rows(rows: Rows) -> Iterator[tuple[int, str]]:
    """Find the rows with a title in their first cell and nothing in the others."""
    text = rows.codes.tobytes()
    may_be_title = np.zeros(len(rows), dtype=np.bool_)
    for title in SECTIONS:
        places = np.array([*_places_of(title.encode(), text)], dtype=np.int64)
        beside = rows.codes.take([places - 1, places + len(title)], mode="wrap")
        alone = places[~_is_printed(beside).any(axis=0)]
        may_be_title[np.searchsorted(rows.row_begins, alone, side="right") - 1] = True
    for row in np.flatnonzero(may_be_title).tolist():
        title, *others = map(str.strip, rows.row(row))
        if title in SECTIONS and not any(others):
            yield row, title


def _is_printed(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which bytes are characters of ASCII that can be seen."""
    return (codes >= FIRST_PRINTED) & (codes < FIRST_BEYOND_ASCII)


def _places_of(word: bytes, text: bytes) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _first_text(is_empty: NDArray[np.bool_], titles: Iterable[int]) -> int:
    """Find the first row with something else than a title in it, or the end."""
    is_text = np.append(~is_empty, True)
    is_text[[*titles]] = False
    return int(np.argmax(is_text))


def _report_empty(
    rows: Rows, is_empty: NDArray[np.bool_], start: int, stop: int, report: Report
) -> None:
    """Report the empty ones of the rows from `start` up to `stop`."""

    def tell(row: int) -> None:
        line = rows.line(start + row)
        report.fault(line, "empty_line", "the line is empty.", "Delete it.", "Skipped.")

    report.each_fault(np.flatnonzero(is_empty[start:stop]), tell)


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
