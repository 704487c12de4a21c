"""From the bytes of a file to rows of cells, each with the physical line on which it starts."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from allocation.errors import PbError

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Limits:
    """How large a file may be before it is refused unread.

    The defaults hold an election of a million voters; uploads are given smaller ones.
    """

    bytes_max: int = 100_000_000
    rows_max: int = 2_000_000
    line_characters_max: int = 100_000
    problems_max: int = 10_000


class Row(NamedTuple):
    line: int
    cells: list[str]


def read_rows(content: str | bytes, limits: Limits) -> Iterator[Row]:
    """Yield every row, empty lines (no cells) included; raise PbError where nothing can be read."""
    text = _decode(content, limits).removeprefix("\ufeff")
    _refuse_control_characters(text)
    # csv.reader counts physical lines, also those inside a quoted cell; `strict` makes it
    # refuse an open quote instead of swallowing the rest of the file in silence.
    lines = _limited_lines(text, limits)
    reader = csv.reader(lines, delimiter=";", strict=True)
    start = 1
    try:
        for number, cells in enumerate(reader):
            if number >= limits.rows_max:
                raise PbError(
                    start,
                    "too_many_rows",
                    f"the file has more than {limits.rows_max} rows.",
                    "Split it, or ask for a higher limit.",
                )
            yield Row(start, cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise PbError(
            start,
            "quotes",
            "a quoted cell that starts here does not end, or text follows its closing quote.",
            'Close each quoted cell with " and write a quote inside it as "".',
        ) from error


def _decode(content: str | bytes, limits: Limits) -> str:
    """Return the text; refuse it if it is too large or not UTF-8."""
    try:
        encoded = content.encode() if isinstance(content, str) else content
        if len(encoded) > limits.bytes_max:
            raise PbError(
                0,
                "too_large",
                f"the file is larger than {limits.bytes_max} bytes.",
                "Check that it is the right file.",
            )
        return encoded.decode()
    except UnicodeEncodeError as error:
        raise _not_utf8(_line_at(error.object[: error.start])) from error
    except UnicodeDecodeError as error:
        readable = error.object[: error.start].decode()
        raise _not_utf8(_line_at(readable)) from error


def _not_utf8(line: int) -> PbError:
    return PbError(
        line,
        "encoding",
        "the text is not UTF-8.",
        "Save the file again with the encoding UTF-8.",
    )


def _refuse_control_characters(text: str) -> None:
    found = CONTROL_CHARACTER.search(text)
    if found:
        raise PbError(
            _line_at(text[: found.start()]),
            "control_character",
            f"there is a control character (U+{ord(found.group()):04X}).",
            "Remove it; the file may be damaged or no text file.",
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


def _line_at(text_before: str) -> int:
    return 1 + len(LINE_END.findall(text_before))
