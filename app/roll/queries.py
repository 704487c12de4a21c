"""Reading the roll. Every function joins the session it is given."""

import uuid
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlalchemy import func
from sqlmodel import Session, col, select

from app.errors import Lead, NotFoundError
from app.roll.models import (
    LetterBatchRow,
    RollEntryRow,
    RollEntryState,
    RollImportRow,
    RollImportState,
)

THE_ROLL = Lead(lazy("The voter roll"), "roll.overview")
_LIVE = (RollEntryState.NO_CODE, RollEntryState.ACTIVE)


@dataclass(frozen=True)
class RollCounts:
    """How many people of one district may vote, and how many of them have been given a code."""

    people: int = 0
    with_code: int = 0


def counts_by_district(session: Session, round_id: uuid.UUID) -> dict[str, RollCounts]:
    """Count the people on the roll, by the code of their district."""
    query = (
        select(RollEntryRow.district, RollEntryRow.state, func.count())
        .where(RollEntryRow.round_id == round_id, col(RollEntryRow.state).in_(_LIVE))
        .group_by(RollEntryRow.district, RollEntryRow.state)
        .order_by(RollEntryRow.district)
    )
    counts: dict[str, RollCounts] = {}
    for district, state, number in session.exec(query).all():
        known = counts.get(district, RollCounts())
        given = number if state == RollEntryState.ACTIVE else 0
        counts[district] = RollCounts(known.people + number, known.with_code + given)
    return counts


def entry_by_selector(session: Session, round_id: uuid.UUID, selector: str) -> RollEntryRow | None:
    """Find whom a code belongs to, by its part that is no secret."""
    query = select(RollEntryRow).where(
        RollEntryRow.round_id == round_id, RollEntryRow.selector == selector
    )
    return session.exec(query).first()


def entry_by_ext_key(session: Session, round_id: uuid.UUID, ext_key: str) -> RollEntryRow | None:
    """Find a person by the hashed register number; also one who was taken off the roll."""
    query = select(RollEntryRow).where(
        RollEntryRow.round_id == round_id, RollEntryRow.ext_key == ext_key
    )
    return session.exec(query).first()


def districts_by_ext_key(session: Session, round_id: uuid.UUID) -> dict[str, str]:
    """Return the roll as it stands: hashed register number -> district."""
    query = select(RollEntryRow.ext_key, RollEntryRow.district).where(
        RollEntryRow.round_id == round_id, col(RollEntryRow.state).in_(_LIVE)
    )
    return {key: district for key, district in session.exec(query).all() if key}


def entries_without_code(
    session: Session, round_id: uuid.UUID, *, district: str | None = None
) -> list[RollEntryRow]:
    """Return who has no letter yet, in no telling order."""
    query = select(RollEntryRow).where(
        RollEntryRow.round_id == round_id, RollEntryRow.state == RollEntryState.NO_CODE
    )
    if district is not None:
        query = query.where(RollEntryRow.district == district)
    return list(session.exec(query.order_by(col(RollEntryRow.id))).all())


def selectors(session: Session, round_id: uuid.UUID) -> set[str]:
    """Return the selectors that are taken."""
    query = select(RollEntryRow.selector).where(
        RollEntryRow.round_id == round_id, col(RollEntryRow.selector).is_not(None)
    )
    return {selector for selector in session.exec(query).all() if selector}


def import_by_id(session: Session, round_id: uuid.UUID, import_id: uuid.UUID) -> RollImportRow:
    """Load an upload of this round; NotFoundError if there is none."""
    row = session.get(RollImportRow, import_id)
    if row is None or row.round_id != round_id:
        raise NotFoundError(
            lazy("There is no such upload. See the page of the voter roll."), lead=THE_ROLL
        )
    return row


def imports(session: Session, round_id: uuid.UUID) -> list[RollImportRow]:
    """Return every upload, the newest first."""
    query = select(RollImportRow).where(RollImportRow.round_id == round_id)
    return list(session.exec(query.order_by(col(RollImportRow.uploaded_at).desc())).all())


def waiting_import(session: Session, round_id: uuid.UUID) -> RollImportRow | None:
    """Return the upload that nobody has decided about yet."""
    query = select(RollImportRow).where(
        RollImportRow.round_id == round_id, RollImportRow.state == RollImportState.WAITING
    )
    return session.exec(query.order_by(col(RollImportRow.uploaded_at).desc())).first()


def letter_batches(session: Session, round_id: uuid.UUID) -> list[LetterBatchRow]:
    """Return the sets of letters, the newest first."""
    query = select(LetterBatchRow).where(LetterBatchRow.round_id == round_id)
    return list(session.exec(query.order_by(col(LetterBatchRow.requested_at).desc())).all())


def letter_batch(session: Session, round_id: uuid.UUID, batch_id: uuid.UUID) -> LetterBatchRow:
    """Load a set of letters of this round; NotFoundError if there is none."""
    row = session.get(LetterBatchRow, batch_id)
    if row is None or row.round_id != round_id:
        raise NotFoundError(
            lazy("There are no such letters. See the page of the voter roll."), lead=THE_ROLL
        )
    return row
