"""A ballot in the shape in which it is counted and published: that of the Pabulib format."""

from collections.abc import Mapping
from dataclasses import dataclass

from voting.choices import Choices
from voting.limits import BallotType
from voting.rules import BallotRules

VOTE_TYPE: Mapping[BallotType, str] = {
    BallotType.APPROVAL: "approval",
    BallotType.KNAPSACK: "approval",  # with the budget as `max_sum_cost`
    BallotType.POINTS: "cumulative",
    BallotType.RANKING: "ordinal",
    BallotType.SCORES: "scoring",
}


@dataclass(frozen=True, slots=True)
class Vote:
    """Projects best first, equals by id, with points beside them where the ballot has them."""

    ids: tuple[str, ...]
    points: tuple[int, ...] = ()


def to_vote(choices: Choices) -> Vote:
    """Return what the count reads.

    >>> to_vote(Choices.of_numbers(BallotType.POINTS, {"bench": 2, "arch": 2, "pool": 6}))
    Vote(ids=('pool', 'arch', 'bench'), points=(6, 2, 2))
    """
    if not choices.points:
        return Vote(choices.ids)
    numbers = choices.numbers
    ids = sorted(numbers, key=lambda project: (-numbers[project], project))
    return Vote(tuple(ids), tuple(numbers[project] for project in ids))


def limits_as_meta(rules: BallotRules) -> dict[str, int]:
    """Return the fields of a `.pb` file's META section that state the limits.

    Amounts are in minor units; the writer of the file turns them into its currency.
    """
    limits = rules.limits
    every = {
        "min_length": max(limits.number_min, 1),  # a blank vote stands outside the limits
        "max_length": rules.number_max,
        "min_sum_cost": limits.sum_cost_min_minor,
        "max_sum_cost": rules.cost_max_minor,
        "min_points": limits.score_min,
        "max_points": (
            limits.score_max
            if rules.ballot_type is BallotType.SCORES
            else limits.project_points_max
        ),
        "min_sum_points": limits.sum_points_min,
        "max_sum_points": limits.sum_points_max,
        "default_score": limits.score_default,
    }
    return {name: value for name, value in every.items() if value is not None}
