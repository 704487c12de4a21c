"""From the text of a file to its rows of cells."""

import csv
import io
import re
from collections.abc import Iterator

import numpy as np

from allocation.errors import PbError
from allocation.pabulib.rows import CELL_END, Rows
from allocation.pabulib.text import Limits

LINE_END = re.compile(rb"\r\n|\r|\n")
LINE_BREAK, SEMICOLON = b"\n;"


def part(text: bytes, limits: Limits) -> tuple[Rows, PbError | None]:
    """Part a text into rows, empty lines included, up to where it cannot be read, with the reason.

    Quotes are the business of the csv module. After the last one each semicolon parts two cells
    and each line end two rows, and all of that is quickly done at once.
    """
    quotes_end = _end_of_quotes(text)
    if quotes_end == len(text):
        rows, _, failure = _part_quoted(text, limits)
        return rows, failure
    head, lines_count, failure = _part_quoted(text[:quotes_end], limits)
    tail = _part_plain(text[quotes_end:], lines_count + 1, limits)
    if failure or tail is None or len(head) + len(tail) > limits.rows_max:
        # Which fault comes first, only one reading from beginning to end can tell.
        rows, _, failure = _part_quoted(text, limits)
        return rows, failure
    return head.and_then(tail) if quotes_end else tail, None


def _end_of_quotes(text: bytes) -> int:
    """Find where the line with the last quote ends; 0 if there is no quote."""
    last = text.rfind(b'"')
    if last < 0:
        return 0
    line_end = LINE_END.search(text, last)
    return line_end.end() if line_end else len(text)


def _part_quoted(text: bytes, limits: Limits) -> tuple[Rows, int, PbError | None]:
    """Return the rows, how many physical lines they took, and why there are no more."""
    # csv.reader counts physical lines, also those inside a quoted cell; `strict` makes it
    # refuse an open quote instead of swallowing the rest of the text in silence.
    reader = csv.reader(_limited_lines(text.decode(), limits), delimiter=";", strict=True)
    cells: list[str] = []
    widths: list[int] = []
    lines: list[int] = []
    line = 1
    failure = None
    try:
        for row in reader:
            if len(lines) >= limits.rows_max:
                raise _too_many_rows(line, limits)
            cells += row or [""]
            widths.append(len(row) or 1)
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error:
        failure = _open_quote(line)
    except PbError as error:
        failure = error
    return Rows.of(cells, widths, lines), reader.line_num, failure


def _part_plain(text: bytes, first_line: int, limits: Limits) -> Rows | None:
    """Part a text without quotes; None if a line may be too long, which is read more carefully."""
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n") + b"\n"
    codes = np.frombuffer(text, dtype=np.uint8).copy()
    ends = np.flatnonzero((codes == SEMICOLON) | (codes == LINE_BREAK))
    last_cells = np.flatnonzero(codes[ends] == LINE_BREAK)
    line_lengths = np.diff(ends[last_cells], prepend=-1)
    # A line end may have two characters. A character has one byte or more.
    if line_lengths.max() + 1 > min(limits.line_characters_max, csv.field_size_limit()):
        return None
    codes[ends] = ord(CELL_END)
    return Rows(
        codes=codes,
        begins=np.concatenate([[0], ends + 1]),
        starts=np.concatenate([[0], last_cells + 1]),
        lines=np.arange(first_line, first_line + len(last_cells)),
    )


def _limited_lines(text: str, limits: Limits) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > limits.line_characters_max:
            raise PbError(
                number,
                "line_too_long",
                f"the line is longer than {limits.line_characters_max} characters.",
                "Shorten its texts.",
            )
        yield line


def _too_many_rows(line: int, limits: Limits) -> PbError:
    message = f"the file has more than {limits.rows_max} rows."
    return PbError(line, "too_many_rows", message, "Split it, or ask for a higher limit.")


def _open_quote(line: int) -> PbError:
    message = "a quoted cell that starts here does not end, or text follows its closing quote."
    hint = 'Close each quoted cell with " and write a quote inside it as "".'
    return PbError(line, "quotes", message, hint)
