"""Reading ballots. Choices leave this module only for their own voter, or after the close."""

import uuid
from collections.abc import Mapping

from flask_babel import lazy_gettext as lazy
from sqlalchemy import ColumnElement, LargeBinary, and_, case, func, literal, select
from sqlmodel import Session

from app.ballots.models import ballot, ballot_head
from app.db import engine
from app.errors import ConflictError
from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow, RoundState
from voting.choices import Choices
from voting.limits import BallotType
from voting.receipts import Record

AFTER_CLOSE = frozenset({RoundState.CLOSED, RoundState.PUBLISHED})

_is_head = and_(
    ballot.c.round_id == ballot_head.c.round_id,
    ballot.c.slot == ballot_head.c.slot,
    ballot.c.version == ballot_head.c.version,
)


class StillOpenError(ConflictError):
    """Somebody asked for ballots while voting is open: nobody counts before the close."""

    code = "still_open"

    def __init__(self) -> None:
        super().__init__(lazy("Voting is not over. Ballots are counted after the close only."))


def turnout(session: Session, round_row: RoundRow) -> dict[uuid.UUID, int]:
    """Count the ballots cast for each pot. What is on them never leaves the database."""
    pots = rounds.pots(session, round_row.id)
    if not pots:
        return {}
    counts = [func.count(case((_is_for(pot.id), 1))) for pot in pots]
    query = select(*counts).select_from(ballot.join(ballot_head, _is_head))
    row = session.connection().execute(query.where(ballot.c.round_id == round_row.id)).one()
    return {pot.id: int(number) for pot, number in zip(pots, row, strict=True)}


def counted_ballots(session: Session, round_row: RoundRow, pot_row: PotRow) -> list[Choices]:
    """Return what each live ballot of a pot says, in the order of the slots, which is chance.

    Raises StillOpenError before the close.
    """
    _check_closed(round_row)
    ballot_type = BallotType(round_row.ballot["ballot_type"])
    query = (
        select(ballot.c.record)
        .select_from(ballot.join(ballot_head, _is_head))
        .where(ballot.c.round_id == round_row.id, _is_for(pot_row.id))
        .order_by(ballot.c.slot)
    )
    rows = session.connection().execute(query).scalars()
    return [Record.decode(bytes(record), ballot_type).choices for record in rows]


def commitments(session: Session, round_id: uuid.UUID) -> list[bytes]:
    """Return the commitments of the live ballots, sorted: what the seal of the close is over.

    Raises StillOpenError before the close.
    """
    _check_closed(rounds.round_by_id(session, round_id))
    query = (
        select(ballot.c.commitment)
        .select_from(ballot.join(ballot_head, _is_head))
        .where(ballot.c.round_id == round_id)
        .order_by(ballot.c.commitment)
    )
    return [bytes(one) for one in session.connection().execute(query).scalars()]


def live_record(session: Session, round_id: uuid.UUID, slot: bytes) -> bytes | None:
    """Return the record of the ballot that counts for a slot, if one is cast."""
    query = (
        select(ballot.c.record)
        .select_from(ballot.join(ballot_head, _is_head))
        .where(ballot.c.round_id == round_id, ballot.c.slot == slot)
    )
    record = session.connection().execute(query).scalar()
    return None if record is None else bytes(record)


def live_commitments(
    session: Session, round_id: uuid.UUID, slots: Mapping[uuid.UUID, bytes]
) -> dict[uuid.UUID, bytes]:
    """Return, for the pots of one pass, the commitment of the ballot that counts."""
    query = (
        select(ballot.c.slot, ballot.c.commitment)
        .select_from(ballot.join(ballot_head, _is_head))
        .where(ballot.c.round_id == round_id, ballot.c.slot.in_(slots.values()))
    )
    found = {bytes(slot): bytes(c) for slot, c in session.connection().execute(query)}
    return {pot_id: found[slot] for pot_id, slot in slots.items() if slot in found}


def _check_closed(round_row: RoundRow) -> None:
    if round_row.state not in AFTER_CLOSE:
        raise StillOpenError


def _is_for(pot_id: uuid.UUID) -> ColumnElement[bool]:
    """Test in the database which pot a record is for.

    In canonical JSON these bytes occur nowhere else: within a string the quotes are escaped.
    """
    mark = literal(f'"pot":"{pot_id}"'.encode(), LargeBinary)
    where = func.instr if engine.is_sqlite() else func.pg_catalog.position
    return where(ballot.c.record, mark) > 0
