"""What the modules of this feature share: holding a batch to change it, and its refusals."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.policy import Actor
from app.providers.models import ProviderPersonRow
from app.settlement.models import BatchRow
from app.settlement.rules import State, may_become


class MovedOnError(ConflictError):
    """The batch is not in a state in which this can be done."""

    code = "moved_on"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This settlement has moved on since you opened the page. Nothing was changed. "
                "Look at it again."
            )
        )


def hold(session: Session, batch_id: uuid.UUID, *states: State) -> BatchRow:
    """Load a batch as it is now and keep it so until the transaction ends.

    Raises NotFoundError, or MovedOnError when it is in none of `states`.
    """
    query = select(BatchRow).where(BatchRow.id == batch_id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFoundError(lazy("There is no such settlement. Look at the list again."))
    if row.state not in states:
        raise MovedOnError
    return row


def move(session: Session, row: BatchRow, state: State) -> None:
    """Pass to another state. Raises MovedOnError where no such step exists."""
    if not may_become(State(row.state), state):
        raise MovedOnError
    row.state = state
    session.add(row)
    session.flush()


def check_untied(session: Session, actor: Actor, provider_id: uuid.UUID) -> None:
    """Raise ForbiddenError for who is or was with an organisation that this is about."""
    if session.get(ProviderPersonRow, (provider_id, actor.account_id)) is not None:
        raise ForbiddenError(
            lazy(
                "You belong to an organisation that this pays, so somebody else has to decide. "
                "Nothing was changed."
            )
        )
