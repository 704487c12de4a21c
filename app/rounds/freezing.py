"""Fixing the rules and projects: proposed by one officer, approved by another, by their digest."""

from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.db import run_tx
from app.errors import ConflictError
from app.policy import ROUND_OFFICER, Actor
from app.rounds import queries, readiness, service, sheet
from app.rounds.models import RoundState

FREEZE = "round.freeze"


def propose_freeze(actor: Actor, slug: str) -> ApprovalRow:
    """Ask a second officer to fix the rules and projects exactly as they are now."""

    def proposed(session: Session) -> ApprovalRow:
        row = service.held(session, slug)
        service.check_state(row, RoundState.REVIEW)
        readiness.require(readiness.for_freezing(session, row, clock.now()))
        payload = {"sha256": sheet.digest(sheet.build(session, row))}
        return approvals.propose(session, actor, FREEZE, slug, payload)

    return run_tx(proposed)


def _describe_freeze(session: Session, approval: ApprovalRow) -> str:
    row = queries.round_by_slug(session, approval.subject)
    return str(
        _(
            "Fix the rules and the list of projects of “%(title)s” and publish them. Nothing can "
            "be changed afterwards. Digest of the rule sheet: %(digest)s.",
            title=row.title,
            digest=approval.payload["sha256"],
        )
    )


@approvals.act(FREEZE, roles=frozenset({ROUND_OFFICER}), describe=_describe_freeze)
def freeze(session: Session, approval: ApprovalRow, _actor: Actor) -> None:
    """Fix the rules. What is fixed is what was proposed: the digest is made again and compared."""
    row = service.held(session, approval.subject)
    service.check_state(row, RoundState.REVIEW)
    readiness.require(readiness.for_freezing(session, row, clock.now()))
    content = sheet.build(session, row)
    if sheet.digest(content) != approval.payload["sha256"]:
        raise ConflictError(
            _(
                "The rules or projects have been changed since this was proposed. Nothing was "
                "fixed. Withdraw the proposal, look at the round and propose it again."
            )
        )
    sheet.publish(session, row, content, approval_id=approval.id)
    service.move(session, row, RoundState.REVIEW, RoundState.FROZEN)
