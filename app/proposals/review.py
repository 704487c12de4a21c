"""The review desk: what staff do with a proposal, up to the verdict that stays sealed.

Every function joins the session, holds the proposal and writes an audit line.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.accounts import queries as accounts
from app.accounts.models import AccountRow
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.policy import CLERK, REVIEWER, ROUND_OFFICER, Actor, account_of
from app.proposals import merging, notices, queries, rules
from app.proposals.checklist import ANSWERS, QUESTIONS
from app.proposals.holding import (
    MovedOnError,
    StaleError,
    change,
    hide_picture,
    hold,
    round_before_release,
)
from app.proposals.models import MessageKind, ProposalMessageRow, ProposalRow, ReviewRow
from app.proposals.rules import ProposalState, Verdict
from app.rounds import queries as rounds

DESK_ROLES = (REVIEWER, CLERK, ROUND_OFFICER)
DECIDING_ROLES = (REVIEWER, ROUND_OFFICER)


@dataclass(frozen=True)
class Decision:
    """A verdict with its reason, and the official cost of what can be done."""

    verdict: Verdict
    reason: str
    cost_minor: int | None = None
    cost_explanation: str = ""


def people(session: Session) -> list[AccountRow]:
    """Return who can be given a proposal to review, by name."""
    return [
        person
        for person, held in accounts.staff(session)
        if person.disabled_at is None and not held.isdisjoint(DESK_ROLES)
    ]


def assign(session: Session, actor: Actor, proposal_id: uuid.UUID, to: uuid.UUID | None) -> None:
    """Give a proposal to somebody at the desk, or to nobody."""
    row, review = _hold(session, proposal_id)
    if to is not None and to not in {person.id for person in people(session)}:
        raise InvalidError(lazy("This person does not work at the review desk. Choose another."))
    review.assigned_to = to
    session.add(review)
    if row.state == ProposalState.SUBMITTED and to is not None:
        change(session, row, state=ProposalState.IN_REVIEW)
    _record(session, actor, "proposal.assigned", row, {"to": str(to) if to else None})
    if to not in (None, actor.account_id):
        notices.assigned(session, row)


def ask(session: Session, actor: Actor, proposal_id: uuid.UUID, text: str) -> None:
    """Ask the author, who is told by mail and can change the proposal until the answer."""
    row, _review = _hold(session, proposal_id)
    if row.state not in rules.OPEN:
        raise MovedOnError
    _say(session, actor, row, MessageKind.QUESTION, text)
    change(session, row, state=ProposalState.QUESTION)
    _record(session, actor, "proposal.asked", row)
    notices.asked(session, row, text)


def note(session: Session, actor: Actor, proposal_id: uuid.UUID, text: str) -> None:
    """Leave a note that only staff read."""
    row = hold(session, proposal_id)
    _say(session, actor, row, MessageKind.NOTE, text)
    _record(session, actor, "proposal.noted", row)


def check(
    session: Session,
    actor: Actor,
    proposal_id: uuid.UUID,
    *,
    version: int,
    answers: Mapping[str, str],
) -> None:
    """Keep the answers of the checklist. Raises StaleError over a colleague's newer ones."""
    row, review = _hold_unsealed(session, actor, proposal_id, version)
    known = {question.key for question in QUESTIONS}
    review.checklist = {k: v for k, v in answers.items() if k in known and v in ANSWERS}
    _change_review(session, review)
    if row.state == ProposalState.SUBMITTED:
        change(session, row, state=ProposalState.IN_REVIEW)
    _record(session, actor, "proposal.checked", row, dict(review.checklist))


def decide(
    session: Session, actor: Actor, proposal_id: uuid.UUID, decision: Decision, *, version: int
) -> None:
    """Give or change the verdict. Nobody outside learns of it before the release of the round."""
    row, review = _hold_unsealed(session, actor, proposal_id, version)
    _check_decision(session, row, decision)
    if merging.open_of(session, row.id) is not None:
        raise ConflictError(
            lazy(
                "The authors are being asked to join this proposal with others. "
                "Wait for their answer, or take the wish back."
            )
        )
    before = _as_details(review)
    review.verdict = decision.verdict
    review.reason = decision.reason
    review.cost_minor = decision.cost_minor
    review.cost_explanation = decision.cost_explanation
    review.decided_by = account_of(actor)
    review.decided_at = clock.now()
    _change_review(session, review)
    change(session, row, state=ProposalState.DECIDED)
    _record(
        session, actor, "proposal.decided", row, {"before": before, "after": _as_details(review)}
    )


def reopen(session: Session, actor: Actor, proposal_id: uuid.UUID) -> None:
    """Take the verdict back before the release, to look again."""
    row, review = _hold(session, proposal_id)
    _check_not_own(actor, row)
    round_before_release(session, row)
    if row.state != ProposalState.DECIDED:
        raise MovedOnError
    _record(session, actor, "proposal.reopened", row, {"before": _as_details(review)})
    change(session, row, state=ProposalState.IN_REVIEW)


def take_down(session: Session, actor: Actor, proposal_id: uuid.UUID, reason: str) -> None:
    """Take a proposal from public view: what insults or names people must not stay up."""
    row = hold(session, proposal_id)
    round_before_release(session, row)
    if row.state not in rules.UNDER_REVIEW:
        raise MovedOnError
    merging.cancel_of(session, row)
    change(session, row, state=ProposalState.WITHDRAWN)
    hide_picture(session, row)
    _record(session, actor, "proposal.taken_down", row, {"reason": reason})
    notices.removed(session, row, reason)


def _hold(session: Session, proposal_id: uuid.UUID) -> tuple[ProposalRow, ReviewRow]:
    row = hold(session, proposal_id)
    if row.state not in rules.UNDER_REVIEW:
        raise MovedOnError
    review = queries.review(session, row.id)
    if review is None:
        review = ReviewRow(proposal_id=row.id)
        session.add(review)
        session.flush()
    return row, review


def _hold_unsealed(
    session: Session, actor: Actor, proposal_id: uuid.UUID, version: int
) -> tuple[ProposalRow, ReviewRow]:
    row, review = _hold(session, proposal_id)
    _check_not_own(actor, row)
    round_before_release(session, row)
    if review.version != version:
        raise StaleError
    return row, review


def _check_not_own(actor: Actor, row: ProposalRow) -> None:
    if row.author_id == actor.account_id:
        raise ForbiddenError(lazy("This is your own proposal. A colleague has to review it."))


def _check_decision(session: Session, row: ProposalRow, decision: Decision) -> None:
    """What holds for every verdict, whichever form or script it comes from."""
    if not decision.reason.strip():
        raise InvalidError(lazy("Give the author a reason, in plain words."))
    if decision.verdict is Verdict.NOT_FEASIBLE and decision.cost_minor is None:
        return
    round_row = rounds.round_by_id(session, row.round_id)
    if decision.cost_minor is None or decision.cost_minor <= 0:
        raise CostError(lazy("Enter what the project costs: an amount above 0."))
    if decision.verdict is Verdict.FEASIBLE and decision.cost_minor > queries.cost_max_minor(
        session, round_row, row
    ):
        raise CostError(
            lazy(
                "This is more than one project may cost here. Agree a smaller project with the "
                "author, or decide that it cannot be done."
            )
        )


class CostError(InvalidError):
    """The official cost cannot be; the sentence stands beside it."""

    code = "cost"


def _change_review(session: Session, review: ReviewRow) -> None:
    review.version += 1
    session.add(review)
    session.flush()


def _as_details(review: ReviewRow) -> dict[str, Any]:
    return {"verdict": review.verdict, "cost_minor": review.cost_minor, "reason": review.reason}


def _say(session: Session, actor: Actor, row: ProposalRow, kind: MessageKind, text: str) -> None:
    session.add(
        ProposalMessageRow(
            proposal_id=row.id,
            author_id=account_of(actor),
            kind=kind,
            text=text,
            at=clock.now(),
        )
    )


def _record(
    session: Session,
    actor: Actor,
    action: str,
    row: ProposalRow,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record(session, actor, action, f"proposal:{row.id}", details)
