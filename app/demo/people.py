"""The invented people of the voter roll: names, homes, and what they care about. Pure."""

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.demo.places import Point, point_within
from app.demo.seed import AreaSeed, TownSeed

AGES = range(18, 94)
_COLUMNS = ("register_number", "district", "name", "address", "postcode", "town", "birth_date")


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Somebody on the roll. `tastes`: how much each category of projects matters, from 0 to 1."""

    register_number: str
    name: str
    address: str
    area: str
    birth_date: date
    home: Point = field(repr=False)
    tastes: Mapping[str, float] = field(repr=False)


def invent(town: TownSeed, *, year: int) -> list[Neighbour]:
    """Invent everybody on the roll; the same seed gives the same people."""
    rng = random.Random(f"{town.seed} people")  # noqa: S311 (no secret)
    inhabited = [area for area in town.areas.values() if area.weight]
    homes = rng.choices(inhabited, [area.weight for area in inhabited], k=town.residents)
    return [_neighbour(town, area, number, year, rng) for number, area in enumerate(homes)]


def _neighbour(
    town: TownSeed, area: AreaSeed, number: int, year: int, rng: random.Random
) -> Neighbour:
    family = rng.choices(town.family_names, k=2)
    born = date(year - rng.choice(AGES), rng.randint(1, 12), rng.randint(1, 28))
    return Neighbour(
        register_number=f"V{100_000 + number * 7}",
        name=" ".join([rng.choice(town.given_names), *family]),
        address=f"{rng.choice(area.streets)} {rng.randint(1, 60)}",
        area=area.code,
        birth_date=born,
        home=point_within(area.ring, rng),
        tastes={category: rng.random() for category in town.categories},
    )


def as_csv(town: TownSeed, people: Sequence[Neighbour]) -> bytes:
    """Write the roll as the town's register would hand it over."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\n")
    rows.writerow(_COLUMNS)
    for one in people:
        rows.writerow(
            [
                one.register_number,
                one.area,
                one.name,
                one.address,
                town.postcode,
                town.name,
                one.birth_date.isoformat(),
            ]
        )
    return text.getvalue().encode()
