"""Loading the demonstration: a town with a past, made by the acts that made it.

Everything goes through the services that people use in the browser, at the moments at which it
would have happened, so audit trail, digests and approvals are true. Each act is a transaction of
its own; the last one notes that all is there, and until then nothing passes for a demonstration.
"""

from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.db import read_tx, run_tx
from app.db.models import holds_anything
from app.demo import (
    care_helpers,
    care_holder,
    care_settlement,
    caring,
    counting,
    founding,
    people,
    preparing,
    proposing,
    reviewing,
    sign_ins,
)
from app.demo import voting as votes
from app.demo.seed import RoundSeed, TownSeed
from app.demo.sign_ins import VotingCode
from app.demo.timeline import Timeline
from app.demo.world import Say, World
from app.errors import ConflictError
from app.policy import ANONYMOUS
from app.town import queries as towns

LOADED = "demo.loaded"
FOUNDED_DAYS = -460


class NotEmptyError(ConflictError):
    """The database holds something, and a demonstration needs one of its own."""

    code = "not_empty"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This database is in use, so nothing was loaded: a demonstration needs an empty "
                "one. Set MINGA_INSTANCE to a new folder, or DATABASE_URL to an empty database."
            )
        )


class HalfLoadedError(ConflictError):
    """A loading broke off; what is there is half a town."""

    code = "half_loaded"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The demonstration in this database is not complete: its loading was interrupted, "
                "or still goes on. If it was interrupted, delete the instance folder or empty the "
                "database, then load it again."
            )
        )


def is_loaded() -> bool:
    """Say whether a whole demonstration is here. Raises HalfLoadedError for half of one."""
    return read_tx(_is_loaded)


def _is_loaded(session: Session) -> bool:
    town = towns.town(session)
    if town is None or not town.demo:
        return False
    if not audit.is_recorded(session, LOADED):
        raise HalfLoadedError
    return True


def is_empty() -> bool:
    return read_tx(lambda session: not holds_anything(session))


def load(town: TownSeed, say: Say) -> None:
    """Load the demonstration into an empty database. Raises NotEmptyError."""
    timeline = Timeline(clock.now(), town.time_zone)
    try:
        timeline.reach(timeline.moment(FOUNDED_DAYS))
        run_tx(lambda session: _found(session, town))
        say(_("Loading the demonstration town of %(town)s", town=town.name))
        world = World(
            town=town,
            timeline=timeline,
            people=people.invent(town, year=timeline.year),
            accounts=founding.people_of(town),
            say=say,
        )
        first, *later = town.rounds
        codes = tell(world, first)
        _care(world)  # before later rounds: money is sealed at night, so it moves in order of time
        codes += [code for seed in later for code in tell(world, seed)]
        sign_ins.save_codes(codes)
        timeline.reach(timeline.now)
    finally:
        clock.use(None)
    run_tx(lambda session: audit.record(session, ANONYMOUS, LOADED, "town"))


def _care(world: World) -> None:
    world.say(_("  Care at home, its organisations and vouchers"))
    care_holder.remember(world, world.town.care)
    caring.tell(world, world.town.care)
    care_holder.tell(world)
    care_helpers.tell(world)
    care_settlement.tell(world)


def _found(session: Session, town: TownSeed) -> None:
    if holds_anything(session):
        _is_loaded(session)  # half a demonstration has a sentence of its own
        raise NotEmptyError
    founding.found(session, town)


def tell(world: World, seed: RoundSeed) -> list[VotingCode]:
    """Tell the story of a round as far as its days have passed; returns its codes."""
    world.say(f"  {world.fill(seed.title, seed)}")
    preparing.prepare(world, seed)
    if seed.with_proposals:
        reviewing.review_all(world, seed, proposing.collect(world, seed))
        if seed.days["proposals_close"] < 0:
            reviewing.release_all(world, seed)
    if "frozen" not in seed.days:
        return []
    votes.import_roll(world, seed)
    preparing.freeze_and_open(world, seed)
    codes = votes.issue_codes(world, seed) if seed.codes else []
    votes.cast_ballots(world, seed)
    if seed.days["voting_closes"] < 0:
        counting.count_and_publish(world, seed)
    return codes
