"""What the modules of this feature share: loading a delegation to change it, and its refusals."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app.delegation.models import DelegationRow
from app.errors import ConflictError, ForbiddenError, Lead, NotFoundError
from app.providers.days import today

HELPING = Lead(lazy("People you act for"), "delegation.helping")


class EndedError(ConflictError):
    """The delegation was ended, or is over."""

    code = "delegation_ended"

    def __init__(self) -> None:
        super().__init__(
            lazy("This has ended since you opened the page. Nothing was changed. Look at the list.")
        )


class NotEntrustedError(ForbiddenError):
    """Who acts has no such power, or has it no more."""

    code = "not_entrusted"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "You may not do this for this person, or not any more. Nothing was changed. "
                "Ask the person for whom you act."
            ),
            lead=HELPING,
        )


def hold(session: Session, delegation_id: uuid.UUID) -> DelegationRow:
    """Load a delegation as it is now and keep it so until the transaction ends.

    Whoever uses one holds it too, so that no use comes after its end. Raises NotFoundError.
    """
    query = select(DelegationRow).where(DelegationRow.id == delegation_id)
    held = query.with_for_update().execution_options(populate_existing=True)
    row = session.exec(held).first()
    if row is None:
        raise NotFoundError(lazy("There is no such entry. Look at the list again."))
    return row


def check_open(row: DelegationRow) -> None:
    """Raise EndedError for a delegation that was ended or is over."""
    if row.revoked_at is not None or row.ends_on < today():
        raise EndedError
