"""Many short texts inside one long one, without an object for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

# Ends a text among others. A file with a control character is refused, so none holds it.
TEXT_END = "\x1e"
WORD_BYTES = 8
# What is left of a word of which so many bytes are wanted.
MASKS = np.array([2 ** (8 * count) - 1 for count in range(WORD_BYTES + 1)], dtype=np.uint64)
# Longer texts are rare, and not worth going through side by side.
LONG_BYTES = 256
MANY = 10_000


@dataclass(frozen=True, eq=False)
class Texts:
    """Text i is `codes[begins[i] : ends[i]]`, in UTF-8, and a byte follows that is in none.

    `words[k]` are the eight bytes from k on.
    """

    codes: NDArray[np.uint8]
    words: NDArray[np.uint64]
    begins: Places
    ends: Places

    def __len__(self) -> int:
        return len(self.begins)

    def __getitem__(self, index: int) -> str:
        return bytes(self.codes[self.begins[index] : self.ends[index]]).decode()

    @cached_property
    def lengths(self) -> Places:
        """The length of each text in bytes."""
        return self.ends - self.begins

    def take(self, places: Places) -> "Texts":
        return self.within(self.begins[places], self.ends[places])

    def within(self, begins: Places, ends: Places) -> "Texts":
        """Return other texts inside the same long one."""
        return Texts(self.codes, self.words, begins, ends)

    def strings(self) -> list[str]:
        # Many at a time, and not all, for a place takes more memory than a letter.
        parts = (slice(start, start + MANY) for start in range(0, len(self), MANY))
        return [string for part in parts for string in self._strings(part)]

    def _strings(self, part: slice) -> list[str]:
        lengths = self.lengths[part] + 1
        codes = self.codes[stretches(self.begins[part], lengths)]
        codes[np.cumsum(lengths) - 1] = ord(TEXT_END)
        return codes.tobytes().decode().split(TEXT_END)[:-1]

    @property
    def long(self) -> list[int]:
        """The texts that `by_word` leaves out."""
        places: list[int] = np.flatnonzero(self.lengths > LONG_BYTES).tolist()
        return places

    def by_word(self) -> Iterator[tuple[Places, NDArray[np.uint64]]]:
        """Go through all texts at once, eight bytes at a time.

        Each time tell which still go on, and the bytes, with zeros after the end of a text.
        """
        places = np.flatnonzero((self.lengths > 0) & (self.lengths <= LONG_BYTES))
        begins, left = self.begins[places], self.lengths[places]
        while len(places):
            yield places, self.words[begins] & MASKS[np.minimum(left, WORD_BYTES)]
            goes_on = left > WORD_BYTES
            places, begins, left = places[goes_on], begins[goes_on], left[goes_on]
            begins, left = begins + WORD_BYTES, left - WORD_BYTES


def texts_of(strings: Sequence[str]) -> Texts:
    """Make texts of strings that hold no TEXT_END."""
    codes = np.frombuffer(TEXT_END.join([*strings, ""]).encode(), dtype=np.uint8)
    ends = np.flatnonzero(codes == ord(TEXT_END))
    return texts_in(codes, np.concatenate([[0], ends[:-1] + 1])[: len(ends)], ends)


def texts_in(codes: NDArray[np.uint8], begins: Places, ends: Places) -> Texts:
    """Return the texts at these places of a long one."""
    longer = np.concatenate([codes, np.zeros(WORD_BYTES, dtype=np.uint8)])
    words = np.ndarray(len(codes) + 1, dtype="<u8", buffer=longer, strides=(1,))
    return Texts(codes, words, begins, ends)


def stretches(begins: Places, lengths: Places) -> Places:
    """Count from each beginning as far as its length goes.

    >>> stretches(np.array([5, 9]), np.array([2, 3])).tolist()
    [5, 6, 9, 10, 11]
    """
    ends = np.cumsum(lengths)
    return np.arange(lengths.sum()) + np.repeat(begins - ends + lengths, lengths)
