"""The town's own area shapes as GeoJSON, for the maps that Minga draws."""

from collections.abc import Iterable
from typing import Any

from app.town.models import AreaRow


def feature_collection(areas: Iterable[AreaRow]) -> dict[str, Any]:
    """Return the areas that have a shape; larger ones come first, so that smaller lie on top."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(area) for area in areas if area.geometry],
    }


def _feature(area: AreaRow) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": area.geometry,
        "properties": {"code": area.code, "name": area.name, "kind": area.kind},
    }
