"""Rounds that are closed with ballots in them, and their counts, for tests."""

from collections.abc import Mapping, Sequence
from typing import Any

import factories_ballots
from factories_ballots import in_app, record_ballots
from factories_rounds import MadeRound, make_round
from sqlmodel import Session

from app import clock
from app.db import run_tx
from app.jobs import worker
from app.policy import ROUND_OFFICER, Actor
from app.results import runs
from app.results.models import AllocationRunRow
from app.rounds import queries as rounds
from app.rounds import service
from voting.choices import Choices
from voting.limits import BallotType

OPERATOR = Actor(name="command line", roles=frozenset({ROUND_OFFICER}), level="full")
SEED = "ab" * 32
# 24 ballots on the projects of `factories_rounds.PROJECTS`.
APPROVALS: tuple[Sequence[str], ...] = (
    *([("bench", "pool")] * 9),
    *([("bench", "trees")] * 8),
    *([("library",)] * 6),
    (),
)


def make_closed(
    ballots: Sequence[Any] = APPROVALS,
    *,
    ballot_type: str = "approval",
    more: Mapping[str, Sequence[Any]] | None = None,
    sealed: bool = True,
    lot_seed: str | None = SEED,
    **values: Any,
) -> MadeRound:
    """Make a round in which people voted and which has closed; its ballots are fixed.

    `ballots`: for each person the projects, or points by project, on the first pot; `more`: the
    same for other pots by their name. `lot_seed` None: the draw has not been held.
    """
    made = make_round("voting", ballot_type=ballot_type, **values)
    per_pot = {made.pot.name: ballots, **(more or {})}
    for pot in made.pots:
        chosen = [_choices(ballot_type, choices) for choices in per_pot.get(pot.name, ())]
        record_ballots(made, pot.id, chosen)
    run_tx(lambda session: _close(session, made, lot_seed))
    if sealed:
        do_jobs()
    return made


@in_app
def do_jobs() -> None:
    """Do what a worker would do now."""
    while worker.run_due():
        pass


@in_app
def make_count(made: MadeRound, *, actor: Actor = OPERATOR) -> AllocationRunRow:
    """Make the official count of a closed round."""
    row = run_tx(lambda session: runs.request_official(session, actor, made.id))
    do_jobs()
    return row


@in_app
def make_published(made: MadeRound | None = None) -> MadeRound:
    """Make a round whose result is public."""
    made = made or make_closed()
    row = make_count(made)
    run_tx(lambda session: _publish(session, made, row.run_no))
    return made


def use(app: Any) -> None:
    factories_ballots.use(app)


def _choices(ballot_type: str, choices: Any) -> Choices:
    kind = BallotType(ballot_type)
    if isinstance(choices, Mapping):
        return Choices.of_numbers(kind, choices)
    if kind in (BallotType.POINTS, BallotType.SCORES):
        return Choices.of_numbers(kind, dict(choices))
    return Choices.of_projects(kind, choices)


def _close(session: Session, made: MadeRound, lot_seed: str | None) -> None:
    row = rounds.round_by_id(session, made.id)
    service.close(session, row, clock.now())
    if lot_seed:
        service.enter_lot_seed(session, row, lot_seed)
    made.row = row


def _publish(session: Session, made: MadeRound, run_no: int) -> None:
    made.row = rounds.round_by_id(session, made.id)
    service.mark_published(session, made.row, run_no, clock.now())
