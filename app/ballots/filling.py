"""Keeping drafts of ballots. A draft may break limits; what cannot be read at all is not kept."""

import uuid

from sqlmodel import Session

from app.ballots import booth, casting, drafts
from app.ballots.booth import BallotView
from app.ballots.fixed_rules import ballot_rules
from app.db import run_tx
from app.roll import sign_in
from app.roll.passes import VotingPass
from app.rounds import queries as rounds
from voting.form_fields import POINTS_PREFIX, RANK_PREFIX, Entered, Fields, choices_from_fields

TYPED_LENGTH_MAX = 40


def open_view(session: Session, known: VotingPass, pot_id: uuid.UUID) -> BallotView:
    """Read a ballot for its page; NotOpenError once voting is over."""
    sign_in.open_round(session, known.slug)
    return booth.ballot_view(session, known, pot_id)


def save_draft(known: VotingPass, pot_id: uuid.UUID, fields: Fields) -> Entered:
    """Keep what a form holds; with `blockers` in the answer nothing was kept."""
    return run_tx(lambda session: _save_draft(session, known, pot_id, fields))


def typed_numbers(fields: Fields) -> dict[str, str]:
    """Return what stands in the number fields of a form, to show it again as it was typed."""
    return {
        name: values[0][:TYPED_LENGTH_MAX]
        for name, values in fields.items()
        if name.startswith((POINTS_PREFIX, RANK_PREFIX)) and values
    }


def _save_draft(session: Session, known: VotingPass, pot_id: uuid.UUID, fields: Fields) -> Entered:
    place = casting.place_of(known, pot_id)
    round_row = casting.open_round(session, place.round_id)  # no draft after the close
    rules = ballot_rules(session, round_row, rounds.pot(session, pot_id))
    entered = choices_from_fields(rules, fields)
    if not entered.blockers:
        drafts.save(session, place.round_id, place.slot, entered.choices)
    return entered
