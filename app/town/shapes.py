"""Area shapes as a town's map office exports them: a GeoJSON FeatureCollection, checked in full.

Every feature names its area by the property `code`. Coordinates are longitude and latitude in
degrees (WGS 84), as RFC 7946 says.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from app.errors import InvalidError

BYTES_MAX = 5_000_000
POINTS_MAX = 100_000
FEATURES_MAX = 2_000
RING_POINTS_MIN = 4
DECIMALS = 6
"""About ten centimetres."""
LONGITUDE_MAX = 180
LATITUDE_MAX = 90

Geometry = dict[str, Any]


def read_shapes(content: bytes, *, codes: frozenset[str]) -> dict[str, Geometry]:
    """Return the geometry of each area named in the file, by code. Raises InvalidError, which
    names the feature at fault; nothing of a file with a fault is used.
    """
    features = _features(content)
    shapes: dict[str, Geometry] = {}
    points = 0
    for number, feature in enumerate(features, start=1):
        code = _code(number, feature, codes)
        if code in shapes:
            raise InvalidError(
                _(
                    "Feature %(n)d: the area %(code)s stands in the file twice. Keep one.",
                    n=number,
                    code=code,
                )
            )
        shapes[code] = _geometry(_place(number, code), feature.get("geometry"))
        points += sum(len(ring) for ring in _rings(shapes[code]))
        if points > POINTS_MAX:
            raise InvalidError(
                _("The shapes have more than 100,000 points. Simplify them and upload again.")
            )
    return shapes


def _features(content: bytes) -> list[dict[str, Any]]:
    if len(content) > BYTES_MAX:
        raise InvalidError(_("The file is larger than 5 MB. Simplify the shapes and upload again."))
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise InvalidError(
            _("This is not a GeoJSON file. Export the areas as GeoJSON and upload that file.")
        ) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise InvalidError(_("The file holds no FeatureCollection. Export all areas as one file."))
    if not features or len(features) > FEATURES_MAX:
        raise InvalidError(_("The file must hold from 1 to 2,000 features."))
    return features


def _code(number: int, feature: object, codes: frozenset[str]) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    if not isinstance(code, str | int):
        raise InvalidError(
            _("Feature %(n)d has no property “code”. Add the code of its area.", n=number)
        )
    if str(code) not in codes:
        raise InvalidError(
            _(
                "Feature %(n)d: there is no area with the code %(code)s. Add the area first, "
                "or correct the code.",
                n=number,
                code=str(code)[:40].encode(errors="replace").decode(),  # JSON may hold half of one
            )
        )
    return str(code)


def _geometry(place: str, geometry: object) -> Geometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise InvalidError(
            _("%(place)s has no Polygon or MultiPolygon. An area needs one.", place=place)
        )
    if kind == "Polygon":
        return {"type": kind, "coordinates": _polygon(place, coordinates)}
    if not coordinates:
        raise InvalidError(_("%(place)s is empty. Draw its outline.", place=place))
    return {"type": kind, "coordinates": [_polygon(place, one) for one in coordinates]}


def _polygon(place: str, rings: object) -> list[list[list[float]]]:
    if not isinstance(rings, list) or not rings:
        raise InvalidError(_("%(place)s is empty. Draw its outline.", place=place))
    return [_ring(place, ring) for ring in rings]


def _ring(place: str, ring: object) -> list[list[float]]:
    if not isinstance(ring, list) or len(ring) < RING_POINTS_MIN:
        raise InvalidError(
            _("%(place)s: an outline has fewer than four points. Draw it again.", place=place)
        )
    points = [_point(place, point) for point in ring]
    if points[0] != points[-1]:
        raise InvalidError(
            _("%(place)s: an outline is not closed. Its last point must be its first.", place=place)
        )
    return points


def _point(place: str, point: object) -> list[float]:
    numbers = point[:2] if isinstance(point, list) else []
    if len(numbers) != 2 or not all(_is_number(one) for one in numbers):  # noqa: PLR2004 (a pair)
        raise InvalidError(
            _("%(place)s: a point is not a pair of numbers. Export the file again.", place=place)
        )
    longitude, latitude = numbers
    if abs(longitude) > LONGITUDE_MAX or abs(latitude) > LATITUDE_MAX:
        raise InvalidError(
            _(
                "%(place)s: the point %(x)s, %(y)s is not on the globe. Export in WGS 84 "
                "(longitude, latitude).",
                place=place,
                x=longitude,
                y=latitude,
            )
        )
    return [round(float(longitude), DECIMALS), round(float(latitude), DECIMALS)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _rings(geometry: Geometry) -> Iterator[list[list[float]]]:
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield from polygon


def _place(number: int, code: str) -> str:
    return str(_("Feature %(n)d (%(code)s)", n=number, code=code))
