"""Rows of cells, as a file holds them: all in one text, and where in it each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocation.pabulib.texts import Texts, texts_in

# Ends a cell. A file with a control character is refused, so no cell holds it.
CELL_END = "\x1f"


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one cell or more. Row i has the cells from `starts[i]` up to `starts[i + 1]`.

    `codes` is their text in UTF-8, with a CELL_END after each; cell k is
    `codes[begins[k] : begins[k + 1] - 1]`. Row i begins on the physical line `lines[i]`.
    """

    codes: NDArray[np.uint8]
    begins: NDArray[np.int64]
    starts: NDArray[np.int64]
    lines: NDArray[np.int64]

    @classmethod
    def of(cls, cells: Sequence[str], widths: Sequence[int], lines: ArrayLike) -> "Rows":
        """Make rows of cells that hold no CELL_END."""
        text = CELL_END.join(cells) + CELL_END if cells else ""
        codes = np.frombuffer(text.encode(), dtype=np.uint8)
        ends = np.flatnonzero(codes == ord(CELL_END))
        return cls(
            codes=codes,
            begins=np.concatenate([[0], ends + 1]),
            starts=starts_of(np.array(widths, dtype=np.int64)),
            lines=np.array(lines, dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def widths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    @cached_property
    def row_begins(self) -> NDArray[np.int64]:
        """Where in the text each row begins, and where the last one ends."""
        return self.begins[self.starts]

    def line(self, row: int) -> int:
        return int(self.lines[row])

    def row(self, row: int) -> list[str]:
        """Return the cells of one row."""
        first, last = self.row_begins[row : row + 2]
        return bytes(self.codes[first : last - 1]).decode().split(CELL_END)

    def texts(self) -> Texts:
        """Return all cells of all rows."""
        return texts_in(self.codes, self.begins[:-1], self.begins[1:] - 1)

    def part(self, start: int, stop: int) -> "Rows":
        """Return the rows from `start` up to `stop`."""
        starts = self.starts[start : stop + 1]
        begins = self.begins[starts[0] : starts[-1] + 1]
        codes = self.codes[begins[0] : begins[-1]]
        return Rows(codes, begins - begins[0], starts - starts[0], self.lines[start:stop])

    def where(self, is_kept: NDArray[np.bool_]) -> "Rows":
        """Return the rows for which this is true."""
        widths, lengths = self.widths, np.diff(self.begins)
        cell_is_kept = np.repeat(is_kept, widths)
        return Rows(
            codes=self.codes[np.repeat(cell_is_kept, lengths)],
            begins=starts_of(lengths[cell_is_kept]),
            starts=starts_of(widths[is_kept]),
            lines=self.lines[is_kept],
        )

    def and_then(self, others: "Rows") -> "Rows":
        """Return these rows and then the others."""
        return Rows(
            codes=np.concatenate([self.codes, others.codes]),
            begins=np.concatenate([self.begins, self.begins[-1] + others.begins[1:]]),
            starts=np.concatenate([self.starts, self.starts[-1] + others.starts[1:]]),
            lines=np.concatenate([self.lines, others.lines]),
        )


def starts_of(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell where each of several stretches in a row begins, and where the last one ends."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
