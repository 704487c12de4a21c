"""Residents write proposals and send them in."""

import random
import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.db import run_tx
from app.db.types import uuid7
from app.demo.places import Point, point_within
from app.demo.seed import MINOR_PER_UNIT, IdeaSeed, RoundSeed, TownSeed
from app.demo.world import World
from app.policy import Actor
from app.proposals import service
from app.rounds import pictures, queries
from app.rounds.pictures import PreparedPicture

WRITTEN_BEFORE_DAYS = 6
"""So long before today the last proposals were sent in, where they are still being taken."""

Proposals = Mapping[str, uuid.UUID]
"""Key of an idea -> the proposal made of it."""


def collect(world: World, seed: RoundSeed) -> Proposals:
    """Have residents send in the ideas of a round, over the days in which it takes them."""
    ideas = world.town.ideas_of(seed.key)
    first, last = seed.days["proposals_open"], seed.days["proposals_close"]
    days = min(last - 1, -WRITTEN_BEFORE_DAYS) - first - 1
    made: dict[str, uuid.UUID] = {}
    for number, idea in enumerate(ideas):
        moment = world.timeline.moment(first + 1 + days * number / len(ideas), hour=8)
        world.timeline.reach(moment)
        made[idea.key] = _write(world, seed, idea, author=author_of(world.town, idea))
    if last < 0:
        world.timeline.reach(world.timeline.moment(last, hour=21))  # the review begins by itself
    return made


def author_of(town: TownSeed, idea: IdeaSeed) -> str:
    """Return who proposes it: the one whom the data name, or the next one."""
    if idea.by is not None:
        return idea.by
    return town.authors[town.ideas.index(idea) % len(town.authors)].key


def idea_place(town: TownSeed, idea: IdeaSeed) -> Point | None:
    """Return where an idea is meant: a point of its area; None for what is for the whole town."""
    area = town.areas[idea.area]
    if area.parent is None:
        return None
    longitude, latitude = point_within(
        area.ring,
        random.Random(f"{town.seed} place {idea.key}"),  # noqa: S311 (no secret)
    )
    return round(longitude, 6), round(latitude, 6)


def _write(world: World, seed: RoundSeed, idea: IdeaSeed, *, author: str) -> uuid.UUID:
    actor, draft_id = world.actor(author), uuid7()
    picture = pictures.prepare(world.town.picture(idea.picture)) if idea.picture else None

    def write(session: Session) -> None:
        row = service.start(session, actor, world.slug(seed), draft_id)
        values = _values(session, world, row.round_id, idea)
        row = service.save(session, actor, draft_id, version=row.version, **values)
        if picture is not None:
            _illustrate(session, world, actor, idea, row.id, row.version, picture)
        if idea.becomes != "draft":
            service.submit(session, actor, draft_id, version=row.version)

    run_tx(write)
    return draft_id


def _values(session: Session, world: World, round_id: uuid.UUID, idea: IdeaSeed) -> dict[str, Any]:
    round_row = queries.round_by_id(session, round_id)
    areas = {area.code: area.id for area in queries.areas(session, round_row)}
    categories = {one.name: one.id for one in queries.categories(session, round_id)}
    place = idea_place(world.town, idea)
    return {
        "title": idea.title,
        "description": idea.text,
        "beneficiaries": idea.who,
        "area_id": areas[idea.area],
        "category_id": categories[world.town.categories[idea.category]],
        "longitude": place[0] if place else None,
        "latitude": place[1] if place else None,
        "own_cost_minor": (idea.own or idea.cost) * MINOR_PER_UNIT,
    }


def _illustrate(
    session: Session,
    world: World,
    actor: Actor,
    idea: IdeaSeed,
    proposal_id: uuid.UUID,
    version: int,
    picture: PreparedPicture,
) -> None:
    words = world.town.picture_words[idea.picture or ""]
    service.set_picture(
        session, actor, proposal_id, version=version, picture=picture, alt_text=words
    )
