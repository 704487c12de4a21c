"""Which constraints clash, when no set of projects keeps them all: as few as possible."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from allocation.integer_program import Row, UnprovenError, ZeroOneProgram, solve

# Up to so many constraints the smallest conflict is looked for; each step costs some solver runs.
CONSTRAINTS_MAX = 20

# Takes numbers of constraints; gives a set that keeps them all, None if there is none.
KeepAll = Callable[[frozenset[int]], frozenset[int] | None]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A constraint with the words in which it was asked for."""

    name: str
    row: Row


def smallest_conflict(
    constraints: Sequence[NamedRow], always: ZeroOneProgram, seconds_max: int | None
) -> list[str]:
    """Name constraints that cannot be kept together, beside the rows that `always` hold.

    Without any one of them the others can be kept. Of up to CONSTRAINTS_MAX constraints there are
    no fewer that clash; of more there may be, elsewhere. Where a solver runs out of time the names
    may be more than needed: they clash in any case. The caller knows that all together clash.
    """

    def keep_all(numbers: frozenset[int]) -> frozenset[int] | None:
        rows = [constraints[number].row for number in sorted(numbers)]
        program = always.and_also(*rows)
        if program.allows(frozenset()):
            return frozenset()
        solution = solve(program, seconds_max)
        return None if solution is None else solution.chosen

    conflict = _irreducible(frozenset(range(len(constraints))), keep_all)
    if len(constraints) <= CONSTRAINTS_MAX:
        conflict = _fewest(conflict, [named.row for named in constraints], keep_all)
    return [constraints[number].name for number in sorted(conflict)]


def _irreducible(conflict: frozenset[int], keep_all: KeepAll) -> frozenset[int]:
    """Drop constraints one at a time; those that cannot be dropped clash with one another."""
    for number in sorted(conflict):
        try:
            if keep_all(conflict - {number}) is None:
                conflict -= {number}
        except UnprovenError:
            continue
    return conflict


def _fewest(conflict: frozenset[int], rows: Sequence[Row], keep_all: KeepAll) -> frozenset[int]:
    """Look for a conflict of fewer constraints than the one given.

    What a set of projects breaks has a member in every conflict. So the fewest constraints with a
    member in each of the broken lists found so far either clash, and are the answer, or give a
    set of projects that keeps them, whose broken list is a new one.
    """
    broken_lists: list[frozenset[int]] = []
    try:
        while len(candidate := _fewest_in_each(broken_lists, len(rows))) < len(conflict):
            chosen = keep_all(candidate)
            if chosen is None:
                return candidate
            broken_lists.append(_broken(chosen, rows, keep_all))
    except UnprovenError:
        pass
    return conflict


def _broken(chosen: frozenset[int], rows: Sequence[Row], keep_all: KeepAll) -> frozenset[int]:
    """Give what is broken, after keeping as much as possible beside what `chosen` keeps."""
    kept = _kept(chosen, rows)
    for number in range(len(rows)):
        if number not in kept and (more := keep_all(kept | {number})) is not None:
            kept = _kept(more, rows)
    return frozenset(range(len(rows))) - kept


def _kept(chosen: frozenset[int], rows: Sequence[Row]) -> frozenset[int]:
    return frozenset(number for number, row in enumerate(rows) if row.holds(chosen))


def _fewest_in_each(lists: Sequence[frozenset[int]], size: int) -> frozenset[int]:
    """Choose the fewest numbers below `size` such that each list has one of them."""
    if not lists:
        return frozenset()
    in_each = [Row(dict.fromkeys(numbers, 1), low=1) for numbers in lists]
    solution = solve(ZeroOneProgram([-1] * size, in_each), None)
    if solution is None:
        raise ValueError("an empty list has no member to choose")
    return solution.chosen
