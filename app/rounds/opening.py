"""Opening the vote: two officers, an approved roll, and the date."""

import uuid
from datetime import datetime

from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.db import run_tx
from app.errors import ConflictError
from app.i18n import moment
from app.jobs import service as jobs
from app.policy import ANONYMOUS, ROUND_OFFICER, Actor
from app.rounds import closing, phases, queries, readiness, service
from app.rounds.models import RoundRow, RoundState

OPEN = "round.open"


def propose_open(actor: Actor, slug: str) -> ApprovalRow:
    """Ask a second officer to open the vote, now or at its date."""

    def proposed(session: Session) -> ApprovalRow:
        row = service.held(session, slug)
        _check_can_open(session, row)
        return approvals.propose(session, actor, OPEN, slug, {})

    return run_tx(proposed)


def _describe_open(session: Session, approval: ApprovalRow) -> str:
    row = queries.round_by_slug(session, approval.subject)
    if row.voting_opens_at is not None and row.voting_opens_at > clock.now():
        return str(
            _(
                "Open the vote on “%(title)s”. It opens by itself on %(moment)s.",
                title=row.title,
                moment=moment(row.voting_opens_at),
            )
        )
    return str(_("Open the vote on “%(title)s” now.", title=row.title))


@approvals.act(OPEN, roles=frozenset({ROUND_OFFICER}), describe=_describe_open)
def open_vote(session: Session, approval: ApprovalRow, _actor: Actor) -> None:
    """Open the vote; before its date, have it open by itself then."""
    row = service.held(session, approval.subject)
    _check_can_open(session, row)
    opens = row.voting_opens_at
    if opens is not None and opens > clock.now():
        jobs.add(
            session,
            "rounds.open",
            dedupe_key=opening_key(row),
            args={"round_id": str(row.id)},
            run_after=opens,
        )
        return
    open_now(session, row, clock.now())


def opening_key(row: RoundRow) -> str:
    """The key of the job that opens a round on its date."""
    return f"open:{row.id}"


def open_now(session: Session, row: RoundRow, now: datetime) -> None:
    """Take ballots from now on, until the date of the close."""
    service.move(session, row, RoundState.FROZEN, RoundState.VOTING, opened_at=now)
    closing.schedule(session, row)


def open_by_date(session: Session, round_id: uuid.UUID) -> None:
    """Open a round whose opening two officers approved, once its date has come."""
    row = service.hold(session, round_id)
    if row.state == RoundState.FROZEN and phases.is_past(row.voting_opens_at, clock.now()):
        open_now(session, row, clock.now())
        audit.record(session, ANONYMOUS, "round.opened_by_date", row.slug)


def _check_can_open(session: Session, row: RoundRow) -> None:
    service.check_state(row, RoundState.FROZEN)
    if queries.rule_sheet(session, row.id) is None:
        raise ConflictError(_("The rule sheet is not published, so the vote cannot be opened."))
    if jobs.find(session, opening_key(row)):
        raise ConflictError(_("Two officers have opened this vote; it opens on its date."))
    readiness.require(readiness.for_opening(row, clock.now()))
