"""Writing rows so that every reader of the format parts them as we meant them."""

import re
from collections.abc import Iterable

from allocation.errors import PbError
from allocation.pabulib.problems import shown
from allocation.pabulib.text import CONTROL_CHARACTER

# Everything that ends a line for some reader, and the tab, which nobody sees.
BREAK = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
SURROGATE = re.compile(r"[\ud800-\udfff]")


def row(cells: Iterable[str]) -> str:
    """Join cells to a line of the file; raises PbError for what the format cannot hold.

    >>> row(["7", 'the "green"; mile'])
    '7;"the ""green""; mile"'
    """
    return ";".join([_quoted(clean(cell)) for cell in cells])


def clean(cell: str) -> str:
    """Put blanks for line breaks and take blanks from both ends; refuse control characters."""
    if cell.isalnum():  # most cells of a large file are ids
        return cell
    text = BREAK.sub(" ", cell).strip()
    found = CONTROL_CHARACTER.search(text) or SURROGATE.search(text)
    if found:
        character = f"U+{ord(found.group()):04X}"
        start = shown(text[: found.start()])
        message = f"the text that begins with {start} holds the control character {character}."
        raise PbError(0, "control_character", message, "Remove it.")
    return text


def _quoted(cell: str) -> str:
    if ";" in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
