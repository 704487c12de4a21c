import pytest
from ballot_factories import (
    NEEDED,
    approve,
    basket,
    make_rules,
    points,
    rank,
    rules_and_choices,
    scores,
)
from hypothesis import given
from hypothesis import strategies as st

from voting.ballots import standing
from voting.choices import Choices
from voting.errors import BallotError, Blocker, BlockerKind
from voting.form_fields import Entered, choices_from_fields, choices_to_cast
from voting.limits import BallotType
from voting.rules import BallotRules

APPROVAL = make_rules(BallotType.APPROVAL)
POINTS = make_rules(BallotType.POINTS)
RANKING = make_rules(BallotType.RANKING)


def test_ticked_projects_are_approved() -> None:
    fields = {"project": ["pool", "arch"], "csrf_token": ["x"]}

    assert choices_from_fields(APPROVAL, fields) == Entered(approve("arch", "pool"), ())


def test_ticked_projects_go_into_the_basket() -> None:
    rules = make_rules(BallotType.KNAPSACK)

    assert choices_from_fields(rules, {"project": ["pool"]}) == Entered(basket("pool"), ())


@pytest.mark.parametrize("ballot_type", BallotType)
def test_an_empty_form_is_a_blank_ballot(ballot_type: BallotType) -> None:
    assert choices_from_fields(make_rules(ballot_type), {}) == Entered(Choices(ballot_type), ())


def test_an_empty_field_names_no_project() -> None:
    assert choices_from_fields(APPROVAL, {"project": ["", "arch"]}) == Entered(approve("arch"), ())


def test_a_project_ticked_twice_is_reported_and_counted_once() -> None:
    entered = choices_from_fields(APPROVAL, {"project": ["arch", "pool", "arch"]})

    assert entered == Entered(approve("arch", "pool"), (Blocker(BlockerKind.DUPLICATE, ("arch",)),))


def test_projects_of_another_ballot_are_left_out_and_counted_together() -> None:
    forged = [f"ghost{n}" for n in range(9)] + ["x" * 5000]

    entered = choices_from_fields(APPROVAL, {"project": ["arch", *forged]})

    named = ("ghost0", "ghost1", "ghost2", "ghost3", "ghost4")
    assert entered.choices == approve("arch")
    assert entered.blockers == (Blocker(BlockerKind.UNKNOWN_PROJECT, named, actual=10),)


def test_a_name_of_absurd_length_is_cut() -> None:
    [blocker] = choices_from_fields(APPROVAL, {"project": ["x" * 5000]}).blockers

    assert blocker.projects == ("x" * 64,)


def test_points_are_read_per_project_and_empty_fields_say_nothing() -> None:
    fields = {
        "points-arch": [" 3 "],
        "points-bench": [""],
        "points-pool": ["+4"],
        "points-tree": ["0"],
    }

    assert choices_from_fields(POINTS, fields) == Entered(points(arch=3, pool=4), ())


def test_scores_are_read_per_project_and_nothing_is_a_score() -> None:
    rules = make_rules(BallotType.SCORES)
    fields = {"points-arch": ["0"], "points-bench": [" "], "points-pool": ["5"]}

    assert choices_from_fields(rules, fields) == Entered(scores(arch=0, pool=5), ())


@pytest.mark.parametrize("typed", ["٣", "3", " 3", "03", "+3", " " * 39 + "3"])
def test_a_number_may_be_typed_in_the_digits_of_any_script(typed: str) -> None:
    assert choices_from_fields(POINTS, {"points-arch": [typed]}).choices == points(arch=3)


@pytest.mark.parametrize(
    "typed", ["two", "1,5", "1.0", "1e3", "0x1", "1_0", "²", "--1", "1 0", "9" * 10, " " * 40 + "1"]
)
def test_what_is_no_whole_number_is_left_out_and_named(typed: str) -> None:
    entered = choices_from_fields(POINTS, {"points-arch": [typed], "points-pool": ["2"]})

    assert entered == Entered(points(pool=2), (Blocker(BlockerKind.NOT_INTEGER, ("arch",)),))


def test_negative_points_are_read_as_typed_and_block_the_ballot() -> None:
    entered = choices_from_fields(POINTS, {"points-arch": ["-2"]})

    assert entered == Entered(points(arch=-2), ())
    assert not standing(POINTS, entered.choices).castable


def test_points_given_twice_to_one_project_are_not_guessed_at() -> None:
    fields = {"points-arch": ["2", "3"], "points-pool": ["1", ""]}

    entered = choices_from_fields(POINTS, fields)

    assert entered == Entered(points(pool=1), (Blocker(BlockerKind.DUPLICATE, ("arch",)),))


def test_points_for_a_project_of_another_ballot_are_reported() -> None:
    entered = choices_from_fields(POINTS, {"points-ghost": ["2"], "points-spook": [""]})

    assert entered == Entered(
        points(), (Blocker(BlockerKind.UNKNOWN_PROJECT, ("ghost",), actual=1),)
    )


def test_several_mistakes_come_in_a_fixed_order() -> None:
    fields = {"points-tree": ["x"], "points-ghost": ["1"], "points-arch": ["1", "1"]}
    turned_round = dict(reversed(fields.items()))

    entered = choices_from_fields(POINTS, fields)

    assert [blocker.kind for blocker in entered.blockers] == [
        BlockerKind.DUPLICATE,
        BlockerKind.NOT_INTEGER,
        BlockerKind.UNKNOWN_PROJECT,
    ]
    assert choices_from_fields(POINTS, turned_round) == entered


def test_ranks_order_the_projects_and_gaps_are_closed() -> None:
    fields = {"rank-arch": ["7"], "rank-bench": [""], "rank-pool": ["1"], "rank-tree": ["3"]}

    assert choices_from_fields(RANKING, fields) == Entered(rank("pool", "tree", "arch"), ())


def test_equal_ranks_name_the_projects_and_the_rank() -> None:
    fields = {"rank-pool": ["2"], "rank-arch": ["2"], "rank-tree": ["1"], "rank-bench": ["x"]}

    entered = choices_from_fields(RANKING, fields)

    assert entered == Entered(
        rank("tree", "arch", "pool"),
        (
            Blocker(BlockerKind.NOT_INTEGER, ("bench",)),
            Blocker(BlockerKind.EQUAL_RANKS, ("arch", "pool"), actual=2),
        ),
    )


@pytest.mark.parametrize("typed", ["0", "-1"])
def test_ranks_start_at_one(typed: str) -> None:
    entered = choices_from_fields(RANKING, {"rank-arch": ["1"], "rank-pool": [typed]})

    assert entered.blockers == (Blocker(BlockerKind.RANK_TOO_LOW, ("pool",), limit=1),)


def test_a_ballot_that_obeys_its_limits_can_be_cast_from_the_form() -> None:
    assert choices_to_cast(POINTS, {"points-arch": ["3"]}) == points(arch=3)


def test_a_slip_never_turns_into_a_blank_ballot() -> None:
    with pytest.raises(BallotError) as refused:
        choices_to_cast(POINTS, {"points-arch": ["1o"]})

    assert [blocker.kind for blocker in refused.value.blockers] == [BlockerKind.NOT_INTEGER]


def test_slips_and_limits_are_reported_together() -> None:
    rules = make_rules(BallotType.POINTS, sum_points_max=10)

    with pytest.raises(BallotError) as refused:
        choices_to_cast(rules, {"points-arch": ["x"], "points-pool": ["11"]})

    assert [blocker.kind for blocker in refused.value.blockers] == [
        BlockerKind.NOT_INTEGER,
        BlockerKind.POINTS_OVER,
    ]


def fields_of(choices: Choices) -> dict[str, list[str]]:
    """What a browser posts for these choices."""
    if choices.ballot_type is BallotType.RANKING:
        return {f"rank-{id_}": [str(place)] for place, id_ in enumerate(choices.ids, start=1)}
    if choices.ballot_type in NEEDED:
        return {f"points-{id_}": [str(number)] for id_, number in choices.numbers.items()}
    return {"project": list(choices.ids)}


@given(rules_and_choices())
def test_a_castable_ballot_comes_through_the_form_unchanged(
    case: tuple[BallotRules, Choices],
) -> None:
    rules, choices = case

    if standing(rules, choices).castable:
        assert choices_to_cast(rules, fields_of(choices)) == choices


names = st.sampled_from(["project", "points-", "rank-"]).flatmap(
    lambda prefix: st.sampled_from(["", "arch", "pool", "ghost"]).map(lambda id_: prefix + id_)
)


@given(
    ballot_type=st.sampled_from(BallotType),
    fields=st.dictionaries(
        names | st.text(), st.lists(st.text() | st.sampled_from(["arch", "1", "-1", "2"]))
    ),
)
def test_whatever_is_posted_ends_in_a_ballot_or_in_its_blockers(
    ballot_type: BallotType, fields: dict[str, list[str]]
) -> None:
    rules = make_rules(ballot_type)
    entered = choices_from_fields(rules, fields)
    blockers = standing(rules, entered.choices, entered.blockers).blockers

    if blockers:
        with pytest.raises(BallotError) as refused:
            choices_to_cast(rules, fields)
        assert refused.value.blockers == blockers
    else:
        assert choices_to_cast(rules, fields) == entered.choices
        assert set(entered.choices.ids) <= set(rules.costs_minor)
