"""Rounds for tests, in any state, with pots and projects: every argument has a default."""

import itertools
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from app import clock
from app.db import run_tx
from app.errors import UserFacingError
from app.rounds import service, sheet
from app.rounds.models import (
    CategoryRow,
    Origin,
    PotRow,
    ProjectProgrammeRow,
    ProjectRow,
    RoundRow,
    RoundState,
)
from app.town.models import AreaKind, AreaRow

_numbers = itertools.count(1)

BALLOTS: dict[str, dict[str, Any]] = {
    "approval": {"ballot_type": "approval", "blank_allowed": True},
    "knapsack": {"ballot_type": "knapsack", "blank_allowed": True},
    "points": {"ballot_type": "points", "blank_allowed": True, "sum_points_max": 10},
    "ranking": {"ballot_type": "ranking", "blank_allowed": True, "number_max": 3},
    "scores": {"ballot_type": "scores", "blank_allowed": True, "score_min": 0, "score_max": 5},
}
# Days from now to: proposals open, proposals close, voting opens, voting closes, results.
CALENDARS: dict[str, tuple[int, int, int, int, int]] = {
    "draft": (10, 40, 80, 100, 110),
    "proposals": (-5, 25, 65, 85, 95),
    "review": (-40, -10, 30, 50, 60),
    "frozen": (-60, -30, 5, 25, 35),
    "voting": (-70, -40, -5, 10, 20),
    "closed": (-100, -70, -35, -15, 5),
    "published": (-120, -90, -50, -30, -10),
}
PROJECTS = (("bench", 100_000), ("pool", 300_000), ("trees", 250_000), ("library", 400_000))
TERMS: dict[str, Any] = {
    "services": ["home-care"],
    "starts_on": date(2027, 1, 1),
    "ends_on": date(2027, 12, 31),
    "floor_minor": 2_000,
    "cap_minor": 20_000,
    "slope_millionths": 50_000,
}


@dataclass
class MadeRound:
    """A round with what belongs to it, in the order in which it was asked for."""

    row: RoundRow
    pots: list[PotRow] = field(default_factory=list)
    projects: list[ProjectRow] = field(default_factory=list)
    categories: list[CategoryRow] = field(default_factory=list)

    @property
    def id(self) -> uuid.UUID:
        return self.row.id

    @property
    def slug(self) -> str:
        return self.row.slug

    @property
    def pot(self) -> PotRow:
        return self.pots[0]


def make_round(
    state: str = "voting",
    *,
    ballot_type: str = "approval",
    limits: Mapping[str, Any] | None = None,
    pots: Mapping[str, int] | None = None,
    projects: Sequence[tuple[str, int] | Mapping[str, Any]] = PROJECTS,
    categories: Sequence[str] = ("Parks", "Streets"),
    slug: str | None = None,
    title: str | None = None,
    rule: Mapping[str, Any] | None = None,
    **values: Any,
) -> MadeRound:
    """Make a round in `state`, with dates that fit it.

    `pots`: code of an area (made if it is not there, a district below `town`) -> budget_minor;
    as default one for the whole town. `projects`: (reference, cost_minor), or a mapping with
    `reference`, `cost_minor` and any of `pot` (an area's code), `title`, `description`,
    `category` (a name), `area` (a code), `latitude`, `longitude`, `programme` (terms that replace
    those of TERMS). Without `pot` they take turns
    over the pots, in their order. `limits` add to or replace those of the ballot type. `values`
    are columns of RoundRow.
    """
    number = next(_numbers)
    columns = _dates(state) | {
        "slug": slug or f"round-{number}",
        "title": title or f"Round {number}",
        "ballot": BALLOTS[ballot_type] | dict(limits or {}),
        "rule": dict(rule or {"rule": "equal-shares"}),
        "summary": "Residents decide about a part of the budget.",
        "lot_source": "Dice thrown in open session of the council after the close.",
        **values,
    }

    def make(session: Any) -> MadeRound:
        made = MadeRound(service.add_round(session, **columns))
        areas = _Areas(session, made.row)
        for code, budget_minor in (pots or {"town": 1_000_000}).items():
            area = areas.find(code)
            made.pots.append(
                service.add_pot(
                    session,
                    made.row,
                    area_id=area.id,
                    name=area.name,
                    budget_minor=budget_minor,
                )
            )
        made.categories = [service.add_category(session, made.row, name=n) for n in categories]
        for position, project in enumerate(projects):
            made.projects.append(_add_project(session, made, areas, project, position))
        _set_state(session, made, state)
        return made

    return run_tx(make)


def _dates(state: str) -> dict[str, Any]:
    now = clock.now()
    moments = [now + timedelta(days=days) for days in CALENDARS[state]]
    names = ("proposals_open_at", "proposals_close_at", "voting_opens_at", "voting_closes_at")
    values: dict[str, Any] = dict(zip((*names, "results_at"), moments, strict=True))
    if state not in ("draft", "proposals", "review"):
        values["prices_released_at"] = values["proposals_close_at"]
    if state in ("voting", "closed", "published"):
        values |= {
            "roll_approved_at": values["voting_opens_at"] - timedelta(days=1),
            "opened_at": values["voting_opens_at"],
        }
    if state in ("closed", "published"):
        values["closed_at"] = values["voting_closes_at"]
    if state == "published":
        values |= {"published_at": values["results_at"], "published_run_no": 1}
    return values


def _set_state(session: Any, made: MadeRound, state: str) -> None:
    """Set the state and, where the round must have one, a rule sheet."""
    imported = made.row.origin == Origin.IMPORTED
    if state in service.FIXED and not imported:
        sheet.publish(session, made.row, sheet.build(session, made.row))
    made.row.state = RoundState(state)
    session.add(made.row)
    session.flush()


class _Areas:
    """Finds areas by code and makes those that are missing."""

    def __init__(self, session: Any, round_row: RoundRow) -> None:
        self._session = session
        self._round_id = round_row.id if round_row.origin == Origin.IMPORTED else None

    def find(self, code: str) -> AreaRow:
        query = select(AreaRow).where(AreaRow.code == code, AreaRow.round_id == self._round_id)
        return self._session.exec(query).first() or self._make(code)

    def _make(self, code: str) -> AreaRow:
        is_town = code == "town"
        row = AreaRow(
            code=code,
            name="Whole town" if is_town else code.title(),
            kind=AreaKind.TOWN if is_town else AreaKind.DISTRICT,
            parent_id=None if is_town else self.find("town").id,
            round_id=self._round_id,
        )
        self._session.add(row)
        self._session.flush()
        return row


def _add_project(
    session: Any, made: MadeRound, areas: _Areas, project: Any, position: int
) -> ProjectRow:
    values = (
        dict(project)
        if isinstance(project, Mapping)
        else {"reference": project[0], "cost_minor": project[1]}
    )
    pot_area = areas.find(values.pop("pot")).id if "pot" in values else None
    pot = next((p for p in made.pots if p.area_id == pot_area), None)
    pot = pot or made.pots[position % len(made.pots)]
    category = values.pop("category", None)
    area = values.pop("area", None)
    terms = values.pop("programme", None)
    row = service.add_project(
        session,
        made.row,
        pot_id=pot.id,
        area_id=areas.find(area).id if area else pot.area_id,
        category_id=next((c.id for c in made.categories if c.name == category), None),
        title=values.pop("title", str(values["reference"]).title()),
        **values,
    )
    if terms is not None:
        session.add(ProjectProgrammeRow(project_id=row.id, round_id=made.row.id, **(TERMS | terms)))
        session.flush()
    return row


def at_once(app: Any, *acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start together; return what each gave or raised."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                outcomes.append(act())
            except UserFacingError as error:
                outcomes.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
