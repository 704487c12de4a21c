"""The set of projects of the greatest total utility within the budget and all constraints."""

from dataclasses import dataclass
from fractions import Fraction

from allocation.contest import Contest
from allocation.errors import SolverFailedError
from allocation.integer_program import UnprovenError
from allocation.knapsack_costs import first_costs
from allocation.knapsack_program import Program
from allocation.optimum import Optimum
from allocation.outcome import Outcome
from allocation.tie_breaking import Tie, stable_id_key


def knapsack(contest: Contest) -> Outcome:
    """Find the best set, prove it, and among equally good sets take the first in tie order.

    Without a proof in time the outcome says so and must not be published. Raises InfeasibleError
    when the constraints clash, SolverFailedError when no set was found at all.
    """
    program = Program(contest)
    try:
        optimum = program.best()
    except UnprovenError as error:
        if error.incumbent is None:
            raise SolverFailedError(
                "The solver found no set of projects in time. Allow more with --time-limit."
            ) from error
        return _outcome(program, _Choice(error.incumbent.chosen), error.incumbent.bound)
    try:
        return _outcome(program, _first_in_tie_order(program, optimum))
    except UnprovenError:  # the value is proven, but not which of the equally good sets comes first
        return _outcome(program, _Choice(optimum.found), Fraction(optimum.value))


@dataclass(frozen=True, slots=True)
class _Choice:
    """What is funded, with the ties that led there; `unique`: nothing else is as good."""

    chosen: frozenset[int]
    ties: tuple[Tie, ...] = ()
    unique: bool | None = None


def _first_in_tie_order(program: Program, optimum: Optimum) -> _Choice:
    """Of all sets of the best value take the one that the tie list prefers.

    Among the projects that are in some best sets but not in all, the first in tie order is
    funded; then the same among the best sets that contain it, until one set is left. Projects
    worth nothing to anybody are funded only as far as the constraints need them. What adjustable
    projects of that set cost is settled last.
    """
    ties: list[Tie] = []
    fixed: dict[int, int] = {}
    projects = frozenset(range(program.projects))
    sets = optimum.sets(projects)
    while contested := sets.in_some - sets.in_all:
        tie = program.break_tie(
            contested, optimum.value, stage="knapsack", round_number=len(ties) + 1
        )
        ties.append(tie)
        fixed[program.index_of[tie.chosen]] = 1
        sets = optimum.sets(projects, fixed)
    costs = first_costs(program, optimum, sets.in_all, round_number=len(ties) + 1)
    return _Choice(
        optimum.checked(costs.chosen), (*ties, *costs.ties), unique=not ties and costs.unique
    )


def _outcome(program: Program, choice: _Choice, bound: Fraction | None = None) -> Outcome:
    """Build the outcome; `bound` is given where the optimum is not proven."""
    contest, chosen = program.contest, choice.chosen
    cost_of = {
        program.ids[index]: program.cost_of(index, chosen) for index in program.projects_of(chosen)
    }
    adjustable = [each.project for each in contest.sheet.constraints.adjustable]
    return Outcome(
        sheet=contest.sheet,
        # A set has no order of choice, so the best supported come first.
        winners=tuple(sorted(cost_of, key=lambda id_: (-contest.votes[id_], stable_id_key(id_)))),
        total_cost=sum(cost_of.values()),
        ties=choice.ties,
        objective=program.in_currency(program.whole.value_of(chosen)),
        bound=None if bound is None else program.in_currency(bound),
        proven_optimal=bound is None,
        unique=choice.unique,
        costs={id_: cost_of[id_] for id_ in adjustable if id_ in cost_of} if adjustable else None,
    )
