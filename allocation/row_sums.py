"""What the rows of an integer program sum up to while its indices are decided one by one."""

from collections.abc import Iterable, Sequence

from allocation.integer_program import Row

# Per row the sum so far; None once the row holds whatever is decided later.
Sums = tuple[int | None, ...]
# The least and the greatest amount that what is still open can add to a row.
Range = tuple[int, int]


class RowSums:
    """Keeps account of `rows` while the indices of `order` are decided in that order."""

    def __init__(self, rows: Sequence[Row], order: Sequence[int]) -> None:
        self._rows = rows
        self._later: dict[tuple[int, int], Range] = {}
        self._touched: dict[int, list[tuple[int, int]]] = {index: [] for index in order}
        self._all: list[Range] = []
        for number, row in enumerate(rows):
            low = high = 0
            for index in reversed(order):
                if coefficient := row.coefficients.get(index):
                    self._later[number, index] = (low, high)
                    self._touched[index].append((number, coefficient))
                    low, high = low + min(coefficient, 0), high + max(coefficient, 0)
            self._all.append((low, high))

    def start(self, chosen: Iterable[int]) -> Sums | None:
        """Sum up what was chosen beforehand; None if a row can no longer hold."""
        chosen = list(chosen)
        sums: list[int | None] = []
        for row, open_ in zip(self._rows, self._all, strict=True):
            total = sum(row.coefficients.get(index, 0) for index in chosen)
            if not _can_hold(row, total, open_):
                return None
            sums.append(None if _must_hold(row, total, open_) else total)
        return tuple(sums)

    def after(self, sums: Sums, index: int, *, taken: bool) -> Sums | None:
        """Decide the next index; None if a row can no longer hold."""
        touched = self._touched[index]
        if not touched:
            return sums
        updated = list(sums)
        for number, coefficient in touched:
            total = sums[number]
            if total is None:
                continue
            total += coefficient if taken else 0
            row, open_ = self._rows[number], self._later[number, index]
            if not _can_hold(row, total, open_):
                return None
            updated[number] = None if _must_hold(row, total, open_) else total
        return tuple(updated)


def _can_hold(row: Row, total: int, open_: Range) -> bool:
    return (row.high is None or total + open_[0] <= row.high) and (
        row.low is None or total + open_[1] >= row.low
    )


def _must_hold(row: Row, total: int, open_: Range) -> bool:
    return (row.high is None or total + open_[1] <= row.high) and (
        row.low is None or total + open_[0] >= row.low
    )
