"""Whether any ballot with a choice on it could obey the limits, given what the projects cost."""

from collections.abc import Mapping, Sequence

from voting.errors import RuleProblem, RuleProblemKind
from voting.limits import Limits

COMBINATIONS_MAX = 50_000
"""Different sums tried in search of projects that fit; so many sums leave hardly a gap."""


def find_impossibility(
    limits: Limits, costs_minor: Mapping[str, int], *, number_max: int, cost_max_minor: int | None
) -> RuleProblem | None:
    """Return the first reason why no such ballot exists, or a project that none could name.

    `number_max`: the most projects on a ballot, at most all of them. None: there is a ballot.
    """
    costs = sorted(costs_minor.values())
    return (
        _too_few_projects(limits.number_min, costs)
        or _project_too_dear(costs_minor, cost_max_minor)
        or _cheapest_too_dear(costs[: limits.number_min], cost_max_minor)
        or _dearest_too_cheap(costs[-number_max:], limits.sum_cost_min_minor)
        or _no_combination(costs, range(limits.number_min, number_max + 1), limits)
        or _points_out_of_reach(limits, number_max)
    )


def _too_few_projects(number_min: int, costs: Sequence[int]) -> RuleProblem | None:
    if number_min <= len(costs):
        return None
    kind = RuleProblemKind.NUMBER_MIN_ABOVE_PROJECTS
    return RuleProblem(kind, "number_min", limit=len(costs), actual=number_min)


def _project_too_dear(
    costs_minor: Mapping[str, int], cost_max_minor: int | None
) -> RuleProblem | None:
    if cost_max_minor is None:
        return None
    too_dear = tuple(p for p, cost in costs_minor.items() if cost > cost_max_minor)
    if not too_dear:
        return None
    kind = RuleProblemKind.PROJECT_TOO_DEAR
    return RuleProblem(kind, "costs_minor", too_dear, limit=cost_max_minor)


def _cheapest_too_dear(cheapest: Sequence[int], cost_max_minor: int | None) -> RuleProblem | None:
    if cost_max_minor is None or sum(cheapest) <= cost_max_minor:
        return None
    kind = RuleProblemKind.CHEAPEST_TOO_DEAR
    return RuleProblem(kind, "number_min", limit=cost_max_minor, actual=sum(cheapest))


def _dearest_too_cheap(dearest: Sequence[int], cost_min_minor: int | None) -> RuleProblem | None:
    if cost_min_minor is None or sum(dearest) >= cost_min_minor:
        return None
    kind = RuleProblemKind.DEAREST_TOO_CHEAP
    return RuleProblem(kind, "sum_cost_min_minor", limit=sum(dearest), actual=cost_min_minor)


def _no_combination(costs: Sequence[int], numbers: range, limits: Limits) -> RuleProblem | None:
    low, high = limits.sum_cost_min_minor, limits.sum_cost_max_minor
    if low is None or high is None or _some_fit(costs, numbers, low=low, high=high):
        return None
    return RuleProblem(RuleProblemKind.NO_COMBINATION, "sum_cost_min_minor", limit=high, actual=low)


def _some_fit(costs: Sequence[int], numbers: range, *, low: int, high: int) -> bool:
    """Whether so many of the projects can cost from `low` to `high` together.

    Tries all sums; beyond COMBINATIONS_MAX of them it takes the clerk's word.

    >>> _some_fit([100, 200, 700], range(2, 3), low=700, high=800)
    True
    >>> _some_fit([100, 200, 700], range(2, 3), low=700, high=799)
    False
    """
    reached = {(0, 0)}  # how many projects, what they cost together
    for cost in costs:
        reached |= {
            (number + 1, total + cost)
            for number, total in reached
            if number + 1 < numbers.stop and total + cost <= high
        }
        if len(reached) > COMBINATIONS_MAX:
            return True
    return any(number in numbers and total >= low for number, total in reached)


def _points_out_of_reach(limits: Limits, number_max: int) -> RuleProblem | None:
    if limits.sum_points_min is None or limits.project_points_max is None:
        return None
    most = limits.project_points_max * number_max
    if most >= limits.sum_points_min:
        return None
    kind = RuleProblemKind.POINTS_MIN_OUT_OF_REACH
    return RuleProblem(kind, "sum_points_min", limit=most, actual=limits.sum_points_min)
