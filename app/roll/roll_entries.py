"""The people on the roll, known by hashed register numbers and brought in line with a new file."""

import hmac
import uuid
from collections.abc import Iterable, Mapping, Sequence

from flask_babel import lazy_gettext as lazy
from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from app import keys
from app.errors import ConflictError
from app.roll.models import RollEntryRow, RollEntryState
from app.roll.rules import Person, comparable
from app.rounds import queries as rounds
from app.rounds.models import RoundRow
from voting.receipts import KeyPurpose

_PORTION = 500  # so many values in one statement are no trouble to either database

Entries = Mapping[str | None, RollEntryRow]
"""Hashed register number -> the entry that is there."""


def bring_in_line(session: Session, round_row: RoundRow, people: Sequence[Person]) -> None:
    """Make the roll of a round these people; who is right already keeps entry and code.

    Raises ConflictError for people of an area that was removed meanwhile.
    """
    _check_districts(session, round_row, people)
    wanted = districts_by_key(round_row.id, people)
    query = select(RollEntryRow).where(RollEntryRow.round_id == round_row.id)
    known = {row.ext_key: row for row in session.exec(query).all()}
    _add(session, round_row.id, {key: d for key, d in wanted.items() if key not in known})
    _move(session, known, wanted)
    returned = [r.id for k, r in known.items() if k in wanted and r.state == RollEntryState.VOID]
    gone = [r.id for k, r in known.items() if k not in wanted and r.state != RollEntryState.VOID]
    _set_state(session, returned, RollEntryState.NO_CODE)
    _set_state(session, gone, RollEntryState.VOID)


def _check_districts(session: Session, round_row: RoundRow, people: Sequence[Person]) -> None:
    known = {area.code for area in rounds.areas(session, round_row)}
    gone = sorted({person.district for person in people} - known)
    if gone:
        raise ConflictError(
            lazy(
                "The area %(code)s of this file is no longer there. Nothing was changed. "
                "Correct the file and upload it again.",
                code=gone[0],
            )
        )


def ext_key(round_id: uuid.UUID, register_number: str) -> str:
    """Return the keyed hash under which a register number is known in this round."""
    return ext_keys(round_id, [register_number])[0]


def ext_keys(round_id: uuid.UUID, register_numbers: Iterable[str]) -> list[str]:
    """Return the keyed hashes of many register numbers; the round's key is read once."""
    key = keys.round_key(round_id, KeyPurpose.REF)
    return [
        hmac.digest(key, comparable(number).encode(), "sha256").hex() for number in register_numbers
    ]


def districts_by_key(round_id: uuid.UUID, people: Sequence[Person]) -> dict[str, str]:
    """Return hashed register number -> district, for a roll as it would be."""
    hashed = ext_keys(round_id, (person.register_number for person in people))
    return dict(zip(hashed, (person.district for person in people), strict=True))


def _add(session: Session, round_id: uuid.UUID, districts: Mapping[str, str]) -> None:
    new = [
        {
            "id": uuid.uuid4(),
            "round_id": round_id,
            "district": district,
            "ext_key": key,
            "state": RollEntryState.NO_CODE,
        }
        for key, district in districts.items()
    ]
    if new:
        session.connection().execute(insert(RollEntryRow), new)


def _move(session: Session, known: Entries, wanted: Mapping[str, str]) -> None:
    moved = [
        {"entry": row.id, "to": wanted[key]}
        for key, row in known.items()
        if key is not None and row.district != wanted.get(key, row.district)
    ]
    if moved:
        statement = (
            update(RollEntryRow.__table__)  # type: ignore[attr-defined]  # set by SQLModel
            .where(col(RollEntryRow.id) == bindparam("entry"))
            .values(district=bindparam("to"))
        )
        session.connection().execute(statement, moved)


def _set_state(session: Session, ids: Sequence[uuid.UUID], state: RollEntryState) -> None:
    """Change the state of entries and take their codes."""
    for start in range(0, len(ids), _PORTION):
        session.exec(
            update(RollEntryRow)
            .where(col(RollEntryRow.id).in_(ids[start : start + _PORTION]))
            .values(state=state, selector=None, salt=None, code_check=None)
        )
