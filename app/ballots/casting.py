"""Casting a ballot: one request carries all of it, one transaction takes it or nothing.

Repeating a request gives the same receipt; a stale repeat never overwrites a newer vote. Nothing
of a person, a time or a device is written, and nothing at all on the side of the roll.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import keys
from app.ballots import drafts, queries
from app.ballots.errors import BallotRefusedError, TooManyChangesError
from app.ballots.fixed_rules import ballot_rules
from app.ballots.models import ballot, ballot_head
from app.ballots.receipts import Receipt
from app.ballots.sentences import blocker_sentences
from app.db import engine, moment, read_tx, run_tx
from app.errors import Lead, NotFoundError
from app.roll.passes import VotingPass
from app.roll.sign_in import NotOpenError
from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow
from voting.choices import Choices
from voting.errors import BallotError
from voting.form_fields import Fields, choices_to_cast
from voting.receipts import KeyPurpose, Record, commitment, nonce

VERSIONS_MAX = 50


@dataclass(frozen=True)
class Place:
    """Where a ballot belongs: the pot and the slot in it, of somebody from a district."""

    round_id: uuid.UUID
    pot_id: uuid.UUID
    slot: bytes
    district: str


def place_of(known: VotingPass, pot_id: uuid.UUID) -> Place:
    """Return the place of a pass's ballot for a pot; NotFoundError for a pot of others."""
    if pot_id not in known.slots:
        raise NotFoundError(
            lazy("You have no such ballot. See the list of your ballots for those you have."),
            lead=Lead(lazy("Your ballots"), "ballots.overview"),
        )
    return Place(known.round_id, pot_id, known.slots[pot_id], known.district)


def cast(known: VotingPass, pot_id: uuid.UUID, fields: Fields, cast_key: bytes) -> Receipt:
    """Take the ballot in a posted form, or change it.

    `cast_key`: the random bytes of the form, which make its repetition known. Raises NotOpenError,
    BallotRefusedError with a sentence per limit, TooManyChangesError.
    """
    place = place_of(known, pot_id)
    try:
        return run_tx(lambda session: _cast(session, place, fields, cast_key))
    except IntegrityError:  # the same request was taken while this one was under way
        return read_tx(lambda session: _receipt_of_twin(session, place, fields, cast_key))


def record_ballot(session: Session, round_row: RoundRow, place: Place, record: bytes) -> Receipt:
    """Write down a record in its slot, as the ballot that counts, unless it is there already.

    For choices that were held against the rules before, in this transaction.
    """
    digest = commitment(record)
    if _is_recorded(session, place, digest):
        return receipt(session, round_row, place, digest)
    row = {"round_id": place.round_id, "slot": place.slot, "version": _raise_head(session, place)}
    session.connection().execute(insert(ballot).values(**row, commitment=digest, record=record))
    return receipt(session, round_row, place, digest, counts=True)


def record_first_ballots(session: Session, records: Mapping[Place, bytes]) -> None:
    """Write down records for slots that hold no ballot yet, many at once.

    For choices that were held against the rules before, in a round that this transaction holds
    open. They are written in the order of the slots, which is chance.
    """
    in_order = sorted(records.items(), key=lambda item: item[0].slot)
    heads = [
        {"round_id": place.round_id, "slot": place.slot, "version": 1} for place, _ in in_order
    ]
    session.connection().execute(insert(ballot_head), heads)
    rows = [
        head | {"commitment": commitment(record), "record": record}
        for head, (_, record) in zip(heads, in_order, strict=True)
    ]
    session.connection().execute(insert(ballot), rows)


def receipt(
    session: Session,
    round_row: RoundRow,
    place: Place,
    digest: bytes,
    *,
    counts: bool | None = None,
) -> Receipt:
    """Make the receipt for a commitment in a slot."""
    if counts is None:
        live = queries.live_commitments(session, place.round_id, {place.pot_id: place.slot})
        counts = live.get(place.pot_id) == digest
    due = round_row.voting_closes_at
    if due is None:
        raise ValueError("a round that is open has a date of closing")
    return Receipt(place.round_id, place.pot_id, digest, due.date(), counts)


def open_round(session: Session, round_id: uuid.UUID) -> RoundRow:
    """Hold a round open until the transaction ends; NotOpenError if it is not, by the database."""
    round_row = rounds.round_for_ballot(session, round_id)
    now = moment.now(session)  # after the lock: waiting for it may have taken until the close
    if not rounds.can_vote(round_row, now):
        raise NotOpenError(
            round_row,
            lazy(
                "Voting in this round is over, so this ballot was not taken. "
                "What you cast before the close is counted."
            ),
        )
    return round_row


def _cast(session: Session, place: Place, fields: Fields, cast_key: bytes) -> Receipt:
    round_row = open_round(session, place.round_id)
    pot_row = rounds.pot(session, place.pot_id)
    choices = _choices(session, round_row, pot_row, fields)
    record = make_record(place, choices, cast_key)
    taken = record_ballot(session, round_row, place, record)
    if taken.counts:
        drafts.forget(session, place.round_id, place.slot)
    return taken


def _choices(session: Session, round_row: RoundRow, pot_row: PotRow, fields: Fields) -> Choices:
    try:
        return choices_to_cast(ballot_rules(session, round_row, pot_row), fields)
    except BallotError as error:
        titles = {
            row.reference: row.title for row in rounds.projects(session, round_row.id, pot_row.id)
        }
        raise BallotRefusedError(blocker_sentences(error.blockers, titles, round_row)) from error


def make_record(place: Place, choices: Choices, cast_key: bytes) -> bytes:
    """Write choices as they are stored and committed to."""
    nonce_key = keys.round_key(place.round_id, KeyPurpose.NONCE)
    return Record(
        round_id=place.round_id,
        pot_id=place.pot_id,
        district=place.district,
        nonce=nonce(nonce_key, place.slot, cast_key),
        choices=choices,
    ).encode()


def _raise_head(session: Session, place: Place) -> int:
    """Make the next version the one that counts; in one statement, so nobody comes between."""
    insert_head = (sqlite.insert if engine.is_sqlite() else postgresql.insert)(ballot_head)
    version = (
        session.connection()
        .execute(
            insert_head.values(round_id=place.round_id, slot=place.slot, version=1)
            .on_conflict_do_update(
                index_elements=["round_id", "slot"],
                set_={"version": ballot_head.c.version + 1},
                where=ballot_head.c.version < VERSIONS_MAX,
            )
            .returning(ballot_head.c.version)
        )
        .scalar()
    )
    if version is None:
        raise TooManyChangesError
    return int(version)


def _is_recorded(session: Session, place: Place, digest: bytes) -> bool:
    query = select(ballot.c.version).where(
        ballot.c.round_id == place.round_id,
        ballot.c.slot == place.slot,
        ballot.c.commitment == digest,
    )
    return session.connection().execute(query).first() is not None


def _receipt_of_twin(session: Session, place: Place, fields: Fields, cast_key: bytes) -> Receipt:
    round_row = rounds.round_by_id(session, place.round_id)
    choices = _choices(session, round_row, rounds.pot(session, place.pot_id), fields)
    digest = commitment(make_record(place, choices, cast_key))
    return receipt(session, round_row, place, digest)
