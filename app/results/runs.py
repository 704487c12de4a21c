"""Runs of a rule on a closed round: asked for, numbered and chained before anything is computed."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from allocation.errors import AllocationError
from allocation.rule_sheet import RuleSheet
from app import clock
from app.accounts import audit
from app.errors import ConflictError, InvalidError, Lead
from app.jobs import service as jobs
from app.policy import Actor
from app.results import queries, rules, seal
from app.results.count_file import CountFile
from app.results.models import AllocationResultRow, AllocationRunRow, CountFileRow, RunKind
from app.results.queries import Standing
from app.rounds import queries as rounds
from app.rounds import rules as round_rules
from app.rounds import service as round_service
from app.rounds.models import Origin, RoundRow, RoundState
from voting import canonical
from voting.limits import BallotType

COUNTABLE = (RoundState.CLOSED, RoundState.PUBLISHED)
REASON_LENGTH_MAX = 1000


def request_official(session: Session, actor: Actor, round_id: uuid.UUID) -> AllocationRunRow:
    """Ask for the count by the published rule sheet. One at a time; failed ones can be repeated.

    Raises ConflictError before the close, while the lot is not drawn, and when an official
    result is there or on its way: pressing again must not count again.
    """
    round_row = _closed(session, round_id)
    there = queries.latest_official(session, round_row.id)
    if there is not None and queries.standing(session, there) is not Standing.NO_OUTCOME:
        raise ConflictError(
            lazy("The official count of this round was already asked for. See it in the list."),
            lead=Lead(lazy("The counts of this round"), "results.count"),
        )
    sheet = rounds.rule_sheet(session, round_row.id)
    if sheet is None:
        raise ConflictError(lazy("This round has no published rule sheet, so nothing can count."))
    rule = canonical.decode(sheet.content)["rule"] | _lot(round_row)
    return _add_run(
        session, actor, round_row, kind=RunKind.OFFICIAL, rule=rule, sheet_sha256=sheet.sha256
    )


def request_what_if(
    session: Session, actor: Actor, round_id: uuid.UUID, rule: dict[str, Any], *, reason: str
) -> AllocationRunRow:
    """Ask what another rule would give. Numbered and public like every run, never official.

    Ties are broken as in the round itself, by the same lot.
    """
    round_row = _closed(session, round_id)
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise InvalidError(
            lazy("Say in at most 1,000 characters why this count is made: it is published with it.")
        )
    return _add_run(
        session,
        actor,
        round_row,
        kind=RunKind.WHAT_IF,
        rule=_as_counted(round_row, rule).to_dict(),
        reason=reason,
    )


def request_comparison(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    wanted: Sequence[Mapping[str, Any]],
    *,
    reason: str,
) -> list[AllocationRunRow]:
    """Ask what several rules would give, all or none; those with a run already are left out."""
    made = []
    for rule in wanted:
        round_row = _closed(session, round_id)
        if not _has_run(session, round_row, rule):
            made.append(request_what_if(session, actor, round_id, dict(rule), reason=reason))
    return made


def _has_run(session: Session, round_row: RoundRow, rule: Mapping[str, Any]) -> bool:
    """Say whether the same rule, ties and lot included, is counted or about to be."""
    sheet = _as_counted(round_row, rule)
    return any(
        RuleSheet.from_dict(row.rule) == sheet
        for row in queries.runs(session, round_row.id)
        if queries.standing(session, row) is not Standing.NO_OUTCOME
    )


def _as_counted(round_row: RoundRow, rule: Mapping[str, Any]) -> RuleSheet:
    """Complete a rule by the ties and the lot of the round; raises InvalidError if it is none."""
    ties = {"ties": round_row.rule["ties"]} if round_row.rule.get("ties") else {}
    try:
        sheet = round_rules.counting_rule(
            {**ties, **rule}, BallotType(round_row.ballot["ballot_type"])
        )
    except AllocationError as error:
        raise InvalidError(str(error)) from error
    return RuleSheet.from_dict(sheet.to_dict() | _lot(round_row))


def needs_draw(round_row: RoundRow) -> bool:
    """Say whether the public draw has still to be entered before the official count."""
    ties = round_row.rule.get("ties") or ["min-cost", "max-votes", "lot"]
    return round_row.origin == Origin.OWN and round_row.lot_seed is None and "lot" in ties


def store_result(
    session: Session,
    run_id: uuid.UUID,
    *,
    outcome: dict[str, Any] | None = None,
    failure: str | None = None,
    files: Mapping[str, CountFile] | None = None,
) -> None:
    """Keep what a run gave, once: a second worker's result changes nothing."""
    if queries.result(session, run_id) is not None:
        return
    session.add(
        AllocationResultRow(
            run_id=run_id, outcome=outcome, failure=failure, finished_at=clock.now()
        )
    )
    for pot_id, file in (files or {}).items():
        session.add(
            CountFileRow(
                run_id=run_id,
                pot_id=uuid.UUID(pot_id),
                sha256=file.sha256,
                content=file.content,
                refusal=file.refusal or "",
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
    sheet_sha256: str = "",
    reason: str = "",
) -> AllocationRunRow:
    """Write the run down under the next number and queue its job."""
    digest = seal.input_sha256(session, round_row)
    if digest is None:
        raise ConflictError(
            lazy("The ballots are being fixed for the count. Try again in a minute.")
        )
    before = queries.runs(session, round_row.id)
    row = AllocationRunRow(
        round_id=round_row.id,
        run_no=before[-1].run_no + 1 if before else 1,
        kind=kind,
        rule=rule,
        sheet_sha256=sheet_sha256,
        input_sha256=digest,
        reason=reason,
        prev_hash=before[-1].hash if before else rules.RUN_CHAIN_START,
        hash="",
        requested_by=actor.account_id,
        requested_at=clock.now(),
    )
    row.hash = rules.run_hash(row.prev_hash, run_facts(row))
    row.job_id = jobs.add(
        session,
        "results.run",
        dedupe_key=queries.job_key(row.id),
        args={"round_id": str(round_row.id), "run_id": str(row.id)},
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, f"run.{kind}", round_row.slug, {"run_no": row.run_no})
    return row


def run_facts(row: AllocationRunRow) -> dict[str, Any]:
    """Return what the hash of a run is over, besides the run before it."""
    return {
        "round": str(row.round_id),
        "run_no": row.run_no,
        "kind": str(row.kind),
        "rule": row.rule,
        "sheet": row.sheet_sha256,
        "input": row.input_sha256,
        "reason": row.reason,
    }
