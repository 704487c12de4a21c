"""A ballot against its rules: what is chosen, what is left, which limit blocks and by how much."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voting.choices import Choices
from voting.errors import BallotError, Blocker, BlockerKind
from voting.limits import BallotType
from voting.rules import BallotRules


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a draft stands, for the bar that always says so.

    What is left is negative when a draft has too much; None where there is no such limit.
    """

    number: int
    number_left: int
    cost_minor: int
    cost_left_minor: int | None
    points: int
    points_left: int | None
    blockers: tuple[Blocker, ...]

    @property
    def castable(self) -> bool:
        """Whether the ballot can be cast as it is."""
        return not self.blockers


def standing(rules: BallotRules, choices: Choices, mistyped: Sequence[Blocker] = ()) -> Standing:
    """Compare choices with the rules.

    `mistyped`: what `voting.form_fields` could not read; it blocks as well, or a slip of the
    finger would turn into a ballot that nobody meant.
    """
    if choices.ballot_type is not rules.ballot_type:
        raise ValueError(f"{choices.ballot_type} choices on a ballot of {rules.ballot_type}")
    cost, cost_max = cost_minor(rules, choices), rules.cost_max_minor
    points, points_max = _points_given(choices), rules.limits.sum_points_max
    return Standing(
        number=len(choices.ids),
        number_left=rules.number_max - len(choices.ids),
        cost_minor=cost,
        cost_left_minor=None if cost_max is None else cost_max - cost,
        points=points,
        points_left=None if points_max is None else points_max - points,
        blockers=(*mistyped, *_blockers(rules, choices)),
    )


def validate(rules: BallotRules, choices: Choices) -> None:
    """Raise BallotError with every limit in the way, unless the choices can be cast."""
    blockers = standing(rules, choices).blockers
    if blockers:
        raise BallotError(blockers)


def cost_minor(rules: BallotRules, choices: Choices) -> int:
    """Sum the costs of the chosen projects, as far as they are on this ballot."""
    return sum(rules.costs_minor.get(project, 0) for project in choices.ids)


def _points_given(choices: Choices) -> int:
    if choices.ballot_type is not BallotType.POINTS:
        return 0
    # Negative points are refused; until then they must not look like points won back.
    return sum(number for number in choices.points if number > 0)


def _blockers(rules: BallotRules, choices: Choices) -> Iterator[Blocker]:
    if choices.is_blank:
        if not rules.limits.blank_allowed:
            least = max(rules.limits.number_min, 1)
            yield Blocker(BlockerKind.BLANK_NOT_ALLOWED, limit=least, actual=0)
        return
    yield from _wrong_projects(rules, choices)
    yield from _number(rules, choices)
    yield from _cost(rules, choices)
    if rules.ballot_type is BallotType.POINTS:
        yield from _points(rules, choices)
    if rules.ballot_type is BallotType.SCORES:
        yield from _scores(rules, choices)


def _wrong_projects(rules: BallotRules, choices: Choices) -> Iterator[Blocker]:
    counts = Counter(choices.ids)
    repeated = tuple(project for project, count in counts.items() if count > 1)
    if repeated:
        yield Blocker(BlockerKind.DUPLICATE, repeated)
    unknown = tuple(project for project in counts if project not in rules.costs_minor)
    if unknown:
        yield Blocker(BlockerKind.UNKNOWN_PROJECT, unknown)


def _number(rules: BallotRules, choices: Choices) -> Iterator[Blocker]:
    number, number_min = len(choices.ids), rules.limits.number_min
    if number < number_min:
        yield Blocker(BlockerKind.TOO_FEW, limit=number_min, actual=number)
    if number > rules.number_max:
        yield Blocker(BlockerKind.TOO_MANY, limit=rules.number_max, actual=number)


def _cost(rules: BallotRules, choices: Choices) -> Iterator[Blocker]:
    cost = cost_minor(rules, choices)
    low, high = rules.limits.sum_cost_min_minor, rules.cost_max_minor
    if high is not None and cost > high:
        is_basket = rules.ballot_type is BallotType.KNAPSACK
        kind = BlockerKind.OVER_BUDGET if is_basket else BlockerKind.COST_TOO_HIGH
        yield Blocker(kind, limit=high, actual=cost)
    if low is not None and cost < low:
        yield Blocker(BlockerKind.COST_TOO_LOW, limit=low, actual=cost)


def _points(rules: BallotRules, choices: Choices) -> Iterator[Blocker]:
    limits, given = rules.limits, _points_given(choices)
    yield from _out_of_range(choices, BlockerKind.NEGATIVE, low=0)
    if limits.project_points_max is not None:
        yield from _out_of_range(
            choices, BlockerKind.PROJECT_POINTS_OVER, high=limits.project_points_max
        )
    if limits.sum_points_max is not None and given > limits.sum_points_max:
        yield Blocker(BlockerKind.POINTS_OVER, limit=limits.sum_points_max, actual=given)
    if limits.sum_points_min is not None and given < limits.sum_points_min:
        all_of_them = limits.must_spend_all
        kind = BlockerKind.POINTS_UNSPENT if all_of_them else BlockerKind.POINTS_TOO_FEW
        yield Blocker(kind, limit=limits.sum_points_min, actual=given)


def _scores(rules: BallotRules, choices: Choices) -> Iterator[Blocker]:
    limits = rules.limits
    yield from _out_of_range(choices, BlockerKind.SCORE_TOO_LOW, low=limits.score_min)
    yield from _out_of_range(choices, BlockerKind.SCORE_TOO_HIGH, high=limits.score_max)


def _out_of_range(
    choices: Choices, kind: BlockerKind, *, low: int | None = None, high: int | None = None
) -> Iterator[Blocker]:
    """Name the projects whose number is below `low` or above `high`, in one blocker."""
    outside = tuple(
        project
        for project, number in choices.numbers.items()
        if (low is not None and number < low) or (high is not None and number > high)
    )
    if outside:
        yield Blocker(kind, outside, limit=high if low is None else low)
