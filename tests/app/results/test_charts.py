"""Pictures of a result: the same bytes each time, nothing in them that a page must not hold."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from elections import make_election

from allocation.allocate import allocate
from allocation.instance import Instance
from allocation.rule_sheet import RuleSheet
from app.results.charts import svg
from app.results.charts.flow import LINE, Funded, curve, flow
from app.results.charts.pictures import ROWS_MIN, pictures
from app.results.charts.sizes import NARROW, SIZES, WIDE
from app.results.charts.worth import Step, step_labels, ticks
from app.results.documents import pot_document

NAMES = "abcdefgh"


@pytest.fixture(autouse=True)
def _use_app() -> None:
    """No database: what is tested here is pure."""


def election(projects: int = len(NAMES), areas: tuple[str, ...] = ("North", "South")) -> Instance:
    """Every project has its own ten supporters, who can pay for it."""
    made = make_election(
        {id_: 10 + place for place, id_ in enumerate(NAMES[:projects])},
        [id_ for id_ in NAMES[:projects] for _ in range(10)],
        budget=1000,
    )
    named = tuple(
        replace(one, name=f"Trees & <{one.id}>", area=areas[place % len(areas)])
        for place, one in enumerate(made.projects)
    )
    return replace(made, projects=named)


def drawn(instance: Instance, **rule: object) -> dict[str, dict[str, str]]:
    outcome = allocate(instance, RuleSheet.from_dict({"lot_seed": "x", **rule}))
    document = pot_document("1", "Town", "0" * 64, instance, outcome)
    return pictures(instance, document)


def tree(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 (drawn a moment ago)


def test_bands_do_not_overlap_and_names_have_room() -> None:
    funded = [Funded(f"P{n}", "ABC"[n % 3], 10 ** (n % 6)) for n in range(40)]

    placed = flow(funded, WIDE)

    for one, after in zip(placed.bands, placed.bands[1:], strict=False):
        assert after.right - one.right >= LINE - 0.001
        assert after.left - after.thickness / 2 >= one.left + one.thickness / 2 - 0.001
    assert placed.bands[-1].right + placed.bands[-1].thickness / 2 <= placed.height + 0.001


def test_a_band_is_as_thick_as_its_money() -> None:
    placed = flow([Funded("A", "x", 300), Funded("B", "x", 100), Funded("C", "y", 200)], WIDE)
    thick = {band.title: band.thickness for band in placed.bands}

    assert thick["A"] == pytest.approx(3 * thick["B"])
    assert [group.thickness for group in placed.groups] == pytest.approx(
        [thick["A"] + thick["B"], thick["C"]]
    )


def test_a_band_begins_and_ends_level() -> None:
    [band, *_others] = flow([Funded("A", "x", 5), Funded("B", "y", 5)], WIDE).bands
    points = list(curve(band))

    assert points[0] == (0, band.left)
    assert points[-1] == (1, band.right)


def test_long_names_are_cut_on_a_phone_and_areas_are_broken_into_lines() -> None:
    placed = flow([Funded("A long title " * 9, "North of the river bend", 5)], NARROW)
    [group], [band] = placed.groups, placed.bands

    assert band.title.endswith("…")
    assert len(group.lines) > 1


def test_the_axis_begins_at_nothing_and_reaches_the_highest_value() -> None:
    for top in (0.4, 1, 7, 99, 100, 101, 54_321):
        values = ticks(top)
        assert values[0] == 0
        assert values[-1] >= top
        assert len(values) <= 6


def test_numbers_of_steps_keep_their_distance() -> None:
    steps = [Step(1, 1)] * 60

    assert step_labels(steps, width=670) == [5 * n for n in range(1, 13)]
    assert step_labels(steps[:4], width=670) == [1, 2, 3, 4]


def test_a_result_is_drawn_in_both_widths_and_always_the_same() -> None:
    first, second = drawn(election()), drawn(election())

    assert first == second
    assert set(first) == {"flow_area", "worth"}
    assert all(set(one) == {size.name for size in SIZES} for one in first.values())


def test_text_stays_text_and_markup_in_it_stays_words() -> None:
    picture = drawn(election())["flow_area"]["wide"]
    words = [one.text for one in tree(picture).iter("text")]

    assert "Trees & <a>" in words
    assert "North" in words


def test_a_picture_has_nothing_that_loads_runs_or_is_read_out() -> None:
    for picture in drawn(election()).values():
        for one in picture.values():
            root = tree(one)
            assert root.get("aria-hidden") == "true"
            names = {name for tag in root.iter() for name in tag.attrib}
            assert {tag.tag for tag in root.iter()} <= set(svg.SHAPES)
            assert not names & {"style", "class", "id", "href", "role", "aria-label", "font-family"}
            assert not re.search(r"url\(|https?:", one)


@pytest.mark.parametrize(
    "foreign",
    [
        "<script>alert(1)</script>",
        "<image href='x.png'/>",
        "<style>*{}</style>",
        "<rect width='1' height='1' fill='url(#x)'/>",
        "<foreignObject/>",
    ],
)
def test_a_drawing_with_something_foreign_is_refused(foreign: str) -> None:
    with pytest.raises(ValueError, match="a picture with"):
        svg.plain(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{foreign}</svg>')


def test_few_projects_need_no_picture() -> None:
    assert drawn(election(projects=ROWS_MIN - 1)) == {}


def test_without_areas_there_is_nothing_to_flow_from() -> None:
    assert set(drawn(election(areas=("",)))) == {"worth"}


def test_where_each_area_got_one_project_money_flows_from_categories() -> None:
    made = election(areas=tuple("ABCDEFGH"))
    parted = tuple(
        replace(one, category="XY"[place % 2]) for place, one in enumerate(made.projects)
    )

    assert set(drawn(replace(made, projects=parted))) == {"flow_category", "worth"}


def test_other_rules_have_no_steps() -> None:
    assert set(drawn(election(), rule="greedy")) == {"flow_area"}
    assert set(drawn(election(), utility="cardinality")) == {"flow_area"}
