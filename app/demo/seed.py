"""The invented town as its data files have it. `seed_data/README.md` describes the files."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.demo.places import Ring

MINOR_PER_UNIT = 100


@dataclass(frozen=True, kw_only=True)
class AreaSeed:
    """`weight`: how many people live there, as a share; 0 for what is made of other areas."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    weight: int = 0
    streets: tuple[str, ...] = ()
    geometry: Mapping[str, Any] = field(repr=False)

    @property
    def ring(self) -> Ring:
        """Its outline, as longitude and latitude."""
        return [(longitude, latitude) for longitude, latitude in self.geometry["coordinates"][0]]


@dataclass(frozen=True, kw_only=True)
class PersonSeed:
    """Somebody with an account; `role` is empty for residents."""

    key: str
    name: str
    email: str
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundSeed:
    """A round; `days` count from the day of loading. `people`: how many have cast by now.

    `areas`, `ages`: who is on its roll, where that is not everybody.
    """

    key: str
    slug: str
    title: str
    summary: str
    categories: tuple[str, ...]
    days: Mapping[str, int]
    ballot: Mapping[str, Any]
    budgets: Mapping[str, int]
    people: int
    codes: int
    rule: Mapping[str, Any] = field(default_factory=lambda: {"rule": "equal-shares"})
    project_max: int | None = None
    draw: str | None = None
    areas: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()

    @property
    def with_proposals(self) -> bool:
        return "proposals_open" in self.days


@dataclass(frozen=True, kw_only=True)
class IdeaSeed:
    """A proposal of a resident or, in a round without proposals, of the town hall."""

    key: str
    round: str
    title: str
    text: str
    area: str
    category: str
    cost: int
    who: str = ""
    own: int | None = None
    appeal: float = 1.0
    becomes: str = "adopted"
    by: str | None = None
    picture: str | None = None
    why: str = ""
    doubt: str = ""
    no_cost: bool = False
    question: str = ""
    answer: str = ""
    merge: str | None = None


@dataclass(frozen=True, kw_only=True)
class MergeSeed:
    title: str
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProgrammeSeed:
    """A programme of vouchers with its schedule. `people`: equivalised income and how many.

    `founded`: the day on which it was entered, and asked for.
    """

    founded: int
    name: str
    summary: str
    services: tuple[str, ...]
    eligibility: str
    days: tuple[int, int]
    budget: int
    council_act: str
    people: tuple[tuple[int, int], ...]
    people_source: str
    floor: int
    cap: int
    start: int
    slope_percent: int
    becomes: str


@dataclass(frozen=True, kw_only=True)
class VotedSeed:
    """An idea that is a voucher programme if it wins: its terms, then what the schedule needs."""

    round: str
    idea: str
    services: tuple[str, ...]
    days: tuple[int, int]
    floor: int
    cap: int
    slope_percent: int
    start: int
    eligibility: str
    people: tuple[tuple[int, int], ...]
    people_source: str


@dataclass(frozen=True, kw_only=True)
class ProviderSeed:
    """An organisation that applies to take vouchers; `hour`: what an hour of its services costs."""

    name: str
    kind: str
    manager: str
    services: tuple[str, ...]
    hour: int
    about: str
    languages: tuple[str, ...]
    accessibility: tuple[str, ...]
    becomes: str
    helpers: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    device: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class ClientSeed:
    """A resident who asks for vouchers. `others`: ages of the household; `spends`: day, amount."""

    key: str
    register_number: str
    age: int
    carrier: str
    becomes: str
    income: int | None = None
    others: tuple[int, ...] = ()
    spends: tuple[tuple[int, float], ...] = ()
    appeal: str = ""


@dataclass(frozen=True, kw_only=True)
class CareSeed:
    programmes: tuple[ProgrammeSeed, ...]
    voted: tuple[VotedSeed, ...]
    providers: tuple[ProviderSeed, ...]
    clients: tuple[ClientSeed, ...]


@dataclass(frozen=True, kw_only=True)
class TownSeed:
    """Everything that is known before chance comes in."""

    name: str
    country: str
    currency: str
    time_zone: str
    postcode: str
    contact: str
    seed: int
    residents: int
    areas: Mapping[str, AreaSeed]
    categories: Mapping[str, str]
    staff: tuple[PersonSeed, ...]
    authors: tuple[PersonSeed, ...]
    carers: tuple[PersonSeed, ...]
    rounds: tuple[RoundSeed, ...]
    care: CareSeed
    ideas: tuple[IdeaSeed, ...]
    merges: Mapping[str, MergeSeed]
    cost_words: Mapping[str, str]
    given_names: tuple[str, ...]
    family_names: tuple[str, ...]
    picture_words: Mapping[str, str]
    folder: Path

    def ideas_of(self, round_key: str) -> list[IdeaSeed]:
        return [idea for idea in self.ideas if idea.round == round_key]

    def picture(self, name: str) -> bytes:
        return (self.folder / "pictures" / f"{name}.png").read_bytes()


def read(folder: Path) -> TownSeed:
    """Read the data files; a key that nothing knows is an error of the files, not of a person."""
    town, names, ideas = (_toml(folder, name) for name in ("town", "names", "ideas"))
    return TownSeed(
        **town["town"],
        areas={area.code: area for area in _areas(folder, town["area"])},
        categories=town["categories"],
        staff=tuple(PersonSeed(**one) for one in town["staff"]),
        authors=tuple(_resident(one) for one in town["resident"]),
        carers=tuple(_resident(one) for one in town["carer"]),
        rounds=tuple(RoundSeed(**one) for one in _toml(folder, "rounds")["round"]),
        care=_care(_toml(folder, "care")),
        ideas=tuple(IdeaSeed(**one) for one in ideas["idea"]),
        merges={key: MergeSeed(**one) for key, one in ideas["merges"].items()},
        cost_words=ideas["cost_words"],
        given_names=tuple(names["given"]),
        family_names=tuple(names["family"]),
        picture_words=_toml(folder, "pictures"),
        folder=folder,
    )


def _areas(folder: Path, rows: list[dict[str, Any]]) -> list[AreaSeed]:
    shapes = {
        feature["properties"]["code"]: feature["geometry"]
        for feature in json.loads((folder / "areas.geojson").read_text("utf-8"))["features"]
    }
    return [AreaSeed(**row, geometry=shapes[row["code"]]) for row in rows]


def _resident(row: dict[str, str]) -> PersonSeed:
    return PersonSeed(**row, email=f"{row['key']}@valdeagua.example")


def _care(table: Mapping[str, Any]) -> CareSeed:
    return CareSeed(
        programmes=tuple(ProgrammeSeed(**one) for one in table["programme"]),
        voted=tuple(VotedSeed(**one) for one in table["voted"]),
        providers=tuple(ProviderSeed(**one) for one in table["provider"]),
        clients=tuple(ClientSeed(**one) for one in table["resident"]),
    )


def _toml(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
