"""Voucher programmes that the invented town voted for: offered in a round, funded by its result."""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from sqlmodel import Session

from app.db import read_tx
from app.demo.seed import MINOR_PER_UNIT, RoundSeed, VotedSeed
from app.demo.world import World
from app.programmes import queries as programmes
from app.programmes import service
from app.programmes.knob import KnobRules
from app.programmes.models import ProgrammeRow
from app.programmes.population import PER_WHOLE
from app.rounds import queries
from app.rounds.models import ProjectRow
from app.rounds.setup import projects


def offer(world: World, seed: RoundSeed) -> None:
    """Make projects voucher programmes before the rules are fixed."""
    officer, slug = world.actor("officer"), world.slug(seed)
    for voted, project in _projects(world, seed):
        starts_on, ends_on = (world.timeline.moment(days).date() for days in voted.days)
        terms = {
            "services": list(voted.services),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "floor_minor": voted.floor * MINOR_PER_UNIT,
            "cap_minor": voted.cap * MINOR_PER_UNIT,
            "slope_millionths": voted.slope_percent * PER_WHOLE // 100,
        }
        projects.make_programme(officer, slug, project.id, terms)


def schedule(world: World, seed: RoundSeed) -> None:
    """Work out who gets how much from the funds that a result has opened; two officers approve."""
    officer = world.actor("officer")
    for voted, project in _projects(world, seed):
        row = read_tx(partial(_funded, project=project))
        if row is None:
            continue
        said = {
            "eligibility": voted.eligibility,
            "people": [[one * MINOR_PER_UNIT, number, PER_WHOLE] for one, number in voted.people],
            "people_source": voted.people_source,
        }
        service.change(officer, row.slug, said, seen_version=row.version)
        rules = KnobRules(
            voted.floor * MINOR_PER_UNIT,
            voted.cap * MINOR_PER_UNIT,
            Fraction(voted.slope_percent, 100),
            voted.start * MINOR_PER_UNIT,
        )
        service.save_schedule(officer, row.slug, rules, seen_version=row.version + 1)
        service.propose(officer, row.slug)
        world.approve("second_officer", service.APPROVE)


def _projects(world: World, seed: RoundSeed) -> Iterator[tuple[VotedSeed, ProjectRow]]:
    """Find the projects that have come of ideas for voucher programmes."""
    titles = {idea.key: idea.title for idea in world.town.ideas_of(seed.key)}
    wanted = [one for one in world.town.care.voted if one.round == seed.key and one.idea in titles]
    if not wanted:
        return

    def read(session: Session) -> list[ProjectRow]:
        row = queries.round_by_slug(session, world.slug(seed))
        return queries.projects(session, row.id)

    by_title = {row.title: row for row in read_tx(read)}
    for one in wanted:
        yield one, by_title[titles[one.idea]]


def _funded(session: Session, project: ProjectRow) -> ProgrammeRow | None:
    return programmes.of_project(session, project.round_id, project.reference)
