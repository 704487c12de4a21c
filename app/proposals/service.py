"""What residents do with their proposals. Every function joins the session it is given.

The staff's side is in `review.py`, `merging.py` and `release.py`.
"""

import uuid
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.errors import ConflictError, InvalidError, Lead, NotFoundError
from app.policy import Actor, account_of
from app.proposals import merging, notices, queries, rules
from app.proposals.holding import (
    MovedOnError,
    StaleError,
    change,
    hide_picture,
    hold_own,
    round_before_release,
)
from app.proposals.models import MessageKind, ProposalMessageRow, ProposalRow
from app.proposals.rules import ProposalState
from app.rounds import pictures
from app.rounds import queries as rounds
from app.rounds import service as rounds_service
from app.rounds.models import RoundRow
from app.rounds.pictures import PreparedPicture


def start(session: Session, actor: Actor, slug: str, draft_id: uuid.UUID) -> ProposalRow:
    """Begin a draft. `draft_id` was drawn with the form, so pressing twice begins one draft."""
    there = session.get(ProposalRow, draft_id)
    if there is not None:
        return hold_own(session, actor, draft_id)
    round_row = rounds_service.hold(session, rounds.public_round(session, slug).id)
    _check_taken(round_row)
    author = account_of(actor)
    if queries.count_of(session, author, round_row.id, ProposalState) >= rules.STARTED_MAX:
        raise ConflictError(
            lazy(
                "You have begun %(number)d proposals in this round, which is the most. "
                "Go on with one of them, or delete a draft.",
                number=rules.STARTED_MAX,
            )
        )
    row = ProposalRow(
        id=draft_id,
        round_id=round_row.id,
        author_id=author,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def save(
    session: Session, actor: Actor, proposal_id: uuid.UUID, *, version: int, **values: Any
) -> ProposalRow:
    """Keep what was typed. Raises StaleError if it was changed since `version` was shown."""
    row = _hold_editable(session, actor, proposal_id, version)
    change(session, row, **values)
    return row


def set_picture(
    session: Session,
    actor: Actor,
    proposal_id: uuid.UUID,
    *,
    version: int,
    picture: PreparedPicture | None,
    alt_text: str,
) -> None:
    """Take a new picture in place of the old one, or new words for the one that is there."""
    row = _hold_editable(session, actor, proposal_id, version)
    if picture is None:
        if row.picture_id is None:
            raise InvalidError(lazy("Choose a picture, or go on without one."))
        pictures.describe(session, row.picture_id, alt_text)
        change(session, row)
        return
    made = pictures.store(
        session,
        picture,
        alt_text=alt_text,
        owner_id=row.author_id,
        public=row.state in rules.LISTED,
    )
    _replace_picture(session, row, made.id)


def remove_picture(session: Session, actor: Actor, proposal_id: uuid.UUID, *, version: int) -> None:
    row = _hold_editable(session, actor, proposal_id, version)
    _replace_picture(session, row, None)


def submit(session: Session, actor: Actor, proposal_id: uuid.UUID, *, version: int) -> ProposalRow:
    """Send a draft in, which makes it public and gives it its number. Pressing twice is once.

    Raises StaleError if another window has changed the draft, InvalidError if something needed is
    missing, ConflictError outside the dates and beyond what one person may send in.
    """
    own = hold_own(session, actor, proposal_id)
    if own.state in rules.HAS_PAGE:
        return own
    round_row = rounds_service.hold(session, own.round_id)  # numbers are given one by one
    _check_taken(round_row)
    if own.version != version:
        raise StaleError
    _check_complete(session, round_row, own)
    if queries.count_of(session, own.author_id, own.round_id, rules.LISTED) >= rules.SUBMITTED_MAX:
        raise ConflictError(
            lazy(
                "You have sent %(number)d proposals in this round, which is the most for one "
                "person. Your draft is kept. Withdraw another one if this one matters more.",
                number=rules.SUBMITTED_MAX,
            )
        )
    change(
        session,
        own,
        state=ProposalState.SUBMITTED,
        number=queries.highest_number(session, own.round_id) + 1,
        submitted_at=clock.now(),
    )
    pictures.show(session, own.picture_id, public=True)
    notices.received(session, own)
    return own


def answer(session: Session, actor: Actor, proposal_id: uuid.UUID, text: str) -> None:
    """Answer the town’s question; the review goes on. Raises MovedOnError if none waits."""
    row = hold_own(session, actor, proposal_id)
    if row.state != ProposalState.QUESTION:
        raise MovedOnError
    session.add(
        ProposalMessageRow(
            proposal_id=row.id,
            author_id=row.author_id,
            kind=MessageKind.ANSWER,
            text=text,
            at=clock.now(),
        )
    )
    change(session, row, state=ProposalState.IN_REVIEW)
    notices.answered(session, row)


def withdraw(session: Session, actor: Actor, proposal_id: uuid.UUID) -> None:
    """Take one's proposal back, until the verdicts are public.

    A joint proposal is not one author's to end: it passes to the next one.
    """
    row = hold_own(session, actor, proposal_id)
    if row.state == ProposalState.WITHDRAWN:
        return
    if row.state not in rules.WITHDRAWABLE:
        raise MovedOnError
    round_before_release(session, row)
    merging.cancel_of(session, row)
    heir = merging.heir(session, row)
    if heir is not None:
        change(session, row, author_id=heir.author_id)
        notices.handed_over(session, row)
        return
    change(session, row, state=ProposalState.WITHDRAWN)
    hide_picture(session, row)


def delete_draft(session: Session, actor: Actor, proposal_id: uuid.UUID) -> None:
    """Delete a draft with its picture; what was sent in can only be withdrawn."""
    row = hold_own(session, actor, proposal_id)
    if row.state != ProposalState.DRAFT:
        raise MovedOnError
    picture_id = row.picture_id
    session.delete(row)
    session.flush()
    pictures.remove(session, picture_id)


def _hold_editable(
    session: Session, actor: Actor, proposal_id: uuid.UUID, version: int
) -> ProposalRow:
    row = hold_own(session, actor, proposal_id)
    if row.state not in rules.EDITABLE:
        raise MovedOnError
    if row.version != version:
        raise StaleError
    return row


def _replace_picture(session: Session, row: ProposalRow, picture_id: uuid.UUID | None) -> None:
    old = row.picture_id
    change(session, row, picture_id=picture_id)
    pictures.remove(session, old)


def _check_taken(round_row: RoundRow) -> None:
    if not rounds.can_propose(round_row, clock.now()):
        raise ConflictError(
            lazy(
                "This round takes no proposals now. What you have written is kept. "
                "See the dates on the page of the round."
            ),
            lead=Lead(lazy("The round"), "rounds.show", {"slug": round_row.slug}),
        )


def _check_complete(session: Session, round_row: RoundRow, row: ProposalRow) -> None:
    if rules.missing(row.model_dump()):
        raise InvalidError(
            lazy("Something is still missing. Fill in what is marked below, then send it.")
        )
    try:
        most = queries.cost_max_minor(session, round_row, row)
    except NotFoundError as error:
        raise InvalidError(error.sentence) from error
    if (row.own_cost_minor or 0) > most:
        raise InvalidError(
            lazy(
                "Your cost estimate is more than one project may cost here. Make the project "
                "smaller, or correct the estimate."
            )
        )
