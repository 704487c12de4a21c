"""Letters with voting codes as one PDF, set with typst.

What is the same on all letters is set once and placed on every page as a picture of type PDF: ten
times faster, and a fraction of the memory, than setting it anew for each of 10,000 people. Names
and codes never touch the disk.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import segno

from app.roll import letter_child

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"
_BITS_PER_DIGIT = 6
_MASK = 2
"""Trying all eight masks of the standard takes six times as long and no phone needs it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One addressee; `address` without the name. No address: handed over at the desk."""

    name: str
    address: tuple[str, ...]
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LetterTexts:
    """What stands on every letter, in the language of the town."""

    town: str
    round_title: str
    dates: str
    heading: str
    instructions: tuple[str, ...]
    code_label: str
    secrecy: str
    contact: str
    address_of_code: str
    """What the QR code leads to; the code follows it."""
    language: str = "en"


def make_pdf(
    letters: Sequence[Letter],
    texts: LetterTexts,
    progress: Callable[[int], None] = lambda _done: None,
) -> bytes:
    """Set a page per letter. `progress` hears how many QR codes are drawn."""
    asked = {"texts": asdict(texts), "letters": _letters(letters, texts, progress)}
    done = subprocess.run(  # noqa: S603 (our own program, nothing of a person in the words)
        [sys.executable, "-I", str(Path(letter_child.__file__))],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout


def _letters(
    letters: Sequence[Letter], texts: LetterTexts, progress: Callable[[int], None]
) -> dict[str, Any]:
    drawn = []
    size = 0
    for number, letter in enumerate(letters, 1):
        size, squares = qr_squares(texts.address_of_code + letter.code)
        address = [letter.name, *letter.address]
        drawn.append({"address": address, "code": letter.code, "squares": squares})
        if number % 100 == 0:
            progress(number)
    return {"town": texts.town, "language": texts.language, "size": size, "letters": drawn}


def qr_squares(text: str) -> tuple[int, str]:
    """Draw a QR code: how many squares a side has, and all squares row by row, six per digit.

    Every text of one length gives the same number of squares.
    """
    matrix = segno.make(text, error="m", micro=False, boost_error=False, mask=_MASK).matrix
    bits = "".join("1" if square else "0" for row in matrix for square in row)
    bits += "0" * (-len(bits) % _BITS_PER_DIGIT)
    digits = (
        _DIGITS[int(bits[start : start + _BITS_PER_DIGIT], 2)]
        for start in range(0, len(bits), _BITS_PER_DIGIT)
    )
    return len(matrix), "".join(digits)
