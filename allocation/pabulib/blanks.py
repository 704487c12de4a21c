"""Blanks around texts, found for all of them at once."""

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.texts import Places, Texts

# What `str.strip` takes away, in UTF-8, but the control characters that no file may hold.
# U+3000 is the last blank of Unicode.
BLANKS = [
    chr(code).encode()
    for code in [*b"\t\n\r", *range(ord(" "), 0x7F), *range(0xA0, 0x3001)]
    if chr(code).isspace()
]
SHORT = [blank for blank in BLANKS if len(blank) == 1]
LONG = [blank for blank in BLANKS if len(blank) > 1]


def padded(texts: Texts) -> Places:
    """Find the texts that begin or end with a blank."""
    begins, ends = texts.begins, texts.ends
    firsts = texts.codes.take(begins, mode="clip")
    lasts = texts.codes.take(ends - 1, mode="clip")
    is_padded = _have(SHORT, 0)[firsts] | _have(SHORT, 0)[lasts]
    # A letter may share a byte with a blank; these few are looked at more closely.
    unclear = np.flatnonzero(_have(LONG, 0)[firsts] | _have(LONG, -1)[lasts])
    for blank in LONG if len(unclear) else ():
        is_padded[unclear] |= _stands_at(begins[unclear], blank, texts)
        is_padded[unclear] |= _stands_at(ends[unclear] - len(blank), blank, texts)
    return np.flatnonzero(is_padded & (texts.lengths > 0))


def _have(blanks: list[bytes], place: int) -> NDArray[np.bool_]:
    """Tell for every byte whether a blank has it at this place."""
    have = np.zeros(256, dtype=np.bool_)
    have[[blank[place] for blank in blanks]] = True
    return have


def _stands_at(places: Places, blank: bytes, texts: Texts) -> NDArray[np.bool_]:
    near = places[:, None] + np.arange(len(blank))
    is_blank: NDArray[np.bool_] = (texts.codes.take(near, mode="clip") == [*blank]).all(axis=1)
    return is_blank
