"""What the modules of this feature share: loading an application to change it, and its refusals."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app.entitlements.models import ApplicationRow
from app.entitlements.rules import State
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.policy import Actor


class MovedOnError(ConflictError):
    """The application is not in a state in which this can be done."""

    code = "moved_on"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This application has moved on since you opened the page. Nothing was changed. "
                "Look at it again."
            )
        )


def hold(session: Session, application_id: uuid.UUID, *states: State) -> ApplicationRow:
    """Load an application as it is now and keep it so until the transaction ends.

    Raises NotFoundError, or MovedOnError when it is in none of `states`.
    """
    query = select(ApplicationRow).where(ApplicationRow.id == application_id)
    held = query.with_for_update().execution_options(populate_existing=True)
    row = session.exec(held).first()
    if row is None:
        raise NotFoundError(lazy("There is no such application. Look at the list again."))
    if row.state not in states:
        raise MovedOnError
    return row


def check_not_own(actor: Actor, row: ApplicationRow) -> None:
    """Raise ForbiddenError for who would decide about themselves."""
    if row.account_id == actor.account_id:
        raise ForbiddenError(lazy("This is your own application. Somebody else has to handle it."))


def save(session: Session, row: ApplicationRow) -> None:
    """Write a change; what was proposed about the row before does not hold any more."""
    row.version += 1
    session.add(row)
    session.flush()
