"""The greatest value of an integer program, proven twice where that can be done in time.

HiGHS finds a best set with a proof in floats; the exact search of `optimal_sets` confirms it in
whole numbers, and knows all other best sets too. Where the exact search has too much to look at,
the proof of HiGHS stands alone, and further runs of it look for other best sets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocation.errors import SolverFailedError
from allocation.integer_program import (
    Row,
    Solution,
    UnprovenError,
    ZeroOneProgram,
    no_good_cut,
    row_prices,
    solve,
)
from allocation.optimal_sets import PRICE_UNIT, OptimalSets, TooManyStatesError, optimal_sets

NOTHING_FIXED: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Optimum:
    """The greatest value that a set can have under a program, proven.

    `found` is the best set that HiGHS found; `best_sets` is None where the exact search had too
    much to look at; `prices` sharpen further searches.
    """

    program: ZeroOneProgram
    value: int
    found: frozenset[int]
    best_sets: OptimalSets | None
    prices: Sequence[int]
    seconds_max: int | None

    def sets(self, among: frozenset[int], fixed: Mapping[int, int] = NOTHING_FIXED) -> OptimalSets:
        """Describe the best sets that agree with `fixed`, of which there must be one.

        Only the indices `among` which to choose are described. Raises UnprovenError when time
        runs out.
        """
        sets = self._sets(among, fixed)
        return OptimalSets(sets.value, sets.in_all & among, sets.in_some & among)

    def _sets(self, among: frozenset[int], fixed: Mapping[int, int]) -> OptimalSets:
        program = self.program.and_also(fixed=fixed)
        if self.best_sets is None:
            return self._sets_by_solver(program, among)
        if not fixed:
            return self.best_sets
        try:
            sets = optimal_sets(program, at_least=self.value, prices=self.prices)
        except TooManyStatesError:
            return self._sets_by_solver(program, among)
        if sets is None or sets.value != self.value:
            raise contradiction()
        return sets

    def checked(self, chosen: frozenset[int]) -> frozenset[int]:
        """Give a set back only if it keeps everything and has the greatest value."""
        if not self.program.allows(chosen) or self.program.value_of(chosen) != self.value:
            raise contradiction()
        return chosen

    def _sets_by_solver(self, program: ZeroOneProgram, among: frozenset[int]) -> OptimalSets:
        """Look for another best set; then for such without an index that was in all so far, and
        with one that was in none.
        """

        def find(*rows: Row) -> frozenset[int] | None:
            solution = solve(program.and_also(*rows), self.seconds_max)
            return solution.chosen if solution and solution.value == self.value else None

        first = self.found if program.allows(self.found) else find()
        if first is None:
            raise contradiction()
        in_all = in_some = first & among
        if find(no_good_cut(first, among)) is None:
            return OptimalSets(self.value, in_all, in_some)
        while in_all and (found := find(not_all_of(in_all))) is not None:
            in_all, in_some = in_all & found, in_some | (found & among)
        while (rest := among - in_some) and (found := find(any_of(rest))) is not None:
            in_some |= found & among
        return OptimalSets(self.value, in_all, in_some)


def find_optimum(program: ZeroOneProgram, seconds_max: int | None) -> Optimum | None:
    """Find and prove the greatest value; None: no set keeps every row.

    Raises UnprovenError when neither way had enough time, SolverFailedError when they disagree.
    """
    solution = _best_found(program, seconds_max)
    if solution is None:
        return None
    prices = row_prices(program, unit=PRICE_UNIT)[1:] if len(program.rows) > 1 else ()
    try:
        sets = optimal_sets(program, at_least=solution.value, prices=prices)
    except TooManyStatesError:
        if not solution.proven:
            raise UnprovenError(solution) from None
        return Optimum(program, solution.value, solution.chosen, None, prices, seconds_max)
    if sets is None:
        raise SolverFailedError(
            f"Two ways to compute the best value disagree about whether {solution.value} can be "
            "reached, so the result is not proven. Report this file."
        )
    # More than HiGHS found is no contradiction: the sets themselves are checked before they count.
    return Optimum(program, sets.value, solution.chosen, sets, prices, seconds_max)


def _best_found(program: ZeroOneProgram, seconds_max: int | None) -> Solution | None:
    try:
        return solve(program, seconds_max)
    except UnprovenError as error:
        if error.incumbent is None:
            raise
        return error.incumbent


def contradiction() -> SolverFailedError:
    return SolverFailedError(
        "The solver contradicts itself about the best set, so the result is not proven. "
        "Report this file."
    )


def not_all_of(indices: frozenset[int]) -> Row:
    return Row(dict.fromkeys(indices, 1), high=len(indices) - 1)


def any_of(indices: frozenset[int]) -> Row:
    return Row(dict.fromkeys(indices, 1), low=1)
