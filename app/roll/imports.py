"""Importing the voter roll: read and stage by one person, take over when a second one approves."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from sqlmodel import Session

from app import clock, keys
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.errors import ConflictError, InvalidError
from app.forms import clean_text
from app.policy import CLERK, ROUND_OFFICER, Actor
from app.roll import csv_file, queries, roll_entries, staging
from app.roll.models import RollImportRow, RollImportState
from app.roll.report import make_report
from app.roll.rules import AGE_DEFAULT, Problem, Requirements
from app.rounds import queries as rounds
from app.rounds import service as rounds_service
from app.rounds.models import Origin, RoundRow, RoundState

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
    after = roll_entries.districts_by_key(round_row.id, file.people)
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
            ),
            lead=approvals.DECISIONS,
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
    roll_entries.bring_in_line(session, round_row, people)
    for other in queries.imports(session, round_row.id):
        other.staged = row.staged if other.id == row.id else None  # the new file has everybody
        session.add(other)
    row.state = RollImportState.APPROVED
    rounds_service.mark_roll_approved(session, round_row, clock.now())


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
        lazy("This file has been decided about or replaced. See the voter roll for what waits."),
        lead=queries.THE_ROLL,
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
