"""Setting a round up, announcing it, fixing its rules and opening it, as officers do."""

from typing import Any

from sqlmodel import Session

from app.db import read_tx
from app.demo import care_programmes
from app.demo.proposing import idea_place
from app.demo.seed import MINOR_PER_UNIT, IdeaSeed, RoundSeed
from app.demo.world import World
from app.rounds import announcing, freezing, opening, queries, rules
from app.rounds.models import RoundRow
from app.rounds.setup import changes, projects, saving
from app.rounds.setup.steps import Step
from voting.limits import BallotType

LOT = (
    "Five dice, thrown in the open session of the council after the close. "
    "If the session is put off, in the next one."
)
TIES = ["min-cost", "max-votes", "lot"]
_HOURS = {"proposals_open": 9, "proposals_close": 20, "voting_opens": 9, "voting_closes": 20}
_DATES = ("proposals_open", "proposals_close", "voting_opens", "voting_closes", "results")


def prepare(world: World, seed: RoundSeed) -> RoundRow:
    """Go through all steps of the set-up, enter the town hall's own projects, and announce."""
    world.timeline.reach(world.timeline.moment(seed.days["created"]))
    officer, slug = world.actor("officer"), world.slug(seed)
    names = {"title": world.fill(seed.title, seed), "summary": world.fill(seed.summary, seed)}
    changes.create(officer, {"slug": slug, **names})

    def set_up(session: Session, row: RoundRow) -> None:
        for step, values in _values(session, world, seed, row).items():
            saving.save(session, row, step, values)

    changes.change(officer, slug, set_up, what="set_up")
    if not seed.with_proposals:
        for number, idea in enumerate(world.town.ideas_of(seed.key), 1):
            _enter(world, slug, idea, reference=str(number))
    world.timeline.reach(world.timeline.moment(seed.days["created"] + 1))
    return announcing.announce(officer, slug)


def _values(
    session: Session, world: World, seed: RoundSeed, row: RoundRow
) -> dict[Step, dict[str, Any]]:
    """Return what each step's form would hold."""
    areas = {area.code: area.id for area in queries.areas(session, row)}
    most = seed.project_max
    dates = {f"{name}_at": None for name in _DATES} | {
        f"{name}_at": world.timeline.moment(seed.days[name], hour=_HOURS.get(name, 12))
        for name in _DATES
        if name in seed.days
    }
    return {
        Step.AREAS: {
            "budgets": {areas[c]: units * MINOR_PER_UNIT for c, units in seed.budgets.items()},
            "proposal_budget_max_minor": most * MINOR_PER_UNIT if most else None,
        },
        Step.CATEGORIES: {"names": [world.town.categories[key] for key in seed.categories]},
        Step.DATES: dates,
        Step.BALLOT: {"ballot": dict(seed.ballot)},
        Step.RULE: {"rule": _rule(seed)},
        Step.TIES: {"ties": TIES, "lot_source": LOT},
    }


def _rule(seed: RoundSeed) -> dict[str, object]:
    """Write out every option of the rule, as the set-up stores it."""
    sheet = rules.counting_rule(seed.rule, BallotType(seed.ballot["ballot_type"]))
    return {k: v for k, v in sheet.to_dict().items() if v is not None and k != "ties"}


def _enter(world: World, slug: str, idea: IdeaSeed, *, reference: str) -> None:
    """Enter a project of the town hall."""
    row = read_tx(lambda session: queries.round_by_slug(session, slug))
    ids = read_tx(lambda session: _ids(session, world, row, idea))
    place = idea_place(world.town, idea)
    projects.add(
        world.actor("officer"),
        slug,
        {
            **ids,
            "reference": reference,
            "title": idea.title,
            "description": idea.text,
            "cost_minor": idea.cost * MINOR_PER_UNIT,
            "longitude": place[0] if place else None,
            "latitude": place[1] if place else None,
        },
    )


def _ids(session: Session, world: World, row: RoundRow, idea: IdeaSeed) -> dict[str, Any]:
    areas = {area.code: area.id for area in queries.areas(session, row)}
    categories = {one.name: one.id for one in queries.categories(session, row.id)}
    return {
        "pot_id": queries.pots(session, row.id)[0].id,
        "area_id": areas[idea.area],
        "category_id": categories[world.town.categories[idea.category]],
    }


def freeze_and_open(world: World, seed: RoundSeed) -> None:
    """Fix rules and projects, and open the vote: each an act of two officers."""
    slug = world.slug(seed)
    world.timeline.reach(world.timeline.moment(seed.days["frozen"]))
    care_programmes.offer(world, seed)
    freezing.propose_freeze(world.actor("officer"), slug)
    world.approve("second_officer", freezing.FREEZE)
    world.timeline.reach(world.timeline.moment(seed.days["voting_opens"] - 3))
    opening.propose_open(world.actor("second_officer"), slug)
    world.approve("officer", opening.OPEN)
    world.timeline.reach(world.timeline.moment(seed.days["voting_opens"], hour=9))
