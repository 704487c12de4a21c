"""The set of projects of the greatest total utility within the budget and all constraints."""

from fractions import Fraction

from allocation.contest import Contest
from allocation.errors import SolverFailedError
from allocation.integer_program import Row, Solution, UnprovenError
from allocation.knapsack_program import Program
from allocation.outcome import Outcome
from allocation.tie_breaking import Tie, stable_id_key
from allocation.utilities import UTILITIES_WITH_COST


def knapsack(contest: Contest) -> Outcome:
    """Find the best set, prove it, and among equally good sets take the first in tie order.

    Without a proof in time the outcome says so and must not be published. Raises InfeasibleError
    when the constraints clash, SolverFailedError when no set was found at all.
    """
    program = Program(contest)
    try:
        best = program.best()
    except UnprovenError as error:
        if error.incumbent is None:
            raise SolverFailedError(
                "The solver found no set of projects in time. Allow more with --time-limit."
            ) from error
        return _outcome(program, error.incumbent.chosen, (), None, error.incumbent.bound)
    try:
        chosen, ties = _first_in_tie_order(program, best)
    except UnprovenError:  # the value is proven, but not which of the equally good sets comes first
        return _outcome(program, best.chosen, (), None, Fraction(best.value))
    return _outcome(program, chosen, ties, not ties, None)


def _first_in_tie_order(program: Program, best: Solution) -> tuple[frozenset[int], tuple[Tie, ...]]:
    """Of all sets of the best value take the one that the tie list prefers.

    Among the projects that are in some best sets but not in all, the first in tie order is
    funded; then the same among the best sets that contain it, until one set is left. Projects
    worth nothing to anybody are funded only as far as the constraints need them.
    """
    optimal = [Row(dict(enumerate(program.values)), low=best.value)]
    chosen = _drop_worthless(program, best.chosen, optimal)
    ties: list[Tie] = []
    while contested := _contested(program, chosen, optimal):
        tie = program.contest.tie_breaker.break_tie(
            [program.contest.electorate.ids[index] for index in contested],
            stage="knapsack",
            round_number=len(ties) + 1,
            value=_in_currency(program, Fraction(best.value)),
        )
        ties.append(tie)
        funded = program.contest.electorate.ids.index(tie.chosen)
        optimal.append(Row({funded: 1}, low=1))
        if funded not in chosen:
            chosen = _existing(program.find(optimal))
    return chosen, tuple(ties)


def _drop_worthless(program: Program, chosen: frozenset[int], optimal: list[Row]) -> frozenset[int]:
    """Keep as few projects of value 0 as the constraints allow, and make that a condition."""
    worthless = [index for index, value in enumerate(program.values) if not value]
    if not worthless:
        return chosen
    costs_one = [-(index in worthless) for index in range(len(program.values))]
    leanest = _existing(program.find(optimal, costs_one))
    limit = len(leanest & set(worthless))
    optimal.append(Row(dict.fromkeys(worthless, 1), high=limit))
    return leanest


def _contested(program: Program, chosen: frozenset[int], optimal: list[Row]) -> frozenset[int]:
    """Return the projects that are in some sets that keep all rows, but not in all of them."""
    everyone = set(range(len(program.values)))
    in_all, in_some = chosen, chosen
    while in_all and (found := program.find([*optimal, _not_all_of(in_all)])):
        in_all, in_some = in_all & found.chosen, in_some | found.chosen
    while (rest := everyone - in_some) and (found := program.find([*optimal, _any_of(rest)])):
        in_some |= found.chosen
    return in_some - in_all


def _not_all_of(indices: frozenset[int]) -> Row:
    return Row(dict.fromkeys(indices, 1), high=len(indices) - 1)


def _any_of(indices: set[int]) -> Row:
    return Row(dict.fromkeys(indices, 1), low=1)


def _existing(solution: Solution | None) -> frozenset[int]:
    """Unwrap a solution that must exist, because another one proved it."""
    if solution is None:
        raise SolverFailedError(
            "The solver contradicts itself about the best set, so the result is not proven. "
            "Report this file."
        )
    return solution.chosen


def _in_currency(program: Program, value: Fraction) -> Fraction:
    """Undo the scaling that made values whole: utility in currency units, points or crosses."""
    contest = program.contest
    per_unit = contest.instance.minor_per_unit if contest.utility in UTILITIES_WITH_COST else 1
    return value / (contest.electorate.scale * per_unit)


def _outcome(
    program: Program,
    chosen: frozenset[int],
    ties: tuple[Tie, ...],
    unique: bool | None,  # noqa: FBT001 (None: not known)
    bound: Fraction | None,
) -> Outcome:
    """Build the outcome; `bound` is given where the optimum is not proven."""
    contest = program.contest
    ids = [contest.electorate.ids[index] for index in chosen]
    value = Fraction(sum(program.values[index] for index in chosen))
    return Outcome(
        sheet=contest.sheet,
        # A set has no order of choice, so the best supported come first.
        winners=tuple(sorted(ids, key=lambda id_: (-contest.votes[id_], stable_id_key(id_)))),
        total_cost=contest.instance.cost_of(ids),
        ties=ties,
        objective=_in_currency(program, value),
        bound=None if bound is None else _in_currency(program, bound),
        proven_optimal=bound is None,
        unique=unique,
    )
