"""Cells that hold lists with commas, all of them parted at once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.blanks import padded
from allocation.pabulib.problems import Report, Where
from allocation.pabulib.rows import starts_of
from allocation.pabulib.texts import Places, Texts, stretches


@dataclass(frozen=True, eq=False)
class Lists:
    """The entries of all lists as written; list k has those from `starts[k]` to `starts[k + 1]`."""

    written: Texts
    starts: Places

    def __len__(self) -> int:
        return len(self.starts) - 1

    def entry(self, place: int) -> str:
        """Return an entry without blanks around it."""
        return self._strings[place].strip()

    @cached_property
    def _strings(self) -> list[str]:
        return self.written.strings()

    @property
    def lengths(self) -> Places:
        return np.diff(self.starts)

    @cached_property
    def owners(self) -> Places:
        """For each entry the list that holds it."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @cached_property
    def padded(self) -> Places:
        """The entries with blanks around them."""
        return padded(self.written)

    @cached_property
    def is_padded(self) -> NDArray[np.bool_]:
        """For each list whether it has such an entry."""
        is_padded = np.zeros(len(self), dtype=np.bool_)
        is_padded[self.owners[self.padded]] = True
        return is_padded

    def tell(self, index: int, where: Where, report: Report) -> None:
        if self.is_padded[index]:
            message = f"{where.ballot} has blanks around an entry."
            report.fault(where.line, "padding", message, "Remove them.", "Ignored them.")


def part_lists(cells: Texts) -> Lists:
    """Part every cell at its commas; an empty cell is an empty list."""
    commas = np.flatnonzero(cells.codes == ord(","))
    first_comma = np.searchsorted(commas, cells.begins)
    commas_in = np.searchsorted(commas, cells.ends) - first_comma
    starts = starts_of(np.where(cells.lengths > 0, commas_in + 1, 0))
    filled = np.flatnonzero(cells.lengths)
    # An entry lies between two commas, or between a comma and an end of the cell.
    inner = commas[stretches(first_comma, commas_in)]
    is_first, is_last = np.zeros((2, starts[-1]), dtype=np.bool_)
    is_first[starts[:-1][filled]] = True
    is_last[starts[1:][filled] - 1] = True
    begins, ends = np.empty((2, starts[-1]), dtype=np.int64)
    begins[is_first], begins[~is_first] = cells.begins[filled], inner + 1
    ends[is_last], ends[~is_last] = cells.ends[filled], inner
    return Lists(cells.within(begins, ends), starts)


def marked_in(entries: range, is_marked: NDArray[np.bool_]) -> Places:
    """Find the marked ones of these entries."""
    return entries.start + np.flatnonzero(is_marked[entries.start : entries.stop])
