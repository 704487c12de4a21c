"""Announcing a round to residents, and ending the time for proposals: acts of one officer."""

import uuid

from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.db import run_tx
from app.jobs import service as jobs
from app.policy import ANONYMOUS, Actor
from app.rounds import phases, readiness, service
from app.rounds.models import RoundRow, RoundState


def announce(actor: Actor, slug: str) -> RoundRow:
    """Show the round to residents; proposals are taken between their two dates, if it has any."""

    def announced(session: Session) -> RoundRow:
        row = service.held(session, slug)
        readiness.require(readiness.for_announcing(session, row, clock.now()))
        with_proposals = row.proposals_open_at is not None
        new = RoundState.PROPOSALS if with_proposals else RoundState.REVIEW
        service.move(session, row, RoundState.DRAFT, new)
        schedule_review(session, row)
        audit.record(session, actor, "round.announce", slug)
        return row

    return run_tx(announced)


def end_proposals(actor: Actor, slug: str) -> RoundRow:
    """Begin the review by hand: no more proposals are taken from now on."""

    def ended(session: Session) -> RoundRow:
        row = service.held(session, slug)
        service.move(session, row, RoundState.PROPOSALS, RoundState.REVIEW)
        audit.record(session, actor, "round.end_proposals", slug)
        return row

    return run_tx(ended)


def schedule_review(session: Session, row: RoundRow) -> None:
    """Have the review begin by itself when proposals close; again whenever that date changes."""
    closes = row.proposals_close_at
    if row.state == RoundState.PROPOSALS and closes is not None:
        jobs.add(
            session,
            "rounds.end_proposals",
            dedupe_key=f"review:{row.id}:{closes.isoformat()}",
            args={"round_id": str(row.id)},
            run_after=closes,
        )


def end_proposals_by_date(session: Session, round_id: uuid.UUID) -> None:
    """Begin the review once proposals have closed."""
    row = service.hold(session, round_id)
    if row.state == RoundState.PROPOSALS and phases.is_past(row.proposals_close_at, clock.now()):
        service.move(session, row, RoundState.PROPOSALS, RoundState.REVIEW)
        audit.record(session, ANONYMOUS, "round.proposals_ended_by_date", row.slug)
