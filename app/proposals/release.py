"""The release: all verdicts and prices of a round become public in one transaction.

An act of two officers. Whatever changes between proposing and deciding stops it, so the second
officer approves exactly what the first one saw.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.errors import ConflictError
from app.policy import ROUND_OFFICER, Actor
from app.proposals import notices, queries, rules
from app.proposals.holding import ReleasedError, change, hold_all
from app.proposals.models import ProposalRow, ReviewRow
from app.proposals.queries import Work
from app.proposals.rules import ProposalState, Verdict
from app.rounds import queries as rounds
from app.rounds import service as rounds_service
from app.rounds.models import RoundRow, RoundState

ACTION = "proposals.release"


@dataclass(frozen=True)
class Readiness:
    """What a release would publish, and what still stands in its way."""

    feasible: Sequence[Work]
    not_feasible: Sequence[Work]
    undecided: Sequence[Work]
    round_in_review: bool
    released: bool

    @property
    def decided(self) -> Sequence[Work]:
        return [*self.feasible, *self.not_feasible]

    @property
    def possible(self) -> bool:
        return (
            self.round_in_review and not self.released and not self.undecided and bool(self.decided)
        )


def readiness(session: Session, round_row: RoundRow) -> Readiness:
    """Say what is decided and what is not, for the page of the release."""
    desk = [one for one in queries.work(session, round_row.id) if _counts(one.proposal)]
    by_verdict: dict[str | None, list[Work]] = {}
    for one in desk:
        by_verdict.setdefault(_verdict(one), []).append(one)
    return Readiness(
        feasible=by_verdict.get(Verdict.FEASIBLE, []),
        not_feasible=by_verdict.get(Verdict.NOT_FEASIBLE, []),
        undecided=by_verdict.get(None, []),
        round_in_review=round_row.state == RoundState.REVIEW,
        released=round_row.prices_released_at is not None,
    )


def propose(session: Session, actor: Actor, round_row: RoundRow) -> ApprovalRow:
    """Ask a second officer for the release. Raises ConflictError while something is undecided."""
    ready = readiness(session, round_row)
    _check(ready)
    return approvals.propose(session, actor, ACTION, subject(round_row), _payload(ready))


def subject(round_row: RoundRow) -> str:
    return f"round:{round_row.id}"


def _describe(session: Session, row: ApprovalRow) -> str:
    """The sentence that the second officer reads."""
    verdicts = [verdict for _number, verdict, _cost, _version in row.payload["verdicts"]]
    return str(
        _(
            "Publish all answers of “%(round)s”: %(feasible)d proposals can be done and go on the "
            "ballot with their official cost, %(not_feasible)d cannot.",
            round=_round_of(session, row).title,
            feasible=verdicts.count(Verdict.FEASIBLE),
            not_feasible=verdicts.count(Verdict.NOT_FEASIBLE),
        )
    )


@approvals.act(ACTION, roles=frozenset({ROUND_OFFICER}), describe=_describe)
def _run(session: Session, approval: ApprovalRow, _actor: Actor) -> None:
    round_row = rounds_service.hold(session, _round_of(session, approval).id)
    hold_all(session, round_row.id)
    ready = readiness(session, round_row)
    _check(ready)
    if _payload(ready) != approval.payload:
        raise ConflictError(
            lazy(
                "Verdicts or prices have changed since this was proposed. Nothing was published. "
                "Refuse it, look at the changes, and propose it again."
            )
        )
    for one in ready.feasible:
        _adopt(session, round_row, one)
    rounds_service.release_prices(session, round_row, clock.now())
    notices.released(session, _with_merged(session, round_row, ready))


def _adopt(session: Session, round_row: RoundRow, one: Work) -> None:
    """Make a feasible proposal a project on the ballot of the pot that pays for its area."""
    row, review = one.proposal, _review_of(one)
    pot = queries.pots_by_area(session, round_row).get(row.area_id or row.id)
    if pot is None or review.cost_minor is None:
        raise ConflictError(
            lazy(
                "P%(number)d has no budget or no cost. Open its review again first.",
                number=row.number,
            )
        )
    rounds_service.add_project(
        session,
        round_row,
        pot_id=pot.id,
        reference=f"P{row.number}",
        title=row.title,
        description=_text_of(row),
        cost_minor=review.cost_minor,
        category_id=row.category_id,
        area_id=row.area_id,
        latitude=row.latitude,
        longitude=row.longitude,
        picture_id=row.picture_id,
        proposal_id=row.id,
    )
    change(session, row, state=ProposalState.ADOPTED)


def _text_of(row: ProposalRow) -> str:
    benefits = _("Who benefits: %(text)s", text=row.beneficiaries)
    return f"{row.description}\n\n{benefits}"


def _check(ready: Readiness) -> None:
    if ready.released:
        raise ReleasedError
    if not ready.round_in_review:
        raise ConflictError(
            lazy("Proposals are still being taken. End the proposal phase of the round first.")
        )
    if ready.undecided:
        raise ConflictError(
            lazy(
                "%(count)d proposals are not decided yet, so nothing can be published. "
                "Decide them first: all answers appear on the same day.",
                count=len(ready.undecided),
            )
        )
    if not ready.decided:
        raise ConflictError(lazy("This round has no proposals, so there is nothing to publish."))


def _payload(ready: Readiness) -> dict[str, Any]:
    """What both officers stand behind: every verdict with its price, and nothing else."""
    found = [(one.proposal, _review_of(one)) for one in ready.decided]
    lines = [
        [row.number, review.verdict, review.cost_minor, review.version] for row, review in found
    ]
    return {"verdicts": sorted(lines)}


def _counts(row: ProposalRow) -> bool:
    return row.state in rules.UNDER_REVIEW


def _verdict(one: Work) -> str | None:
    if one.proposal.state != ProposalState.DECIDED or one.review is None:
        return None
    return one.review.verdict


def _review_of(one: Work) -> ReviewRow:
    if one.review is None:
        raise RuntimeError(f"proposal {one.proposal.id} is decided without a review")
    return one.review


def _with_merged(session: Session, round_row: RoundRow, ready: Readiness) -> list[ProposalRow]:
    """Return the decided proposals and those that live on in them: all authors are told."""
    merged = [
        one.proposal
        for one in queries.work(session, round_row.id)
        if one.proposal.state == ProposalState.MERGED
    ]
    return [*(one.proposal for one in ready.decided), *merged]


def _round_of(session: Session, row: ApprovalRow) -> RoundRow:
    return rounds.round_by_id(session, uuid.UUID(row.subject.removeprefix("round:")))
