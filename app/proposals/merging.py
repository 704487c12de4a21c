"""Joining proposals that are alike: only if every author agrees, and old pages lead on.

The one with the lowest number lives on under the joint text; the others point to it.
"""

import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.errors import ConflictError, InvalidError, Lead, NotFoundError
from app.policy import Actor, account_of
from app.proposals import notices, queries, rules
from app.proposals.holding import MovedOnError, change, hold, round_before_release
from app.proposals.models import MergeConsentRow, MergeRow, MergeState, ProposalRow
from app.proposals.rules import ProposalState

TOGETHER_MAX = 8
YOUR_PROPOSALS = Lead(lazy("Your proposals"), "proposals.mine")


def ask(
    session: Session,
    actor: Actor,
    proposal_ids: Sequence[uuid.UUID],
    *,
    title: str,
    description: str,
    reason: str,
) -> MergeRow:
    """Ask all authors whether their proposals may become one under the joint text."""
    rows = [hold(session, one) for one in sorted(set(proposal_ids))]
    _check_mergeable(session, rows)
    target = min(rows, key=lambda row: row.number or 0)
    merge = MergeRow(
        target_id=target.id,
        title=title,
        description=description,
        reason=reason,
        asked_by=account_of(actor),
        asked_at=clock.now(),
    )
    session.add(merge)
    session.flush()
    for row in rows:
        session.add(MergeConsentRow(merge_id=merge.id, proposal_id=row.id))
    session.flush()
    _record(session, actor, "merge.asked", merge, rows)
    notices.merge_asked(session, merge, rows)
    return merge


def answer(
    session: Session, actor: Actor, merge_id: uuid.UUID, proposal_id: uuid.UUID, *, agreed: bool
) -> MergeRow:
    """Note an author's word for one proposal. The last yes joins them, the first no ends it."""
    merge = _hold_open(session, merge_id)
    consents = consents_of(session, merge.id)
    rows = {row.id: row for row in queries.by_ids(session, [one.proposal_id for one in consents])}
    own = [one for one in consents if rows[one.proposal_id].author_id == actor.account_id]
    if proposal_id not in {one.proposal_id for one in own}:
        raise _nothing_asked()
    for consent in own:  # who wrote several of them is asked once
        consent.agreed = agreed
        consent.at = clock.now()
        session.add(consent)
    session.flush()
    if not agreed:
        _end(session, merge, MergeState.DECLINED)
    elif all(one.agreed for one in consents):
        _join(session, merge, list(rows))
    return merge


def withdraw(session: Session, actor: Actor, merge_id: uuid.UUID) -> None:
    """Take the wish back, for instance because an author cannot be reached."""
    merge = _hold_open(session, merge_id)
    rows = _end(session, merge, MergeState.WITHDRAWN)
    _record(session, actor, "merge.withdrawn", merge, rows)


def cancel_of(session: Session, row: ProposalRow) -> None:
    """End the wish to join a proposal that goes away, if there is one."""
    merge = open_of(session, row.id)
    if merge is not None:
        _end(session, _hold_open(session, merge.id), MergeState.WITHDRAWN)


def heir(session: Session, row: ProposalRow) -> ProposalRow | None:
    """Return a proposal of another author that lives on in this one; None if it is nobody's."""
    query = select(ProposalRow).where(
        ProposalRow.merged_into_id == row.id, ProposalRow.author_id != row.author_id
    )
    return session.exec(query.order_by(col(ProposalRow.number))).first()


def open_of(session: Session, proposal_id: uuid.UUID) -> MergeRow | None:
    """Return the wish to join this proposal that still waits for an author."""
    query = (
        select(MergeRow)
        .join(MergeConsentRow, col(MergeConsentRow.merge_id) == col(MergeRow.id))
        .where(MergeConsentRow.proposal_id == proposal_id, MergeRow.state == MergeState.ASKED)
    )
    return session.exec(query).first()


def consents_of(session: Session, merge_id: uuid.UUID) -> list[MergeConsentRow]:
    query = select(MergeConsentRow).where(MergeConsentRow.merge_id == merge_id)
    return list(session.exec(query.order_by(col(MergeConsentRow.proposal_id))).all())


def _check_mergeable(session: Session, rows: Sequence[ProposalRow]) -> None:
    if not 1 < len(rows) <= TOGETHER_MAX:
        raise InvalidError(lazy("Choose from 2 to %(most)d proposals to join.", most=TOGETHER_MAX))
    if len({row.round_id for row in rows}) > 1:
        raise InvalidError(lazy("Only proposals of one round can be joined."))
    round_before_release(session, rows[0])
    for row in rows:
        if row.state not in rules.OPEN:
            raise ConflictError(
                lazy(
                    "P%(number)d is not under review any more, so it cannot be joined. "
                    "Open its review again first, or leave it out.",
                    number=row.number,
                )
            )
        if open_of(session, row.id) is not None:
            raise ConflictError(
                lazy(
                    "The authors of P%(number)d are already being asked. Wait for their answer, "
                    "or take that wish back.",
                    number=row.number,
                )
            )


def _join(session: Session, merge: MergeRow, ids: Sequence[uuid.UUID]) -> None:
    rows = [hold(session, one) for one in sorted(ids)]
    if any(row.state not in rules.OPEN for row in rows):
        raise MovedOnError
    for row in rows:
        if row.id == merge.target_id:
            change(session, row, title=merge.title, description=merge.description)
        else:
            change(session, row, state=ProposalState.MERGED, merged_into_id=merge.target_id)
    merge.state = MergeState.DONE
    session.add(merge)
    session.flush()
    notices.merge_ended(session, merge, rows)


def _end(session: Session, merge: MergeRow, state: MergeState) -> list[ProposalRow]:
    merge.state = state
    session.add(merge)
    session.flush()
    ids = [one.proposal_id for one in consents_of(session, merge.id)]
    rows = queries.by_ids(session, ids)
    notices.merge_ended(session, merge, rows)
    return rows


def _hold_open(session: Session, merge_id: uuid.UUID) -> MergeRow:
    query = select(MergeRow).where(MergeRow.id == merge_id).with_for_update()
    merge = session.exec(query.execution_options(populate_existing=True)).first()
    if merge is None:
        raise _nothing_asked()
    if merge.state != MergeState.ASKED:
        raise ConflictError(
            lazy("This has already been settled. Nothing was changed. Look at the page again."),
            lead=YOUR_PROPOSALS,
        )
    return merge


def _nothing_asked() -> NotFoundError:
    return NotFoundError(
        lazy("Nobody asks you this. Look at your proposals again."), lead=YOUR_PROPOSALS
    )


def _record(
    session: Session, actor: Actor, action: str, merge: MergeRow, rows: Sequence[ProposalRow]
) -> None:
    details = {"proposals": [row.number for row in rows]}
    audit.record(session, actor, action, f"proposal:{merge.target_id}", details)
