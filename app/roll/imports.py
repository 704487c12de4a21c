"""Importing the voter roll: read and stage by one person, take over when a second one approves."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from app import clock, keys
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.errors import ConflictError, InvalidError
from app.forms import clean_text
from app.policy import CLERK, ROUND_OFFICER, Actor
from app.roll import csv_file, queries, staging
from app.roll.models import RollEntryRow, RollEntryState, RollImportRow, RollImportState
from app.roll.report import make_report
from app.roll.rules import AGE_DEFAULT, Person, Problem, Requirements, comparable
from app.rounds import queries as rounds
from app.rounds import service as rounds_service
from app.rounds.models import Origin, RoundRow, RoundState
from voting.receipts import KeyPurpose

ACTION = "roll.import"
FILE_NAME_LENGTH_MAX = 200
_BEFORE_VOTING = frozenset(
    {RoundState.DRAFT, RoundState.PROPOSALS, RoundState.REVIEW, RoundState.FROZEN}
)


@dataclass(frozen=True)
class Staged:
    """What came of an upload: an import that waits, or the problems for which nothing was kept."""

    import_id: uuid.UUID | None
    report: Mapping[str, Any]
    problems: Sequence[Problem]


def stage(
    actor: Actor, slug: str, *, file_name: str, data: bytes, age_min: int = AGE_DEFAULT
) -> Staged:
    """Read a file and keep its people sealed, for two persons to look at; nobody can vote by it.

    Raises InvalidError or ConflictError when it cannot be taken at all.
    """
    round_row, requirements, before = read_tx(lambda session: _situation(session, slug, age_min))
    file = csv_file.read(data, requirements)
    if file.problems:
        return Staged(None, {}, file.problems)
    if not before:
        keys.make_round_key(round_row.id)
    after = _districts_by_key(round_row.id, file.people)
    report = make_report(
        file.people,
        requirements,
        before=before,
        after=after,
        columns_ignored=file.columns_ignored,
    )
    row = RollImportRow(
        round_id=round_row.id,
        file_name=clean_text(file_name[-FILE_NAME_LENGTH_MAX:]) or "roll.csv",
        file_sha256=hashlib.sha256(data).hexdigest(),
        report=report,
        uploaded_by=actor.account_id,
        uploaded_at=clock.now(),
    )
    row.staged = staging.seal_people(row.id, file.people)
    run_tx(lambda session: _keep(session, actor, slug, row))
    return Staged(row.id, report, ())


def ask_for_approval(session: Session, actor: Actor, slug: str, import_id: uuid.UUID) -> None:
    """Propose that a staged file becomes the roll. A second person decides."""
    round_row = _open_to_import(rounds.round_by_slug(session, slug))
    row = _waiting(session, round_row.id, import_id)
    payload = {
        "import": str(row.id),
        "sha256": row.file_sha256,
        "people": row.report["people"],
        "added": row.report["added"],
        "gone": row.report["gone"],
    }
    approvals.propose(session, actor, ACTION, slug, payload)


def discard(session: Session, actor: Actor, slug: str, import_id: uuid.UUID) -> None:
    """Forget a staged file and the people in it. Not while a second person is being asked."""
    if approvals.pending_for(session, ACTION, slug):
        raise ConflictError(
            lazy(
                "A second person has been asked to approve this file. Withdraw that first, "
                "under “Waiting for a second person”."
            )
        )
    row = _waiting(session, rounds.round_by_slug(session, slug).id, import_id)
    _drop(session, row)
    audit.record(session, actor, "roll.discarded", slug, {"sha256": row.file_sha256})


def _describe(session: Session, approval: ApprovalRow) -> str:
    round_row = rounds.round_by_slug(session, approval.subject)
    people = ngettext("%(num)s person", "%(num)s people", approval.payload["people"])
    return str(
        _(
            "Make %(people)s the voter roll of “%(round)s”: %(added)s new, %(gone)s taken off. "
            "File %(digest)s…",
            people=people,
            round=round_row.title,
            added=approval.payload["added"],
            gone=approval.payload["gone"],
            digest=approval.payload["sha256"][:16],
        )
    )


@approvals.act(ACTION, roles=frozenset({CLERK, ROUND_OFFICER}), describe=_describe)
def _take_over(session: Session, approval: ApprovalRow, _actor: Actor) -> None:
    """Make the staged people the roll: who stays keeps entry and code, who is gone loses both."""
    round_row = rounds_service.hold(session, rounds.round_by_slug(session, approval.subject).id)
    _open_to_import(round_row)
    row = _waiting(session, round_row.id, uuid.UUID(approval.payload["import"]))
    if row.staged is None:
        raise _no_longer_there()
    people = staging.unseal_people(row.id, row.staged)
    apply(session, round_row, people)
    for other in queries.imports(session, round_row.id):
        other.staged = row.staged if other.id == row.id else None  # the new file has everybody
        session.add(other)
    row.state = RollImportState.APPROVED
    rounds_service.mark_roll_approved(session, round_row, clock.now())


def apply(session: Session, round_row: RoundRow, people: Sequence[Person]) -> None:
    """Bring the entries of the round in line with the people; what is right stays untouched."""
    wanted = _districts_by_key(round_row.id, people)
    known = {
        row.ext_key: row
        for row in session.exec(
            select(RollEntryRow).where(RollEntryRow.round_id == round_row.id)
        ).all()
    }
    new = [
        {
            "id": uuid.uuid4(),
            "round_id": round_row.id,
            "district": district,
            "ext_key": key,
            "state": RollEntryState.NO_CODE,
        }
        for key, district in wanted.items()
        if key not in known
    ]
    if new:
        session.connection().execute(insert(RollEntryRow), new)
    moved = [
        {"entry": row.id, "to": wanted[key]}
        for key, row in known.items()
        if key in wanted and row.district != wanted[key]
    ]
    if moved:
        statement = (
            update(RollEntryRow.__table__)  # type: ignore[attr-defined]  # set by SQLModel
            .where(col(RollEntryRow.id) == bindparam("entry"))
            .values(district=bindparam("to"))
        )
        session.connection().execute(statement, moved)
    returned = [r.id for k, r in known.items() if k in wanted and r.state == RollEntryState.VOID]
    gone = [r.id for k, r in known.items() if k not in wanted and r.state != RollEntryState.VOID]
    _set_state(session, returned, RollEntryState.NO_CODE)
    _set_state(session, gone, RollEntryState.VOID)


def ext_key(round_id: uuid.UUID, register_number: str) -> str:
    """Return the keyed hash under which a register number is known in this round."""
    return ext_keys(round_id, [register_number])[0]


def ext_keys(round_id: uuid.UUID, register_numbers: Iterable[str]) -> list[str]:
    """Return the keyed hashes of many register numbers; the round's key is read once."""
    key = keys.round_key(round_id, KeyPurpose.REF)
    return [
        hmac.digest(key, comparable(number).encode(), "sha256").hex() for number in register_numbers
    ]


def _districts_by_key(round_id: uuid.UUID, people: Sequence[Person]) -> dict[str, str]:
    hashed = ext_keys(round_id, (person.register_number for person in people))
    return dict(zip(hashed, (person.district for person in people), strict=True))


def _set_state(session: Session, ids: Sequence[uuid.UUID], state: RollEntryState) -> None:
    """Change the state of entries and take their codes, in portions both databases can take."""
    for start in range(0, len(ids), 500):
        session.exec(
            update(RollEntryRow)
            .where(col(RollEntryRow.id).in_(ids[start : start + 500]))
            .values(state=state, selector=None, salt=None, code_check=None)
        )


def _situation(
    session: Session, slug: str, age_min: int
) -> tuple[RoundRow, Requirements, dict[str, str]]:
    round_row = _open_to_import(rounds.round_by_slug(session, slug))
    districts = frozenset(area.code for area in rounds.areas(session, round_row))
    if not districts:
        raise InvalidError(
            lazy("The town has no areas yet, so no district can be checked. Enter them first.")
        )
    last_day: date = (round_row.voting_closes_at or clock.now()).date()
    requirements = Requirements(districts=districts, age_min=age_min, age_on=last_day)
    return round_row, requirements, queries.districts_by_ext_key(session, round_row.id)


def _keep(session: Session, actor: Actor, slug: str, row: RollImportRow) -> None:
    _open_to_import(rounds.round_by_id(session, row.round_id))
    if approvals.pending_for(session, ACTION, slug):
        raise ConflictError(
            lazy(
                "A file already waits for a second person. Nothing was changed. Have it decided "
                "or withdraw it, under “Waiting for a second person”, then upload again."
            )
        )
    for older in queries.imports(session, row.round_id):
        if older.state == RollImportState.WAITING:
            _drop(session, older)
    session.add(row)
    audit.record(
        session,
        actor,
        "roll.staged",
        slug,
        {"sha256": row.file_sha256, "people": row.report["people"]},
    )


def _drop(session: Session, row: RollImportRow) -> None:
    row.state = RollImportState.REFUSED
    row.staged = None
    session.add(row)


def _waiting(session: Session, round_id: uuid.UUID, import_id: uuid.UUID) -> RollImportRow:
    row = queries.import_by_id(session, round_id, import_id)
    if row.state != RollImportState.WAITING:
        raise _no_longer_there()
    return row


def _no_longer_there() -> ConflictError:
    return ConflictError(
        lazy("This file has been decided about or replaced. Reload the page to see what waits.")
    )


def may_import(round_row: RoundRow) -> bool:
    """Say whether the roll of a round can still be uploaded."""
    return round_row.origin == Origin.OWN and round_row.state in _BEFORE_VOTING


def _open_to_import(round_row: RoundRow) -> RoundRow:
    if round_row.origin == Origin.IMPORTED:
        raise ConflictError(
            lazy("This round is a recount of an election held elsewhere: it has no voter roll.")
        )
    if round_row.state not in _BEFORE_VOTING:
        raise ConflictError(
            lazy("Voting in this round has begun, so its roll cannot be replaced any more.")
        )
    return round_row
