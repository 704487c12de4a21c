"""Elections and rule sheets by chance, on which the count is compared with the plain rational one.

Everything is small or near-equal on purpose: ties, equalities and close calls abound. The same
seed always gives the same case.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

from allocation.constraints import Constraints, Exclusive
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.options import (
    APPROVALS,
    UTILITIES_OF,
    Comparison,
    Completion,
    TieCriterion,
    Utility,
)
from allocation.rule_sheet import RuleSheet

T = TieCriterion
CROSSES = (VoteType.APPROVAL, VoteType.CHOOSE_1)
POINTS = (VoteType.CUMULATIVE, VoteType.SCORING)
# What can be counted: the utilities that ballots carry, and the others read as approvals.
COUNTED = [(v, u) for v in VoteType for u in UTILITIES_OF[v]]
READ_AS_APPROVAL = [(v, u) for v in VoteType if v not in CROSSES for u in sorted(APPROVALS)]

IDS = ("2", "10", "a-1", "a_1", "07", "7", "Z", "b", "9", "B10", "x", "y", "z", "é", "100")
# The completions that search for an endowment twice: there is most to go wrong.
COMPLETIONS = (*Completion, Completion.ADD1, Completion.ADD1U)
STRETCHES = (1_200, 6_000, 12_000, 60_000)
INCREMENTS = (Fraction(1), Fraction(5), Fraction(1, 2), Fraction(1, 3))
DEFAULT = (T.MIN_COST, T.MAX_VOTES, T.LOT)
TIES: tuple[tuple[tuple[TieCriterion, ...], str | None], ...] = (
    (DEFAULT, "drawn in public"),
    (DEFAULT, "drawn in public"),
    (DEFAULT, None),
    ((T.MAX_COST, T.LOT), "drawn in public"),
    ((T.MAX_COST, T.MAX_VOTES, T.LISTED), None),
    ((T.LISTED,), None),
    ((T.MIN_ID,), None),
    ((T.LOT, T.MIN_ID), None),
    ((T.MAX_VOTES, T.MIN_ID), None),
)
Case = tuple[Instance, RuleSheet]


def case(seed: int, vote_type: VoteType, utility: Utility) -> Case:
    """One election and one rule sheet; half of them of small whole numbers."""
    random = Random(f"{vote_type}{utility}{seed}")
    make = random.choice((_small, _small, _small, _in_cents, _stretched, _close))
    return make(random, seed, vote_type, utility)


def leap_case(seed: int, vote_type: VoteType, utility: Utility, *, runs_max: int = 300) -> Case:
    """One election with 1,000 to 100,000 minor units per ballot, searched in a few hundred steps.

    Order and winners change rarely, and often exactly at an endowment of the search or just
    beside it.
    """
    random = Random(f"leap{vote_type}{utility}{seed}")
    stretch = random.choice(STRETCHES)
    costs = [cost * stretch for cost in _costs(random, (5, 15))]
    if random.random() < 0.5:
        # Fewer of these: the oracle's denominators grow with every purchase.
        costs = _stretched_costs(random, _costs(random, (5, 8)), stretch)
    # Too little for much of what is asked for, so that the search is long.
    budget = max(stretch, sum(costs) * random.randint(3, 12) // 20 // stretch * stretch)
    instance = _election(random, vote_type, costs, budget, contents=(4, 9))
    step = max(
        Fraction(stretch, random.choice((8, 12, 30, 60, 120, 300))), _step(instance, runs_max)
    )
    sheet = rule_sheet(random, seed, instance, utility, step)
    completion = (Completion.ADD1, Completion.ADD1U)[seed % 2]
    return instance, replace(sheet, completion=completion, exhaustive_stop=seed // 2 % 4 == 0)


def _small(random: Random, seed: int, vote_type: VoteType, utility: Utility) -> Case:
    costs = _costs(random, (1, 6))
    instance = _election(random, vote_type, costs, _budget(random, costs))
    return instance, rule_sheet(random, seed, instance, utility, INCREMENTS[seed // 24 % 4])


def _in_cents(random: Random, seed: int, vote_type: VoteType, utility: Utility) -> Case:
    """Budgets and costs with cents, so that whole units and steps of them matter."""
    costs = [cost * 50 + random.choice((0, 0, 1, 49)) for cost in _costs(random, (1, 6))]
    budget = _budget(random, costs) + random.choice((0, 1, 50))
    instance = _election(random, vote_type, costs, budget, minor_per_unit=100)
    return instance, rule_sheet(random, seed, instance, utility, INCREMENTS[seed // 24 % 4])


def _close(random: Random, seed: int, vote_type: VoteType, utility: Utility) -> Case:
    """Costs up to the largest that can be read, a few units apart: too close for floats."""
    base = 10 ** random.randint(9, 17)
    costs = [base * n + random.randint(-2, 2) for n in _costs(random, (2, 5), (1, 1, 1, 2))]
    budget = max(1, sum(costs) * random.randint(1, 6) // 6 + random.randint(-1, 1))
    instance = _election(random, vote_type, costs, budget, large_points=True)
    return instance, rule_sheet(random, seed, instance, utility, _step(instance, 40))


def _stretched(random: Random, seed: int, vote_type: VoteType, utility: Utility) -> Case:
    """Large shares per ballot, in steps that do not matter most of the time."""
    stretch = random.choice(STRETCHES)
    costs = _costs(random, (1, 8))
    budget = _budget(random, costs) * stretch + random.choice((0, 0, 1, -1))
    instance = _election(random, vote_type, _stretched_costs(random, costs, stretch), budget)
    step = Fraction(stretch, random.choice((1, 2, 3, 4, 5, 7, 12, 20)))
    return instance, rule_sheet(random, seed, instance, utility, step)


def _stretched_costs(random: Random, costs: list[int], stretch: int) -> list[int]:
    """Multiples of the stretch, in every other election give or take one."""
    beside = random.choice(((0,), (0, 0, 0, 1, -1)))
    return [cost * stretch + random.choice(beside) for cost in costs]


def _step(instance: Instance, runs_max: int) -> Fraction:
    """An increment with which at most so many runs lead to ballots that can buy all they name."""
    cost = {project.id: project.cost for project in instance.projects}
    most = max(sum(cost[id_] for id_ in ballot.choices) for ballot in instance.ballots)
    if instance.default_score:
        most = sum(cost.values())
    return max(Fraction(1), Fraction(-(-most // runs_max), instance.minor_per_unit))


def _costs(
    random: Random, projects: tuple[int, int], sizes: tuple[int, ...] = (1, 2, 2, 3, 4, 6, 12)
) -> list[int]:
    return [random.choice(sizes) for _ in range(random.randint(*projects))]


def _budget(random: Random, costs: list[int]) -> int:
    """Below every cost, somewhere between, or enough for all."""
    somewhere = random.randint(1, max(1, sum(costs) - 1))
    budget = random.choice((min(costs) - 1, sum(costs), sum(costs) + 3, *[somewhere] * 9))
    return max(1, budget)


def _election(
    random: Random,
    vote_type: VoteType,
    costs: list[int],
    budget: int,
    *,
    minor_per_unit: int = 1,
    contents: tuple[int, int] = (1, 6),
    large_points: bool = False,
) -> Instance:
    ids = random.sample(IDS, len(costs))
    excluding = random.random() < 0.12
    projects = tuple(
        Project(id_, cost, exclusive_group=random.choice(("", "", "g", "h")) if excluding else "")
        for id_, cost in zip(ids, costs, strict=True)
    )
    # Some projects nobody votes for.
    named = random.sample(ids, random.choice((len(ids), len(ids), max(1, len(ids) - 2))))
    one_point = _points(random, large=large_points)
    ballots: list[Ballot] = []
    for _ in range(random.randint(*contents)):
        size = 1 if vote_type is VoteType.CHOOSE_1 else random.randint(0, len(named))
        choices = tuple(random.sample(named, size))
        points = tuple(one_point() for _ in choices) if vote_type in POINTS else ()
        ballots += [Ballot(choices, points)] * random.choice((1, 1, 2, 3))
    default_score = one_point() if random.random() < 0.2 else Fraction(0)
    return Instance(
        vote_type,
        budget,
        projects,
        tuple(replace(ballot, voter_id=f"v{n}") for n, ballot in enumerate(ballots)),
        minor_per_unit=minor_per_unit,
        default_score=default_score if vote_type is VoteType.SCORING else Fraction(0),
    )


def _points(random: Random, *, large: bool) -> Callable[[], Fraction]:
    """How this election gives points: whole, in halves, with decimals, mixed, or close together."""
    large_one = Fraction(10 ** random.randint(6, 15))
    choices = random.choice(
        (
            [Fraction(n) for n in (0, 1, 1, 2, 3)],
            [Fraction(n, 2) for n in (0, 1, 2, 3)],
            [Fraction(n, 10) for n in (0, 1, 1, 10, 25)],
            [Fraction(0), Fraction(1, 3), Fraction(2, 7), Fraction(1)],
            *([[large_one + n for n in (-1, 0, 0, 1)]] if large else []),
        )
    )
    return lambda: random.choice(choices)


def rule_sheet(
    random: Random, seed: int, instance: Instance, utility: Utility, increment: Fraction
) -> RuleSheet:
    """Options that go through all combinations with the seed; ties and the rest by chance."""
    ties, lot_seed = random.choice(TIES)
    ids = [project.id for project in instance.projects]
    apart = Exclusive(tuple(random.sample(ids, 2))) if len(ids) > 1 else None
    return RuleSheet(
        utility=utility,
        completion=COMPLETIONS[seed % 6],
        exhaustive_stop=seed // 6 % 2 == 0,
        integral_start=seed // 12 % 2 == 0,
        increment=increment,
        ties=ties,
        lot_seed=lot_seed,
        read_as_approval=utility in APPROVALS and instance.vote_type not in CROSSES,
        comparison=random.choice((Comparison.NONE, Comparison.NONE, *Comparison)),
        constraints=Constraints(exclusive=(apart,))
        if apart and random.random() < 0.08
        else Constraints(),
    )
