"""Runs of a rule on a closed round: asked for, numbered and chained before anything is computed."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from allocation.errors import AllocationError
from allocation.rule_sheet import RuleSheet
from app import clock
from app.accounts import audit
from app.errors import ConflictError, InvalidError
from app.jobs import service as jobs
from app.policy import Actor
from app.results import rules, seal
from app.results.models import AllocationResultRow, AllocationRunRow, RunKind
from app.rounds import queries as rounds
from app.rounds import service as round_service
from app.rounds.models import Origin, RoundRow, RoundState
from voting import canonical

COUNTABLE = (RoundState.CLOSED, RoundState.PUBLISHED)


def request_official(session: Session, actor: Actor, round_id: uuid.UUID) -> AllocationRunRow:
    """Ask for the count by the published rule sheet. One at a time; failed ones can be repeated.

    Raises ConflictError before the close, while the lot is not drawn, and when an official
    result is there or on its way: pressing again must not count again.
    """
    round_row = _closed(session, round_id)
    there = latest_official(session, round_row.id)
    if there is not None and not _failed(session, there):
        raise ConflictError(
            lazy("The official count of this round was already asked for. See it in the list.")
        )
    sheet = rounds.rule_sheet(session, round_row.id)
    if sheet is None:
        raise ConflictError(lazy("This round has no published rule sheet, so nothing can count."))
    rule = canonical.decode(sheet.content)["rule"] | _lot(round_row)
    return _add_run(
        session,
        actor,
        round_row,
        kind=RunKind.OFFICIAL,
        rule=rule,
        sheet_sha256=sheet.sha256,
        reason="",
    )


def request_what_if(
    session: Session, actor: Actor, round_id: uuid.UUID, rule: dict[str, Any], *, reason: str
) -> AllocationRunRow:
    """Ask what another rule would give. Numbered and public like every run, never official."""
    round_row = _closed(session, round_id)
    try:
        checked = RuleSheet.from_dict(rule).to_dict()
    except AllocationError as error:
        raise InvalidError(str(error)) from error
    if not reason.strip():
        raise InvalidError(lazy("Say why this run is made: it is published with the run."))
    return _add_run(
        session,
        actor,
        round_row,
        kind=RunKind.WHAT_IF,
        rule={**_lot(round_row), **{k: v for k, v in checked.items() if v is not None}},
        sheet_sha256="",
        reason=reason.strip(),
    )


def needs_draw(round_row: RoundRow) -> bool:
    """Say whether the public draw has still to be entered before the official count."""
    ties = round_row.rule.get("ties") or ["min-cost", "max-votes", "lot"]
    return round_row.origin == Origin.OWN and round_row.lot_seed is None and "lot" in ties


def runs(session: Session, round_id: uuid.UUID) -> list[AllocationRunRow]:
    """Return all runs of a round, the first one first."""
    query = select(AllocationRunRow).where(AllocationRunRow.round_id == round_id)
    return list(session.exec(query.order_by(col(AllocationRunRow.run_no))).all())


def run(session: Session, round_id: uuid.UUID, run_no: int) -> AllocationRunRow | None:
    query = select(AllocationRunRow).where(
        AllocationRunRow.round_id == round_id, AllocationRunRow.run_no == run_no
    )
    return session.exec(query).first()


def result(session: Session, run_id: uuid.UUID) -> AllocationResultRow | None:
    """Return what a run gave; None while it is not finished."""
    return session.get(AllocationResultRow, run_id)


def latest_official(session: Session, round_id: uuid.UUID) -> AllocationRunRow | None:
    official = [row for row in runs(session, round_id) if row.kind == RunKind.OFFICIAL]
    return official[-1] if official else None


def store_result(
    session: Session,
    run_id: uuid.UUID,
    *,
    outcome: dict[str, Any] | None = None,
    failure: str | None = None,
) -> None:
    """Keep what a run gave, once: a second worker's result changes nothing."""
    if session.get(AllocationResultRow, run_id) is None:
        session.add(
            AllocationResultRow(
                run_id=run_id, outcome=outcome, failure=failure, finished_at=clock.now()
            )
        )
        session.flush()


def _closed(session: Session, round_id: uuid.UUID) -> RoundRow:
    """Hold the round's row, so that run numbers have no gaps; raise ConflictError if not closed."""
    round_row = round_service.hold(session, round_id)
    if round_row.state not in COUNTABLE:
        raise ConflictError(
            lazy("Ballots are counted only after the round has closed. Nothing was started.")
        )
    return round_row


def _failed(session: Session, row: AllocationRunRow) -> bool:
    ended = result(session, row.id)
    return ended is not None and ended.failure is not None


def _lot(round_row: RoundRow) -> dict[str, Any]:
    if needs_draw(round_row):
        raise ConflictError(
            lazy(
                "The public draw that decides ties has not been entered. Enter its outcome first: "
                "two officers, after the close."
            )
        )
    return {"lot_seed": round_row.lot_seed} if round_row.lot_seed else {}


def _add_run(
    session: Session,
    actor: Actor,
    round_row: RoundRow,
    *,
    kind: RunKind,
    rule: dict[str, Any],
    sheet_sha256: str,
    reason: str,
) -> AllocationRunRow:
    """Write the run down under the next number and queue its job."""
    digest = seal.input_sha256(session, round_row)
    if digest is None:
        raise ConflictError(
            lazy("The ballots are being fixed for the count. Try again in a minute.")
        )
    before = runs(session, round_row.id)
    number = before[-1].run_no + 1 if before else 1
    previous = before[-1].hash if before else rules.RUN_CHAIN_START
    row = AllocationRunRow(
        round_id=round_row.id,
        run_no=number,
        kind=kind,
        rule=rule,
        sheet_sha256=sheet_sha256,
        input_sha256=digest,
        reason=reason,
        prev_hash=previous,
        hash=rules.run_hash(
            previous,
            {
                "round": str(round_row.id),
                "run_no": number,
                "kind": kind.value,
                "rule": rule,
                "sheet": sheet_sha256,
                "input": digest,
                "reason": reason,
            },
        ),
        requested_by=actor.account_id,
        requested_at=clock.now(),
    )
    row.job_id = jobs.add(
        session,
        "results.run",
        dedupe_key=f"run:{row.id}",
        args={"round_id": str(round_row.id), "run_id": str(row.id)},
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, f"run.{kind}", round_row.slug, {"run_no": number})
    return row
