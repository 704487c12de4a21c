"""The roll of a round, its codes, and the ballots of the invented people."""

import random
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, zip_longest

from sqlmodel import Session

from app.ballots import casting
from app.ballots.casting import Place
from app.db import read_tx, run_tx
from app.demo.people import Neighbour, as_csv
from app.demo.proposing import idea_place
from app.demo.seed import RoundSeed
from app.demo.sign_ins import VotingCode
from app.demo.tastes import Offer, fill_in, liking
from app.demo.world import World
from app.roll import imports, issuing, queries, roll_entries, sign_in
from app.roll.models import RollEntryRow
from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow
from voting.ballots import validate
from voting.choices import Choices
from voting.receipts import CAST_KEY_LENGTH
from voting.rules import BallotRules

ROLL_BEFORE_DAYS = 2  # before the rules are fixed
CODES_BEFORE_DAYS = 2  # before voting opens
VOTED_AFTER_DAYS = 4  # after voting opened
BOTH_BALLOTS_SHARE = 0.85
_AT_ONCE = 500


def import_roll(world: World, seed: RoundSeed) -> None:
    """Import the roll as a clerk does, and have an officer approve it."""
    world.timeline.reach(world.timeline.moment(seed.days["frozen"] - ROLL_BEFORE_DAYS))
    clerk, slug = world.actor("clerk"), world.slug(seed)
    data = as_csv(world.town, world.roll(seed))
    staged = imports.stage(clerk, slug, file_name=f"roll-{slug}.csv", data=data)
    if staged.import_id is None:
        raise RuntimeError(f"the invented roll has problems: {staged.problems[:3]}")
    import_id = staged.import_id
    run_tx(lambda session: imports.ask_for_approval(session, clerk, slug, import_id))
    world.approve("officer", imports.ACTION)


def issue_codes(world: World, seed: RoundSeed) -> list[VotingCode]:
    """Give a few people of every neighbourhood a code; the others would get theirs by post."""
    world.timeline.reach(world.timeline.moment(seed.days["voting_opens"] - CODES_BEFORE_DAYS))
    round_row = read_tx(lambda session: rounds.round_by_slug(session, world.slug(seed)))
    entries = read_tx(lambda session: _entries(session, round_row))
    people = _with_codes(world, seed)
    hashed = roll_entries.ext_keys(round_row.id, (one.register_number for one in people))
    ids = [entries[key].id for key in hashed]
    codes = issuing.issue_codes(round_row.id, ids)
    return [
        VotingCode(round_row.title, world.town.areas[one.area].name, one.name, codes[entry_id])
        for one, entry_id in zip(people, ids, strict=True)
    ]


def cast_ballots(world: World, seed: RoundSeed) -> None:
    """Have people vote: nobody who has one of the codes, so that these are free to be tried."""
    world.timeline.reach(world.timeline.moment(seed.days["voting_opens"] + VOTED_AFTER_DAYS))
    round_row = read_tx(lambda session: rounds.round_by_slug(session, world.slug(seed)))
    ballots = read_tx(lambda session: _ballots(session, world, seed, round_row))
    for portion in _portions(ballots, _AT_ONCE):
        run_tx(partial(_cast, round_id=round_row.id, ballots=portion))


def _with_codes(world: World, seed: RoundSeed) -> list[Neighbour]:
    """Choose the first people of each neighbourhood in turn."""
    by_area: dict[str, list[Neighbour]] = {}
    for one in world.roll(seed):
        by_area.setdefault(one.area, []).append(one)
    in_turn = (one for row in zip_longest(*by_area.values()) for one in row if one is not None)
    return list(islice(in_turn, seed.codes))


def _entries(session: Session, round_row: RoundRow) -> dict[str, RollEntryRow]:
    rows = queries.entries_without_code(session, round_row.id)
    return {row.ext_key: row for row in rows if row.ext_key is not None}


def _ballots(
    session: Session, world: World, seed: RoundSeed, round_row: RoundRow
) -> list[tuple[Place, Choices]]:
    """Fill in everybody's ballots, each checked as at the booth."""
    rng = random.Random(f"{world.town.seed} ballots {seed.key}")  # noqa: S311 (no secret)
    entries = _entries(session, round_row)
    pots = _Pots(session, world, seed, round_row)
    with_codes = {one.register_number for one in _with_codes(world, seed)}
    free = [one for one in world.roll(seed) if one.register_number not in with_codes]
    voters = rng.sample(free, seed.people)
    hashed = roll_entries.ext_keys(round_row.id, (one.register_number for one in voters))
    return [
        (place, pots.fill_in(person, place.pot_id, rng))
        for person, key in zip(voters, hashed, strict=True)
        for place in pots.places(entries[key], rng)
    ]


class _Pots:
    """The pots of a round with their rules and offers, read once for all voters."""

    def __init__(
        self, session: Session, world: World, seed: RoundSeed, round_row: RoundRow
    ) -> None:
        self._round = round_row
        self._rules: dict[uuid.UUID, BallotRules] = {}
        self._offers: dict[uuid.UUID, list[Offer]] = {}
        ideas = {idea.title: idea for idea in world.town.ideas_of(seed.key)}
        for pot in rounds.pots(session, round_row.id):
            self._rules[pot.id] = rounds.ballot_rules(session, round_row, pot)
            self._offers[pot.id] = [
                Offer(
                    reference=project.reference,
                    category=ideas[project.title].category,
                    appeal=ideas[project.title].appeal,
                    place=idea_place(world.town, ideas[project.title]),
                )
                for project in rounds.projects(session, round_row.id, pot.id)
            ]
        self._eligible: dict[str, list[PotRow]] = {
            code: rounds.eligible_pots(session, round_row, code)
            for code, area in world.town.areas.items()
            if area.weight
        }

    def places(self, entry: RollEntryRow, rng: random.Random) -> Iterator[Place]:
        """Return the ballots that a person casts: most cast all they have."""
        known = sign_in.pass_for(self._round, entry, self._eligible[entry.district])
        for number, pot_id in enumerate(known.slots):
            if number == 0 or rng.random() < BOTH_BALLOTS_SHARE:
                yield casting.place_of(known, pot_id)

    def fill_in(self, person: Neighbour, pot_id: uuid.UUID, rng: random.Random) -> Choices:
        rules = self._rules[pot_id]
        likings = {o.reference: liking(person, o, rng) for o in self._offers[pot_id]}
        choices = fill_in(rules, likings, rng)
        validate(rules, choices)
        return choices


def _cast(session: Session, round_id: uuid.UUID, ballots: Iterable[tuple[Place, Choices]]) -> None:
    """Take checked ballots, many in one transaction."""
    casting.open_round(session, round_id)
    records = {
        place: casting.make_record(place, choices, secrets.token_bytes(CAST_KEY_LENGTH))
        for place, choices in ballots
    }
    casting.record_first_ballots(session, records)


def _portions(
    ballots: Sequence[tuple[Place, Choices]], size: int
) -> Iterator[Sequence[tuple[Place, Choices]]]:
    for start in range(0, len(ballots), size):
        yield ballots[start : start + size]
