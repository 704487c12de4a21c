import pytest
from ballot_factories import (
    approve,
    basket,
    make_rules,
    points,
    rank,
    rules_and_choices,
    scores,
)
from hypothesis import given, settings

from voting.ballots import standing, validate
from voting.choices import Choices
from voting.errors import BallotError, Blocker, BlockerKind
from voting.limits import BallotType
from voting.rules import BallotRules


def blockers_of(rules: BallotRules, choices: Choices) -> list[Blocker]:
    return list(standing(rules, choices).blockers)


def test_the_bar_tells_what_is_chosen_and_what_is_left() -> None:
    rules = make_rules(BallotType.KNAPSACK, budget_minor=1000, number_max=3)

    now = standing(rules, basket("arch", "tree"))

    assert (now.number, now.number_left) == (2, 1)
    assert (now.cost_minor, now.cost_left_minor) == (400, 600)
    assert (now.points, now.points_left) == (0, None)
    assert now.castable


def test_the_bar_tells_how_many_points_are_left() -> None:
    now = standing(make_rules(BallotType.POINTS), points(arch=3, pool=4))

    assert (now.points, now.points_left) == (7, 3)
    assert (now.cost_minor, now.cost_left_minor) == (1000, None)


def test_a_draft_may_hold_too_much_and_says_so_with_figures_below_zero() -> None:
    rules = make_rules(BallotType.KNAPSACK, budget_minor=1000, number_max=2)

    now = standing(rules, basket("arch", "bench", "pool"))

    assert (now.number_left, now.cost_left_minor) == (-1, -200)
    assert not now.castable
    assert list(now.blockers) == [
        Blocker(BlockerKind.TOO_MANY, limit=2, actual=3),
        Blocker(BlockerKind.OVER_BUDGET, limit=1000, actual=1200),
    ]
    assert [blocker.by for blocker in now.blockers] == [1, 200]


def test_the_limits_of_number_count_themselves_as_allowed() -> None:
    rules = make_rules(number_min=2, number_max=3)

    assert blockers_of(rules, approve("arch", "bench")) == []
    assert blockers_of(rules, approve("arch", "bench", "pool")) == []
    assert blockers_of(rules, approve("arch")) == [Blocker(BlockerKind.TOO_FEW, limit=2, actual=1)]
    assert blockers_of(rules, approve("arch", "bench", "pool", "tree")) == [
        Blocker(BlockerKind.TOO_MANY, limit=3, actual=4)
    ]


def test_a_basket_may_cost_the_whole_budget_and_not_a_cent_more() -> None:
    assert blockers_of(make_rules(BallotType.KNAPSACK, budget_minor=700), basket("pool")) == []
    assert blockers_of(
        make_rules(BallotType.KNAPSACK, budget_minor=799), basket("pool", "tree")
    ) == [Blocker(BlockerKind.OVER_BUDGET, limit=799, actual=800)]


def test_approved_projects_may_be_held_to_a_range_of_cost() -> None:
    rules = make_rules(sum_cost_min_minor=300, sum_cost_max_minor=700)

    assert blockers_of(rules, approve("arch")) == []
    assert blockers_of(rules, approve("pool")) == []
    assert blockers_of(rules, approve("bench")) == [
        Blocker(BlockerKind.COST_TOO_LOW, limit=300, actual=200)
    ]
    assert blockers_of(rules, approve("pool", "tree")) == [
        Blocker(BlockerKind.COST_TOO_HIGH, limit=700, actual=800)
    ]


def test_points_may_be_spent_up_to_the_sum_and_no_further() -> None:
    rules = make_rules(BallotType.POINTS, sum_points_max=10)

    assert blockers_of(rules, points(arch=6, pool=4)) == []
    for eleven in (points(arch=6, pool=5), points(arch=10, pool=1)):
        assert blockers_of(rules, eleven) == [Blocker(BlockerKind.POINTS_OVER, limit=10, actual=11)]


def test_points_that_must_all_be_spent_block_while_some_are_left() -> None:
    rules = make_rules(BallotType.POINTS, sum_points_max=10, sum_points_min=10)

    assert blockers_of(rules, points(arch=10)) == []
    assert blockers_of(rules, points(arch=9)) == [
        Blocker(BlockerKind.POINTS_UNSPENT, limit=10, actual=9)
    ]


def test_a_minimum_of_points_below_all_of_them_has_its_own_reason() -> None:
    rules = make_rules(BallotType.POINTS, sum_points_max=10, sum_points_min=5)

    assert blockers_of(rules, points(arch=5)) == []
    assert blockers_of(rules, points(arch=4)) == [
        Blocker(BlockerKind.POINTS_TOO_FEW, limit=5, actual=4)
    ]


def test_projects_with_more_points_than_one_may_get_are_named() -> None:
    rules = make_rules(BallotType.POINTS, project_points_max=4)

    assert blockers_of(rules, points(arch=4, pool=4)) == []
    assert blockers_of(rules, points(arch=5, bench=1, tree=4)) == [
        Blocker(BlockerKind.PROJECT_POINTS_OVER, ("arch",), limit=4)
    ]


def test_negative_points_do_not_win_points_back() -> None:
    rules = make_rules(BallotType.POINTS, sum_points_max=10)

    assert standing(rules, points(arch=11, pool=-1)).points == 11
    assert blockers_of(rules, points(arch=10, pool=-1)) == [
        Blocker(BlockerKind.NEGATIVE, ("pool",), limit=0)
    ]


def test_scores_stay_on_their_scale() -> None:
    rules = make_rules(BallotType.SCORES, score_min=1, score_max=5)

    assert blockers_of(rules, scores(arch=1, pool=5)) == []
    assert blockers_of(rules, scores(arch=0, bench=3, pool=6, tree=7)) == [
        Blocker(BlockerKind.SCORE_TOO_LOW, ("arch",), limit=1),
        Blocker(BlockerKind.SCORE_TOO_HIGH, ("pool", "tree"), limit=5),
    ]


def test_scores_are_no_points_to_spend() -> None:
    now = standing(make_rules(BallotType.SCORES), scores(arch=4, pool=5))

    assert (now.points, now.points_left) == (0, None)


def test_a_ranking_is_limited_in_length_only() -> None:
    rules = make_rules(BallotType.RANKING, budget_minor=1, number_min=2, number_max=3)

    assert blockers_of(rules, rank("pool", "arch")) == []
    assert blockers_of(rules, rank("pool")) == [Blocker(BlockerKind.TOO_FEW, limit=2, actual=1)]


def test_a_project_that_is_not_on_the_ballot_blocks_and_costs_nothing() -> None:
    now = standing(make_rules(), approve("arch", "ghost"))

    assert now.cost_minor == 300
    assert list(now.blockers) == [Blocker(BlockerKind.UNKNOWN_PROJECT, ("ghost",))]


def test_a_project_ranked_twice_blocks() -> None:
    rules = make_rules(BallotType.RANKING)

    assert blockers_of(rules, rank("arch", "pool", "arch")) == [
        Blocker(BlockerKind.DUPLICATE, ("arch",))
    ]


@pytest.mark.parametrize("ballot_type", BallotType)
def test_a_blank_ballot_obeys_every_limit_where_it_is_allowed(ballot_type: BallotType) -> None:
    rules = make_rules(ballot_type, blank_allowed=True, number_min=2)

    assert standing(rules, Choices(ballot_type)).castable


@pytest.mark.parametrize(("number_min", "least"), [(0, 1), (1, 1), (3, 3)])
def test_a_blank_ballot_is_told_how_many_to_choose_where_it_is_not_allowed(
    number_min: int, least: int
) -> None:
    rules = make_rules(blank_allowed=False, number_min=number_min)

    assert blockers_of(rules, approve()) == [
        Blocker(BlockerKind.BLANK_NOT_ALLOWED, limit=least, actual=0)
    ]


def test_what_could_not_be_read_blocks_even_if_the_rest_would_do() -> None:
    mistyped = Blocker(BlockerKind.NOT_INTEGER, ("pool",))

    now = standing(make_rules(BallotType.POINTS), points(arch=3), mistyped=[mistyped])

    assert not now.castable
    assert now.blockers == (mistyped,)


def test_choices_of_another_kind_of_ballot_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="ranking choices on a ballot of approval"):
        standing(make_rules(BallotType.APPROVAL), rank("arch"))


def test_a_refusal_carries_its_blockers_and_keeps_projects_out_of_its_text() -> None:
    rules = make_rules(number_max=1)

    with pytest.raises(BallotError) as refused:
        validate(rules, approve("arch", "ghost"))

    assert str(refused.value) == "unknown_project, too_many"
    assert refused.value.blockers == standing(rules, approve("arch", "ghost")).blockers


def test_a_blocker_without_figures_is_off_by_nothing() -> None:
    assert Blocker(BlockerKind.DUPLICATE, ("arch",)).by is None
    assert Blocker(BlockerKind.NEGATIVE, ("arch",), limit=0).by is None


@given(rules_and_choices())
def test_what_stands_as_castable_is_valid_and_nothing_else(
    case: tuple[BallotRules, Choices],
) -> None:
    rules, choices = case
    now = standing(rules, choices)

    if now.castable:
        validate(rules, choices)
    else:
        with pytest.raises(BallotError) as refused:
            validate(rules, choices)
        assert refused.value.blockers == now.blockers


def obeys(rules: BallotRules, choices: Choices) -> bool:
    """The limits once more, as one would read them off the rule sheet."""
    limits, ids = rules.limits, choices.ids
    if not ids:
        return limits.blank_allowed
    common = [
        len(set(ids)) == len(ids),
        set(ids) <= set(rules.costs_minor),
        limits.number_min <= len(ids) <= (limits.number_max or len(ids)),
    ]
    return all(common) and obeys_its_type(rules, choices)


def obeys_its_type(rules: BallotRules, choices: Choices) -> bool:
    limits, numbers = rules.limits, choices.points
    cost = sum(rules.costs_minor[project] for project in choices.ids)
    match rules.ballot_type:
        case BallotType.KNAPSACK:
            return cost <= rules.budget_minor
        case BallotType.APPROVAL:
            return (limits.sum_cost_min_minor or 0) <= cost <= (limits.sum_cost_max_minor or cost)
        case BallotType.POINTS:
            each = limits.project_points_max or max(numbers)
            return (
                min(numbers) >= 0
                and max(numbers) <= each
                and sum(numbers)
                in range(limits.sum_points_min or 0, (limits.sum_points_max or 0) + 1)
            )
        case BallotType.SCORES:
            scale = range(limits.score_min or 0, (limits.score_max or 0) + 1)
            return set(numbers) <= set(scale)
        case BallotType.RANKING:
            return True


@settings(max_examples=500)
@given(rules_and_choices())
def test_a_ballot_is_castable_exactly_if_it_obeys_the_rule_sheet(
    case: tuple[BallotRules, Choices],
) -> None:
    rules, choices = case

    assert standing(rules, choices).castable is obeys(rules, choices)
