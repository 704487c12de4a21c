"""Draw the invented town of Valdeagua: `python seed_data/make_areas.py` writes `areas.geojson`.

Twelve neighbourhoods on a bent grid, grouped into four districts, with a river between north and
south. Neighbours share their borders exactly, because every border is drawn once, with a wobble
that depends on its two ends only.
"""

import json
import math
import random
from pathlib import Path

SEED = 2027
CENTRE = (-5.6630, 40.9510)  # longitude, latitude: open country, no real town stands here
METRES_PER_DEGREE = 111_320
COLUMNS, ROWS, SIZE_METRES = 4, 3, 900
POINTS_PER_BORDER = 6

# Neighbourhood codes by row from the north, and the district of each.
GRID = (
    ("mill", "orchard", "station", "quarry"),
    ("market", "cathedral", "harbour", "gardens"),
    ("meadow", "saltworks", "lighthouse", "pines"),
)
DISTRICTS = {
    "north": ("mill", "orchard", "station", "quarry"),
    "old-town": ("market", "cathedral"),
    "riverside": ("harbour", "gardens"),
    "south": ("meadow", "saltworks", "lighthouse", "pines"),
}
TOWN = "town"

Point = tuple[float, float]
Corner = tuple[int, int]


def main() -> None:
    corners = _corners(random.Random(SEED))
    cells = {
        code: [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        for row, codes in enumerate(GRID)
        for column, code in enumerate(codes)
    }
    shapes = {code: [cell] for code, cell in cells.items()}
    shapes |= {name: [cells[code] for code in codes] for name, codes in DISTRICTS.items()}
    shapes[TOWN] = list(cells.values())
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [_outline(parts, corners)]},
        }
        for code, parts in shapes.items()
    ]
    content = {"type": "FeatureCollection", "features": features}
    path = Path(__file__).with_name("areas.geojson")
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def _corners(rng: random.Random) -> dict[Corner, Point]:
    """Place the corners of the grid, in metres from the centre: bent, and pushed about a little."""
    corners = {}
    for column in range(COLUMNS + 1):
        for row in range(ROWS + 1):
            x = (column - COLUMNS / 2) * SIZE_METRES + rng.uniform(-170, 170)
            y = (ROWS / 2 - row) * SIZE_METRES + rng.uniform(-150, 150)
            bend = 260 * math.sin(column * 0.9)
            outward = 1 + 0.06 * math.cos(3 * math.atan2(y, x))
            corners[column, row] = (x * outward, (y + bend) * outward)
    return corners


def _outline(parts: list[list[Corner]], corners: dict[Corner, Point]) -> list[list[float]]:
    """Go round the outside of some cells; inner borders appear twice and fall away."""
    lines: set[tuple[Corner, Corner]] = set()
    for cell in parts:
        for start, end in zip(cell, cell[1:] + cell[:1], strict=True):
            if (end, start) in lines:
                lines.remove((end, start))
            else:
                lines.add((start, end))
    borders = dict(lines)
    start = corner = min(borders)
    ring: list[list[float]] = []
    while True:
        following = borders[corner]
        ring += _border(corner, following, corners)
        corner = following
        if corner == start:
            # GeoJSON wants outer rings against the clock; the cells go with it.
            return [*ring, ring[0]][::-1]


def _border(start: Corner, end: Corner, corners: dict[Corner, Point]) -> list[list[float]]:
    """Draw a border from its start up to, but not including, its end."""
    low, high = sorted((start, end))
    rng = random.Random(f"{SEED} {low} {high}")
    (x0, y0), (x1, y1) = corners[low], corners[high]
    points = []
    for step in range(POINTS_PER_BORDER + 1):
        part = step / POINTS_PER_BORDER
        wobble = rng.uniform(-45, 45) if 0 < step < POINTS_PER_BORDER else 0.0
        across = math.hypot(x1 - x0, y1 - y0)
        points.append(
            _degrees(
                x0 + (x1 - x0) * part - wobble * (y1 - y0) / across,
                y0 + (y1 - y0) * part + wobble * (x1 - x0) / across,
            )
        )
    return points[:-1] if start == low else points[:0:-1]


def _degrees(x: float, y: float) -> list[float]:
    longitude, latitude = CENTRE
    width = math.cos(math.radians(latitude))
    return [
        round(longitude + x / METRES_PER_DEGREE / width, 6),
        round(latitude + y / METRES_PER_DEGREE, 6),
    ]


if __name__ == "__main__":
    main()
