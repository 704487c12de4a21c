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
LONG_BLANKS = [blank for blank in BLANKS if len(blank) > 1]


def padded(texts: Texts) -> Places:
    """Find the texts that begin or end with a blank."""
    codes, begins, ends = texts.codes, texts.begins, texts.ends
    may_be = _bytes_of_blanks(0)[codes[begins]] | _bytes_of_blanks(-1)[codes[ends - 1]]
    unclear = np.flatnonzero(may_be & (texts.lengths > 0))
    # A letter may share a byte with a longer blank; those few are looked at more closely.
    begins, ends = begins[unclear], ends[unclear]
    is_padded = _is_short_blank(codes[begins]) | _is_short_blank(codes[ends - 1])
    for blank in LONG_BLANKS if not is_padded.all() else ():
        is_padded |= _stands_at(begins, blank, codes)
        is_padded |= _stands_at(ends - len(blank), blank, codes)
    return unclear[is_padded]


def _bytes_of_blanks(place: int) -> NDArray[np.bool_]:
    """Tell for every byte whether a blank has it at this place."""
    is_in_one = np.zeros(256, dtype=np.bool_)
    is_in_one[[blank[place] for blank in BLANKS]] = True
    return is_in_one


def _is_short_blank(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.isin(codes, [blank[0] for blank in BLANKS if len(blank) == 1])


def _stands_at(places: Places, blank: bytes, codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    near = places[:, None] + np.arange(len(blank))
    is_blank: NDArray[np.bool_] = (codes.take(near, mode="clip") == [*blank]).all(axis=1)
    return is_blank
