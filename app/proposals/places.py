"""Points on the map: read as people type them, and checked to lie in the town. Pure."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

LATITUDE_MAX, LONGITUDE_MAX = 90, 180
_MARGIN_DEGREES = 0.01  # about a kilometre: shapes are drawn coarsely


def read_degrees(text: str, *, most: int) -> float:
    """Read degrees, with a point or a comma, cut to about a metre. Raises ValueError.

    >>> read_degrees("-3,703790", most=180)
    -3.70379
    """
    value = float(text.replace(",", ".").strip())
    if not math.isfinite(value) or abs(value) > most:
        raise ValueError(f"{text!r} is not within {most} degrees")
    return round(value, 5)


def lies_in(latitude: float, longitude: float, shapes: Iterable[dict[str, Any] | None]) -> bool:
    """Say whether a point is in the rectangle around these shapes; without shapes it is.

    >>> square = {"type": "Polygon", "coordinates": [[[2, 41], [3, 41], [3, 42], [2, 41]]]}
    >>> lies_in(41.5, 2.5, [square]), lies_in(2.5, 41.5, [square]), lies_in(0, 0, [None])
    (True, False, True)
    """
    corners = [point for shape in shapes if shape for point in _points(shape["coordinates"])]
    if not corners:
        return True
    longitudes, latitudes = zip(*corners, strict=True)
    return _within(latitude, latitudes) and _within(longitude, longitudes)


def _within(value: float, others: tuple[float, ...]) -> bool:
    return min(others) - _MARGIN_DEGREES <= value <= max(others) + _MARGIN_DEGREES


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Walk through rings, polygons or several of them."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from _points(part)
