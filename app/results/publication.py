"""Two officers: entering the public draw, and making an official result public."""

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.errors import ConflictError, InvalidError, Lead
from app.policy import ROUND_OFFICER, Actor
from app.results import care, queries, rules, runs, seal
from app.results.models import AllocationRunRow
from app.results.queries import Standing
from app.rounds import queries as rounds
from app.rounds import service as round_service
from app.rounds.models import RoundRow, RoundState

DRAW = "results.draw"
PUBLISH = "results.publish"
DRAW_LENGTH_MAX = 200
OFFICERS = frozenset({ROUND_OFFICER})


def propose_draw(session: Session, actor: Actor, round_id: uuid.UUID, draw: str) -> ApprovalRow:
    """Enter what the public draw gave; a second officer has to confirm it before it counts."""
    round_row = _closed(session, round_id)
    if not runs.needs_draw(round_row):
        raise ConflictError(
            lazy("The draw of this round is already entered, or it needs none."),
            lead=Lead(lazy("The counts of this round"), "results.count"),
        )
    outcome = " ".join(draw.split())
    if not outcome or len(outcome) > DRAW_LENGTH_MAX:
        raise InvalidError(lazy("Enter the outcome of the draw, such as “3 1 6 6 2”."))
    return approvals.propose(session, actor, DRAW, str(round_row.id), {"draw": outcome})


def _describe_draw(session: Session, row: ApprovalRow) -> str:
    round_row = rounds.round_by_id(session, uuid.UUID(row.subject))
    return str(
        _(
            "Confirm that the public draw for “%(round)s” gave: %(draw)s. It decides ties. "
            "Compare it with the minutes of the session: it cannot be changed afterwards.",
            round=round_row.title,
            draw=row.payload["draw"],
        )
    )


@approvals.act(DRAW, roles=OFFICERS, describe=_describe_draw)
def _enter_draw(session: Session, row: ApprovalRow, _actor: Actor) -> None:
    round_row = _closed(session, uuid.UUID(row.subject))
    sheet = rounds.rule_sheet(session, round_row.id)
    root = seal.input_sha256(session, round_row)
    if sheet is None or root is None:
        raise ConflictError(lazy("The ballots are being fixed for the count. Try again shortly."))
    seed = rules.lot_seed(sheet_sha256=sheet.sha256, counted_root=root, draw=row.payload["draw"])
    round_service.enter_lot_seed(session, round_row, seed)


def propose_publication(session: Session, actor: Actor, round_id: uuid.UUID) -> ApprovalRow:
    """Ask a second officer to approve the official result, which makes it public."""
    round_row = _closed(session, round_id)
    run = queries.latest_official(session, round_row.id)
    if run is None or not _counted(session, run):
        raise ConflictError(lazy("There is no official result yet. Run the official count first."))
    return approvals.propose(
        session, actor, PUBLISH, str(round_row.id), {"run_no": run.run_no, "hash": run.hash}
    )


def _describe_publication(session: Session, row: ApprovalRow) -> str:
    round_row = rounds.round_by_id(session, uuid.UUID(row.subject))
    return str(
        _(
            "Publish the official result of “%(round)s” (count %(number)s). Everybody can see it "
            "at once, and it cannot be taken back. Look at the draft first.",
            round=round_row.title,
            number=row.payload["run_no"],
        )
    )


@approvals.act(PUBLISH, roles=OFFICERS, describe=_describe_publication)
def _publish(session: Session, row: ApprovalRow, actor: Actor) -> None:
    round_row = _closed(session, uuid.UUID(row.subject))
    run = queries.latest_official(session, round_row.id)
    expected = (row.payload["run_no"], row.payload["hash"])
    if run is None or (run.run_no, run.hash) != expected or not _counted(session, run):
        raise ConflictError(lazy("This is not the official count of the round. Nothing was done."))
    round_service.mark_published(session, round_row, run.run_no, clock.now())
    care.open_funds(session, round_row, run, actor)


def public_draw(session: Session, round_row: RoundRow) -> str | None:
    """Return the draw that two officers entered, as announced; None if there is none."""
    row = approvals.last_approved(session, DRAW, str(round_row.id))
    return str(row.payload["draw"]) if row else None


def _counted(session: Session, run: AllocationRunRow) -> bool:
    return queries.standing(session, run) is Standing.COUNTED


def _closed(session: Session, round_id: uuid.UUID) -> RoundRow:
    round_row = round_service.hold(session, round_id)
    if round_row.state != RoundState.CLOSED:
        raise ConflictError(
            lazy("This is possible only after the close and before the result is public.")
        )
    return round_row
