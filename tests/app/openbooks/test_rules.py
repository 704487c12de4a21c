"""Which groups open books hide: no small one is shown, none can be computed."""

from collections import defaultdict
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from app.openbooks.rules import PEOPLE_MIN, band_ends, band_of, hidden

tables = st.lists(st.integers(0, 60), max_size=8)


@given(tables)
def test_no_group_under_ten_is_shown(people: list[int]) -> None:
    shown = [count for place, count in enumerate(people) if place not in hidden(people)]

    assert all(count >= PEOPLE_MIN for count in shown)


@given(tables)
def test_what_the_total_tells_of_hidden_groups_is_ten_people_in_two_groups_at_least(
    people: list[int],
) -> None:
    places = hidden(people)

    if places and sum(people) >= PEOPLE_MIN and len(people) > 1:
        assert len(places) > 1
        assert sum(people[place] for place in places) >= PEOPLE_MIN


def test_no_hidden_group_can_be_computed_even_by_who_knows_the_rule() -> None:
    """Every table of three groups, by what of it is published: which other ones look alike?"""
    alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for table in product(range(24), repeat=3):
        if sum(table) >= PEOPLE_MIN:  # else not even the total is shown
            places = hidden(table)
            shown = tuple(None if place in places else table[place] for place in range(3))
            alike[sum(table), shown].append(table)

    for (_total, shown), possible in alike.items():
        if max(max(table) for table in possible) <= 12:
            for place in (place for place in range(3) if shown[place] is None):
                assert len({table[place] for table in possible}) > 1, possible


@given(tables)
def test_large_groups_alone_are_all_shown(people: list[int]) -> None:
    assert hidden([count + PEOPLE_MIN for count in people]) == frozenset()


def test_groups_that_share_their_people_are_hidden_until_ten_different_ones_are() -> None:
    members = [set(range(8)), set(range(8)), set(range(30)), set(range(50))]

    def together(places: object) -> int:
        return len(set().union(*(members[place] for place in places)))

    assert hidden([len(one) for one in members]) == {0, 1}
    assert hidden([len(one) for one in members], together) == {0, 1, 2}


@given(st.integers(1, 5_000), st.integers(0, 20_000), st.integers(0, 30_000))
def test_every_value_has_one_band_and_only_the_floor_has_the_first(
    floor: int, above: int, value: int
) -> None:
    ends = band_ends(floor, floor + above)

    place = band_of(value, ends)

    assert ends[0] == floor
    assert ends[-1] == floor + above
    assert list(ends) == sorted(ends)
    if value <= ends[-1]:
        assert value <= ends[place]
        assert place == 0 or value > ends[place - 1]
