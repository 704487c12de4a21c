"""Taking hold of a proposal: every change first holds its row, so changes come one by one."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.errors import ConflictError
from app.policy import Actor, fetch
from app.proposals.models import ProposalRow
from app.rounds import pictures
from app.rounds import queries as rounds
from app.rounds.models import RoundRow


class StaleError(ConflictError):
    """It was changed elsewhere since the form was shown; what was typed stays on the screen."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This was changed meanwhile, in another window or by somebody else. What you "
                "typed stands below and is not saved yet. Send it again to replace the other text."
            )
        )


class MovedOnError(ConflictError):
    """The proposal is not in a state in which this can be done."""

    code = "moved_on"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This proposal has moved on since you opened the page. Nothing was changed. "
                "Look at it again."
            )
        )


class ReleasedError(ConflictError):
    """Verdicts and prices are public; they stand until the council decides anew."""

    code = "released"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "The verdicts and prices of this round are public, so nothing was changed. "
                "A correction now is for the council to decide."
            )
        )


def hold(session: Session, proposal_id: uuid.UUID) -> ProposalRow:
    """Load a proposal as it is now and keep others from changing it until the transaction ends."""
    query = select(ProposalRow).where(ProposalRow.id == proposal_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def hold_all(session: Session, round_id: uuid.UUID) -> None:
    """Keep every proposal of a round that was sent in as it is until the transaction ends."""
    query = select(ProposalRow).where(
        ProposalRow.round_id == round_id, col(ProposalRow.number).is_not(None)
    )
    held = query.order_by(col(ProposalRow.id)).with_for_update()
    session.exec(held.execution_options(populate_existing=True)).all()


def hold_own(session: Session, actor: Actor, proposal_id: uuid.UUID) -> ProposalRow:
    """Hold one's own proposal; NotFoundError for anybody else's."""
    fetch(session, actor, ProposalRow, proposal_id)
    return hold(session, proposal_id)


def round_before_release(session: Session, row: ProposalRow) -> RoundRow:
    """Return the round of a proposal; raises ReleasedError once its verdicts are public."""
    round_row = rounds.round_by_id(session, row.round_id)
    if round_row.prices_released_at is not None:
        raise ReleasedError
    return round_row


def change(session: Session, row: ProposalRow, **values: object) -> None:
    """Write new values and raise the version, so that forms shown before are found stale."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = clock.now()
    session.add(row)
    session.flush()


def hide_picture(session: Session, row: ProposalRow) -> None:
    """Take the picture from public view along with its proposal."""
    pictures.show(session, row.picture_id, public=False)
