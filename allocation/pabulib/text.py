"""The bytes of a file: UTF-8, of bearable size, without control characters."""

import re
from dataclasses import dataclass

import numpy as np

from allocation.errors import PbError

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
BYTE_ORDER_MARK = "\ufeff".encode()
# In UTF-8, U+0080 to U+009F are this byte and one below 0xA0.
C1_LEAD, C1_BELOW = 0xC2, 0xA0
DELETE = 0x7F


@dataclass(frozen=True)
class Limits:
    """How large a file may be before it is refused unread.

    The defaults hold an election of a million voters; uploads are given smaller ones.
    """

    bytes_max: int = 100_000_000
    rows_max: int = 2_000_000
    line_characters_max: int = 100_000
    problems_max: int = 10_000
    projects_max: int = 10_000
    categories_max: int = 200


def readable(content: str | bytes, limits: Limits) -> bytes:
    """Return a file without its byte order mark; raise PbError if it is no text or too large."""
    encoded = _encoded(content, limits)
    try:
        text = encoded.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(_line_after(encoded[: error.start])) from error
    if _may_hold_control_characters(encoded):
        _refuse_control_characters(text)
    return encoded.removeprefix(BYTE_ORDER_MARK)


def _line_after(before: bytes) -> int:
    """Tell on which line a place is that has this text before it."""
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _encoded(content: str | bytes, limits: Limits) -> bytes:
    try:
        encoded = content.encode() if isinstance(content, str) else content
    except UnicodeEncodeError as error:
        raise _not_utf8(_line_after(error.object[: error.start].encode())) from error
    if len(encoded) > limits.bytes_max:
        message = f"the file is larger than {limits.bytes_max} bytes."
        raise PbError(0, "too_large", message, "Check that it is the right file.")
    return encoded


def _not_utf8(line: int) -> PbError:
    hint = "Save the file again with the encoding UTF-8."
    return PbError(line, "encoding", "the text is not UTF-8.", hint)


def _may_hold_control_characters(encoded: bytes) -> bool:
    """Look at the bytes first: most files have none, and that is quickly seen."""
    codes = np.frombuffer(encoded, dtype=np.uint8)
    low = codes[(codes < ord(" ")) | (codes == DELETE)]
    if np.isin(low, [*b"\t\n\r"], invert=True).any():
        return True
    lead = np.flatnonzero(codes[:-1] == C1_LEAD)
    return bool((codes[lead + 1] < C1_BELOW).any())


def _refuse_control_characters(text: str) -> None:
    found = CONTROL_CHARACTER.search(text)
    if found:
        raise PbError(
            _line_after(text[: found.start()].encode()),
            "control_character",
            f"there is a control character (U+{ord(found.group()):04X}).",
            "Remove it; the file may be damaged or no text file.",
        )
