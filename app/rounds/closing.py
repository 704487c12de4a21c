"""Ending the vote: by itself on its date, or earlier by two officers."""

import uuid

from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.db import run_tx
from app.i18n import moment
from app.jobs import service as jobs
from app.policy import ANONYMOUS, ROUND_OFFICER, Actor
from app.rounds import phases, queries, service
from app.rounds.models import RoundRow, RoundState

CLOSE = "round.close"


def schedule(session: Session, row: RoundRow) -> None:
    """Have the voting end by itself on its date."""
    closes = row.voting_closes_at
    if closes is None:
        raise ValueError(f"round {row.slug} is open without a date for its close")
    jobs.add(
        session,
        "rounds.close",
        dedupe_key=f"close:{row.id}:{closes.isoformat()}",
        args={"round_id": str(row.id)},
        run_after=closes,
    )


def propose_close(actor: Actor, slug: str, *, reason: str) -> ApprovalRow:
    """Ask a second officer to end the voting before its date; the reason is kept."""

    def proposed(session: Session) -> ApprovalRow:
        row = service.held(session, slug)
        service.check_state(row, RoundState.VOTING)
        return approvals.propose(session, actor, CLOSE, slug, {}, reason=reason)

    return run_tx(proposed)


def _describe_close(session: Session, approval: ApprovalRow) -> str:
    row = queries.round_by_slug(session, approval.subject)
    return str(
        _(
            "End the voting on “%(title)s” now, before its date (%(moment)s). Nobody can vote "
            "afterwards. Reason: %(reason)s",
            title=row.title,
            moment=moment(row.voting_closes_at) if row.voting_closes_at else "",
            reason=approval.reason,
        )
    )


@approvals.act(CLOSE, roles=frozenset({ROUND_OFFICER}), describe=_describe_close)
def close_early(session: Session, approval: ApprovalRow, _actor: Actor) -> None:
    """End the voting before its date."""
    service.close(session, service.held(session, approval.subject), clock.now())


def close_by_date(session: Session, round_id: uuid.UUID) -> None:
    """End the voting once its date has come; nothing happens if it has ended already."""
    row = service.hold(session, round_id)
    if row.state == RoundState.VOTING and phases.is_past(row.voting_closes_at, clock.now()):
        service.close(session, row, clock.now())
        audit.record(session, ANONYMOUS, "round.closed_by_date", row.slug)
