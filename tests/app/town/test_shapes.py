"""The area shapes that a town uploads: every fault in one sentence with its place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidError
from app.town import shapes

SQUARE = [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]
CODES = frozenset({"north", "south", "7"})


def _feature(code: Any = "north", ring: Any = None, kind: str = "Polygon") -> dict[str, Any]:
    rings = [SQUARE if ring is None else ring]
    coordinates = rings if kind == "Polygon" else [rings]
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _file(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_polygons_and_multipolygons_are_read() -> None:
    read = shapes.read_shapes(
        _file(_feature(), _feature("south", kind="MultiPolygon"), _feature(7)), codes=CODES
    )

    assert set(read) == {"north", "south", "7"}
    assert read["south"]["coordinates"] == [[SQUARE]]


def test_heights_and_needless_decimals_are_dropped() -> None:
    ring = [[0.123456789, 1, 250], [0, 1, 250], [1, 1, 250], [0.123456789, 1, 250]]

    read = shapes.read_shapes(_file(_feature(ring=ring)), codes=CODES)

    assert read["north"]["coordinates"][0][0] == [0.123457, 1.0]


FAULTS = {
    "not a GeoJSON file": b"\x89PNG",
    "not a GeoJSON": b"[" * 100_000,
    "no FeatureCollection": b"[]",
    "from 1 to 2,000": _file(),
    "Feature 1 has no property": _file({"type": "Feature", "properties": None}),
    "Feature 2 has no property": _file(_feature(), 5),
    "no area with the code west": _file(_feature("west")),
    "stands in the file twice": _file(_feature(), _feature()),
    "Feature 1 (north) has no Polygon": _file({**_feature(), "geometry": None}),
    "has no Polygon or Multi": _file({**_feature(), "geometry": {"type": "Point"}}),
    "is empty": _file({**_feature(), "geometry": {"type": "Polygon", "coordinates": []}}),
    "fewer than four points": _file(_feature(ring=SQUARE[:3])),
    "not closed": _file(_feature(ring=[*SQUARE[:3], [0.0, 0.5]])),
    "a point is not a pair": _file(_feature(ring=[*SQUARE[:3], ["0", "0"]])),
    "not a pair of numbers": _file(_feature(ring=[*SQUARE[:3], [True, False]])),
    "is not on the globe": _file(_feature(ring=[*SQUARE[:3], [424242.0, 4474474.0]])),
    "a pair of numbers.": b'{"type": "FeatureCollection", "features": [{"properties": {"code":'
    b'"north"}, "geometry": {"type": "Polygon", "coordinates": [[[NaN, 0], [0, 1], [1, 1], [0,'
    b"0]]]}}]}",
}


def test_half_a_character_in_a_code_does_not_break_the_sentence() -> None:
    with pytest.raises(InvalidError) as refused:
        shapes.read_shapes(_file(_feature("\ud800")), codes=CODES)

    assert "no area with the code ?" in str(refused.value).encode().decode()


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_fault_is_named_with_its_place(sentence: str) -> None:
    with pytest.raises(InvalidError) as refused:
        shapes.read_shapes(FAULTS[sentence], codes=CODES)

    assert sentence in str(refused.value)


def test_too_large_a_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "BYTES_MAX", 10)

    with pytest.raises(InvalidError, match="larger than 5 MB"):
        shapes.read_shapes(_file(_feature()), codes=CODES)


def test_too_many_points_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "POINTS_MAX", 3)

    with pytest.raises(InvalidError, match=r"100,000 points"):
        shapes.read_shapes(_file(_feature()), codes=CODES)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=15,
)


@given(properties=JSON, geometry=JSON, coordinates=JSON)
def test_whatever_stands_in_a_file_ends_in_a_sentence(
    properties: Any, geometry: Any, coordinates: Any
) -> None:
    content = _file(
        {**_feature(), "geometry": {"type": "MultiPolygon", "coordinates": coordinates}},
        {"properties": properties, "geometry": geometry},
    )

    with pytest.raises(InvalidError):
        shapes.read_shapes(content, codes=CODES)
