"""The town's settings, its tree of areas, their shapes."""

import json
import uuid
from collections.abc import Callable
from io import BytesIO

import factories
import factories_ballots
import pytest
from browsing import Browser
from factories_rounds import make_round
from flask import Flask
from sqlmodel import select

from app.accounts.models import AuditRow
from app.db import read_tx
from app.policy import ADMINISTRATOR
from app.town import queries
from app.town.models import AreaKind, AreaRow, TownRow

Browse = Callable[..., Browser]
RING = [[-3.8, 40.3], [-3.8, 40.4], [-3.7, 40.4], [-3.8, 40.3]]


@pytest.fixture
def boss(app: Flask, browser: Browse) -> Browser:
    return browser(factories.make_account(ADMINISTRATOR))


def _town() -> TownRow:
    return read_tx(lambda session: session.get_one(TownRow, 1))


def _areas() -> list[AreaRow]:
    return read_tx(queries.areas)


def _upload(boss: Browser, content: bytes, status: int = 200) -> str:
    page = boss.send(
        "/staff/areas",
        form="form[action='/staff/areas/shapes']",
        data={"shapes": (BytesIO(content), "areas.geojson")},
        status=status,
    )
    return str(page.main.text)


def _shape(code: str) -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_the_settings_of_the_town_can_be_changed(boss: Browser) -> None:
    boss.send(
        "/staff/town",
        {
            "name": "Valdeagua de Arriba",
            "contact": "Plaza 1",
            "currency": "JPY",
            "time_zone": "America/Lima",
        },
    )

    town = _town()
    assert (town.name, town.currency, town.minor_per_unit) == ("Valdeagua de Arriba", "JPY", 1)
    assert town.time_zone == "America/Lima"
    assert not town.demo


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"currency": "euro"}, "currency"),
        ({"currency": "QQQ"}, "currency"),
        ({"name": ""}, "name"),
        ({"contact": ""}, "contact"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_what_cannot_be_a_setting_is_explained(
    boss: Browser, changed: dict[str, str], field: str
) -> None:
    fields = {"name": "Valdeagua", "contact": "Plaza 1", **changed}

    page = boss.send("/staff/town", fields, status=422)

    assert page.select_one(f"#{field}-error")
    assert _town().currency == "EUR"


def test_a_tree_of_areas_grows(boss: Browser) -> None:
    boss.send("/staff/areas/new", {"code": "all", "name": "Valdeagua", "kind": "town"})
    [town] = _areas()
    boss.send(
        "/staff/areas/new",
        {"code": "north", "name": "North", "kind": "district", "parent": str(town.id)},
    )

    assert [(area.code, area.kind) for area in _areas()] == [("all", "town"), ("north", "district")]
    assert "North" in boss.open("/staff/areas").main.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": "all", "kind": "district"}, "Another area has this code"),
        ({"code": "new", "kind": "town"}, "There is one town"),
        ({"code": "new", "kind": "district", "parent": ""}, "Choose the area above"),
        ({"code": "no way", "kind": "district"}, "40 letters"),
        ({"code": "", "kind": "district"}, "Enter a code"),
    ],
)
def test_an_area_in_the_wrong_place_is_refused(
    boss: Browser, fields: dict[str, str], sentence: str
) -> None:
    town = factories.make_area("all")

    page = boss.send(
        "/staff/areas/new", {"name": "New", "parent": str(town.id), **fields}, status=422
    )

    assert sentence in page.main.text
    assert len(_areas()) == 1


def test_an_area_is_renamed_moved_and_removed(boss: Browser) -> None:
    town = factories.make_area("all")
    north = factories.make_area("north", kind=AreaKind.DISTRICT, parent=town)
    south = factories.make_area("south", kind=AreaKind.DISTRICT, parent=town)
    boss.send(f"/staff/areas/{north.id}", {"name": "The North"}, button="Save")
    boss.send("/staff/areas", button="Down The North")
    assert [area.name for area in _areas()] == ["All", "South", "The North"]

    boss.send(f"/staff/areas/{south.id}", button="Remove this area")

    assert [area.name for area in _areas()] == ["All", "The North"]


def test_a_district_cannot_lie_in_itself(boss: Browser) -> None:
    town = factories.make_area("all")
    north = factories.make_area("north", kind=AreaKind.DISTRICT, parent=town)

    boss.send(f"/staff/areas/{north.id}", {"parent": str(north.id)}, button="Save", status=422)


def test_an_area_in_use_stays(boss: Browser) -> None:
    town = factories.make_area("all")
    factories.make_area("north", kind=AreaKind.DISTRICT, parent=town)

    page = boss.send(f"/staff/areas/{town.id}", button="Remove this area", status=409)

    assert "is in use" in page.main.text
    assert len(_areas()) == 2


@pytest.mark.parametrize("state", ["frozen", "voting", "closed"])
def test_from_the_freeze_to_the_result_areas_stay_as_the_rule_sheet_has_them(
    boss: Browser, state: str
) -> None:
    make_round(state, pots={"north": 100_000, "south": 100_000}, title="Greener streets")
    south = next(area for area in _areas() if area.code == "south")
    near = factories.make_area("mill", kind="neighbourhood", parent=south)
    before = [(area.code, area.name, area.parent_id) for area in _areas()]
    north = next(str(area.id) for area in _areas() if area.code == "north")

    page = boss.send(f"/staff/areas/{near.id}", {"parent": north}, status=409)
    boss.send(f"/staff/areas/{near.id}", to=f"/staff/areas/{near.id}/remove", status=409)

    assert "Greener streets" in page.main.text
    assert [(area.code, area.name, area.parent_id) for area in _areas()] == before
    actions = read_tx(lambda session: session.exec(select(AuditRow.action)).all())
    assert list(actions).count("area.change_refused") == 2


def test_an_area_of_people_on_a_roll_cannot_be_removed(app: Flask, boss: Browser) -> None:
    made = make_round("review", pots={"town": 100_000})
    far = factories.make_area("far", kind="district")
    factories_ballots.use(app)
    factories_ballots.make_roll(made, {"far": 3})

    page = boss.send(f"/staff/areas/{far.id}", to=f"/staff/areas/{far.id}/remove", status=409)

    assert "voter roll" in page.main.text
    assert "far" in {area.code for area in _areas()}


def test_text_in_place_of_the_file_is_no_file(boss: Browser) -> None:
    page = boss.send(
        "/staff/areas", {"shapes": "text"}, form="form[action='/staff/areas/shapes']", status=422
    )

    assert "Choose a file" in page.select_one("#shapes-error").text


def test_shapes_are_uploaded_by_code(boss: Browser) -> None:
    factories.make_area("all")

    text = _upload(boss, _shape("all"))

    assert "1 shape was saved" in text
    assert _areas()[0].geometry == {"type": "Polygon", "coordinates": [RING]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (_shape("west"), "no area with the code west"),
        (b"not json", "not a GeoJSON file"),
        (b"\xff\xfe\x00", "not a GeoJSON file"),
    ],
)
def test_a_file_with_a_fault_changes_nothing(boss: Browser, content: bytes, sentence: str) -> None:
    factories.make_area("all")

    assert sentence in _upload(boss, content, status=422)
    assert _areas()[0].geometry is None


def test_no_file_is_said_too(boss: Browser) -> None:
    page = boss.send("/staff/areas", form="form[action='/staff/areas/shapes']", status=422)

    assert "Choose a file" in page.select_one("#shapes-error").text


def test_an_unknown_area_is_not_found(boss: Browser) -> None:
    boss.open(f"/staff/areas/{uuid.uuid4()}", status=404)
