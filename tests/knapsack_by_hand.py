"""The best set by looking at every one: slow, short, and written apart from the program it checks.

Constraints are drawn by chance here too, so small and so many that ties and clashes abound.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product
from random import Random

from elections import random_election

from allocation.constraints import (
    Adjustable,
    AtMost,
    Constraints,
    Exclusive,
    Limit,
    Requires,
)
from allocation.instance import Instance, VoteType
from allocation.options import Rule, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet
from allocation.utilities import votes_or_scores

# Every two projects are told apart, so that the outcome is the only one possible.
TIES = (TieCriterion.MIN_COST, TieCriterion.LISTED)
UTILITIES = {
    VoteType.APPROVAL: (Utility.COST, Utility.CARDINALITY),
    VoteType.CHOOSE_1: (Utility.COST, Utility.CARDINALITY),
    VoteType.CUMULATIVE: (Utility.POINTS, Utility.POINTS_COST),
    VoteType.SCORING: (Utility.POINTS, Utility.POINTS_COST),
    VoteType.ORDINAL: (Utility.BORDA, Utility.BORDA0),
}


@dataclass(frozen=True, slots=True)
class Best:
    """What an outcome must say; `costs` of the funded projects with an adjustable cost."""

    value: Fraction
    winners: frozenset[str]
    costs: dict[str, int]
    total_cost: int
    unique: bool


def random_case(seed: int, *, clashes: bool = False) -> tuple[Instance, RuleSheet]:
    """A tiny election in two areas and a rule sheet with some constraints of every kind."""
    random = Random(f"case{seed}")
    vote_type = random.choice([*VoteType, VoteType.APPROVAL, VoteType.APPROVAL])
    instance = random_election(seed, vote_type)
    projects = tuple(
        replace(project, area=random.choice("NS"), category=random.choice("xy"))
        for project in instance.projects
    )
    instance = replace(instance, projects=projects)
    if vote_type is VoteType.APPROVAL and random.random() < 0.7:
        # Everybody likes everything: whatever spends the same is worth the same.
        ballots = tuple(replace(b, choices=tuple(p.id for p in projects)) for b in instance.ballots)
        instance = replace(instance, ballots=ballots)
    sheet = RuleSheet(
        rule=Rule.KNAPSACK,
        ties=TIES,
        utility=random.choice(UTILITIES[vote_type]),
        constraints=_constraints(instance, random, clashes=clashes),
    )
    return instance, sheet


def _constraints(instance: Instance, random: Random, *, clashes: bool) -> Constraints:
    ids = [project.id for project in instance.projects]

    def some() -> tuple[str, ...]:
        return tuple(random.sample(ids, random.randint(1, len(ids))))

    def pair() -> tuple[str, str]:
        return random.choice(ids), random.choice(ids)

    def maybe(most: int) -> range:
        return range(random.randint(0, most))

    floors = [_limit("floor", instance, random) for _ in maybe(4 if clashes else 1)]
    ceilings = [_limit("ceiling", instance, random) for _ in maybe(4 if clashes else 2)]
    return Constraints(
        limits=(*floors, *ceilings),
        exclusive=tuple(Exclusive(some()) for _ in maybe(1)),
        requires=tuple(Requires(*pair()) for _ in maybe(2)),
        at_most=tuple(AtMost(random.randint(0, 4), some()) for _ in maybe(1)),
        adjustable=tuple(
            _adjustable(instance.project_by_id[id_].cost, id_, random)
            for id_ in random.sample(ids, min(random.choice([0, 1, 2, 3]), len(ids)))
        ),
    )


def _limit(kind: str, instance: Instance, random: Random) -> Limit:
    label_of = random.choice(["area", "category"])
    label = getattr(random.choice(instance.projects), label_of)
    if random.random() < 0.5:
        return Limit(kind, label_of, label, number=random.choice([1, 1, 2]))
    return Limit(kind, label_of, label, amount=Fraction(random.choice([2, 3, 6, 7, 25]), 2))


def _adjustable(cost: int, id_: str, random: Random) -> Adjustable:
    least, step = random.randint(1, cost), random.choice([1, 1, 2, 3])
    steps = -(-(cost - least) // step) + random.randint(0, 4)
    return Adjustable(id_, *map(Fraction, (least, least + steps * step, step)))


def best_of_all(instance: Instance, sheet: RuleSheet) -> Best | None:
    """Look at every set with every cost; None where none keeps the constraints."""
    votes = votes_or_scores(_as_counted(instance, sheet))
    by_cost = sheet.utility in {Utility.COST, Utility.POINTS_COST}
    order = [p.id for p in sorted(instance.projects, key=lambda p: p.cost)]

    def value(paid: Mapping[str, int]) -> Fraction:
        return sum(
            (votes[id_] * (cost if by_cost else 1) for id_, cost in paid.items()), Fraction(0)
        )

    def rank(paid: Mapping[str, int]) -> tuple[object, ...]:
        worthless = sum(not votes[id_] for id_ in paid)
        in_order = [id_ not in paid for id_ in order]
        return (-value(paid), worthless, in_order, [paid.get(id_, 0) for id_ in order])

    allowed = [paid for paid in _divisions(instance, sheet) if keeps(paid, instance, sheet)]
    if not allowed:
        return None
    best = min(allowed, key=rank)
    as_good = [paid for paid in allowed if rank(paid)[:2] == rank(best)[:2]]
    adjustable = {each.project for each in sheet.constraints.adjustable}
    return Best(
        value(best),
        frozenset(best),
        {id_: cost for id_, cost in best.items() if id_ in adjustable},
        sum(best.values()),
        unique=len(as_good) == 1,
    )


def _as_counted(instance: Instance, sheet: RuleSheet) -> Instance:
    """Leave the last place of a ranking without a vote where the utility says so."""
    if sheet.utility is not Utility.BORDA0:
        return instance
    ballots = tuple(replace(b, choices=b.choices[:-1]) for b in instance.ballots)
    return replace(instance, ballots=ballots)


def _divisions(instance: Instance, sheet: RuleSheet) -> Iterator[dict[str, int]]:
    """Every set within the budget, with every cost that its projects can have."""
    costs = {project.id: [project.cost] for project in instance.projects}
    per_unit = instance.minor_per_unit
    for each in sheet.constraints.adjustable:
        least, most, step = (int(x * per_unit) for x in (each.min, each.max, each.step))
        costs[each.project] = list(range(least, most + 1, step))
    for size in range(len(costs) + 1):
        for ids in combinations(costs, size):
            for paid in product(*(costs[id_] for id_ in ids)):
                if sum(paid) <= instance.budget:
                    yield dict(zip(ids, paid, strict=True))


def keeps(paid: Mapping[str, int], instance: Instance, sheet: RuleSheet) -> bool:
    """Check one set, with what each of its projects is paid, against all constraints."""
    constraints = sheet.constraints
    return (
        all(_within(limit, paid, instance) for limit in constraints.limits)
        and all(sum(id_ in paid for id_ in set(g.projects)) <= 1 for g in constraints.exclusive)
        and all(r.needs in paid for r in constraints.requires if r.project in paid)
        and all(len(set(paid) & set(a.projects or paid)) <= a.k for a in constraints.at_most)
    )


def _within(limit: Limit, paid: Mapping[str, int], instance: Instance) -> bool:
    inside = [
        cost
        for id_, cost in paid.items()
        if getattr(instance.project_by_id[id_], limit.label_of) == limit.label
    ]
    if limit.amount is None:
        assert limit.number is not None
        reached, size = Fraction(len(inside)), Fraction(limit.number)
    else:
        reached, size = Fraction(sum(inside)), limit.amount * instance.minor_per_unit
    return reached >= size if limit.kind == "floor" else reached <= size


def fewest_that_clash(instance: Instance, sheet: RuleSheet) -> int:
    """Count the constraints, the budget among them, of a smallest clash."""
    constraints = sheet.constraints
    without_limits = replace(sheet, constraints=Constraints(adjustable=constraints.adjustable))
    parts = [
        *(Constraints(limits=(each,)) for each in constraints.limits),
        *(Constraints(exclusive=(each,)) for each in constraints.exclusive),
        *(Constraints(requires=(each,)) for each in constraints.requires),
        *(Constraints(at_most=(each,)) for each in constraints.at_most),
    ]
    sheets = [replace(sheet, constraints=part) for part in parts]
    rich = replace(instance, budget=10**9)
    kept_by_each = {
        frozenset(n for n, part in enumerate(sheets) if keeps(paid, instance, part))
        | ({len(sheets)} if sum(paid.values()) <= instance.budget else set())
        for paid in _divisions(rich, without_limits)
    }
    numbers = range(len(sheets) + 1)
    return next(
        size
        for size in range(len(numbers) + 1)
        for clash in combinations(numbers, size)
        if not any(kept >= set(clash) for kept in kept_by_each)
    )
