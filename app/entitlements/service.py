"""What the modules of this feature share: loading an application to change it, and its refusals."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.entitlements.models import ApplicationRow, MemberRow
from app.entitlements.rules import State
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.policy import Actor
from app.vouchers.models import ResidentRow


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


def check_not_own(session: Session, actor: Actor, row: ApplicationRow) -> None:
    """Raise ForbiddenError for who would decide about themselves or their own household."""
    named = select(MemberRow.resident_id).where(MemberRow.application_id == row.id)
    household = select(ResidentRow.account_id).where(
        or_(col(ResidentRow.id) == row.resident_id, col(ResidentRow.id).in_(named))
    )
    if actor.account_id in (row.account_id, *session.exec(household).all()):
        raise ForbiddenError(
            lazy("This is about your own household. Somebody else has to handle it.")
        )


def save(session: Session, row: ApplicationRow) -> None:
    """Write a change; what was proposed about the row before does not hold any more."""
    row.version += 1
    session.add(row)
    session.flush()
