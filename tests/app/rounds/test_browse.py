import uuid

import pytest

from app.rounds.browse import Catalogue, Criteria, Item, Page, Sort, find
from app.rounds.models import CategoryRow, RoundRow
from app.town.models import AreaKind, AreaRow

SEED = b"one visitor"


def make_item(key: str, **values: object) -> Item:
    return Item(key=key, href=f"/{key}", **{"title": key.title(), **values})


def keys(items: list[Item]) -> list[str]:
    return [item.key for item in items]


ITEMS = [make_item(str(number), cost_minor=number * 100) for number in range(1, 31)]


def test_a_visitor_keeps_the_order_and_another_has_a_different_one() -> None:
    mine = keys(find(ITEMS, Criteria(), seed=SEED))

    assert mine == keys(find(reversed(ITEMS), Criteria(), seed=SEED))
    assert mine != keys(find(ITEMS, Criteria(), seed=b"another"))
    assert mine != keys(ITEMS)


def test_a_filter_does_not_shuffle_what_is_left() -> None:
    cheap = keys(find(ITEMS, Criteria(cost_max_minor=1_000), seed=SEED))

    everything = keys(find(ITEMS, Criteria(), seed=SEED))
    assert cheap == [key for key in everything if int(key) <= 10]


@pytest.mark.parametrize("words", ["arbol", "ÁRBOL", "plaza arbol", "t-7"])
def test_the_search_reads_title_text_and_reference_without_accents_or_capitals(words: str) -> None:
    item = make_item("tree", title="Un árbol más", text="Sombra en la plaza", reference="T-7")

    assert find([item, make_item("pool")], Criteria(text=words), seed=SEED) == [item]


def test_every_word_of_a_search_has_to_occur() -> None:
    assert find([make_item("tree")], Criteria(text="tree pool"), seed=SEED) == []


def test_a_district_includes_its_neighbourhoods() -> None:
    town = AreaRow(code="town", name="Town", kind=AreaKind.TOWN)
    north = AreaRow(code="n", name="North", kind=AreaKind.DISTRICT, parent_id=town.id)
    harbour = AreaRow(code="h", name="Port", kind=AreaKind.NEIGHBOURHOOD, parent_id=north.id)
    south = AreaRow(code="s", name="South", kind=AreaKind.DISTRICT, parent_id=town.id)
    catalogue = Catalogue(RoundRow(slug="r", title="R"), [town, north, harbour, south], [])
    items = [make_item(a.code, area_id=a.id) for a in (town, north, harbour, south)]

    found = find(items, Criteria(areas=catalogue.within(north.id)), seed=SEED)

    assert sorted(keys(found)) == ["h", "n"]
    assert [catalogue.depths[area.id] for area in catalogue.areas] == [0, 1, 2, 1]


def test_a_category_leaves_out_all_others() -> None:
    parks = CategoryRow(round_id=uuid.uuid4(), name="Parks")
    items = [make_item("a", category_id=parks.id), make_item("b")]

    assert keys(find(items, Criteria(category_id=parks.id), seed=SEED)) == ["a"]


def test_the_bounds_of_the_cost_are_included_and_unknown_costs_are_not() -> None:
    items = [*ITEMS, make_item("unknown")]

    found = find(items, Criteria(cost_min_minor=200, cost_max_minor=400), seed=SEED)

    assert sorted(keys(found)) == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.CHEAPEST, ["b", "a", "unknown"]),
        (Sort.DEAREST, ["a", "b", "unknown"]),
        (Sort.TITLE, ["a", "b", "unknown"]),
    ],
)
def test_a_chosen_order_replaces_chance(sort: Sort, expected: list[str]) -> None:
    items = [make_item("unknown"), make_item("a", cost_minor=9), make_item("b", cost_minor=5)]

    assert keys(find(items, Criteria(sort=sort), seed=SEED)) == expected


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (2, 2), (99, 2)])
def test_a_page_that_does_not_exist_is_the_nearest_one(asked: int, shown: int) -> None:
    page = Page(ITEMS, asked, size=20)

    assert (page.number, page.count) == (shown, 2)
    assert len(page.items) == (20 if shown == 1 else 10)


def test_no_projects_make_one_empty_page() -> None:
    assert (Page([], 1).count, list(Page([], 1).items)) == (1, [])
