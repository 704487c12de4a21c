"""Cells that hold lists with commas, all of them parted at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.blanks import padded
from allocation.pabulib.problems import Finding
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

    @cached_property
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

    def findings(self, index: int) -> Iterator[Finding]:
        """Tell what is wrong with the way in which a list is written."""
        if self.is_padded[index]:
            says = "has blanks around an entry."
            yield Finding("fault", "padding", says, "Remove them.", "Ignored them.")


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


@dataclass(frozen=True, eq=False)
class Marked:
    """Some entries of lists: of list k the `entries` from `starts[k]` up to `starts[k + 1]`."""

    entries: Places
    starts: Places

    def of(self, index: int, count_max: int) -> list[int]:
        """Return the marked entries of a list, or the first so many."""
        start, stop = self.starts[index : index + 2]
        entries: list[int] = self.entries[start : min(stop, start + count_max)].tolist()
        return entries


def marked(is_marked: NDArray[np.bool_], starts: Places) -> Marked:
    """Find the marked entries of the lists that begin at `starts`."""
    entries = np.flatnonzero(is_marked)
    return Marked(entries, np.searchsorted(entries, starts))
