"""What other features ask of providers, and what the modules of this one share."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app import clock
from app.errors import ConflictError
from app.ledger.service import open_party
from app.policy import Actor, account_of
from app.providers import criteria
from app.providers.devices import device_of
from app.providers.models import AccreditationEventRow, AccreditationRow, ProviderRow
from app.providers.queries import is_accredited

__all__ = ["MovedOnError", "device_of", "hold", "is_accredited", "move", "party_of"]


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


def party_of(session: Session, provider_id: uuid.UUID) -> uuid.UUID:
    """Return whom the ledger pays for this provider; opened at the first call."""
    query = select(ProviderRow).where(ProviderRow.id == provider_id).with_for_update()
    row = session.exec(query.execution_options(populate_existing=True)).one()
    if row.party_id is None:
        row.party_id = open_party(session, "provider")
        session.add(row)
        session.flush()
    return row.party_id


def hold(session: Session, accreditation_id: uuid.UUID) -> AccreditationRow:
    """Load an application as it is now and keep it so until the transaction ends."""
    query = select(AccreditationRow).where(AccreditationRow.id == accreditation_id)
    held = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(held).one()


def move(
    session: Session, actor: Actor, row: AccreditationRow, state: criteria.State, text: str = ""
) -> None:
    """Pass to another state and note it. Raises MovedOnError where no such step exists."""
    if not criteria.can_become(row.state, state):
        raise MovedOnError
    row.state = state
    row.version += 1
    session.add(row)
    note(session, actor, row, text)


def note(session: Session, actor: Actor, row: AccreditationRow, text: str) -> None:
    """Keep what was done in the state that holds, with the words that the applicant reads."""
    session.add(
        AccreditationEventRow(
            accreditation_id=row.id,
            at=clock.now(),
            actor_id=account_of(actor),
            state=row.state,
            text=text,
        )
    )
    session.flush()
