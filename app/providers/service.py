"""What other features ask of providers, and what the modules of this one share."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app import clock
from app.errors import ConflictError, ForbiddenError
from app.ledger.service import open_party
from app.policy import Actor, account_of
from app.providers import criteria, queries
from app.providers.devices import device_of
from app.providers.models import (
    AccreditationEventRow,
    AccreditationRow,
    ProviderPersonRow,
    ProviderRow,
)
from app.providers.queries import is_accredited

__all__ = [
    "MovedOnError",
    "check_untied",
    "device_of",
    "hold",
    "hold_untied",
    "is_accredited",
    "move",
    "party_of",
]


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


def hold_untied(session: Session, actor: Actor, accreditation_id: uuid.UUID) -> AccreditationRow:
    """Hold an application. Whoever is or was with the applicant has no part in it."""
    queries.accreditation(session, accreditation_id)
    row = hold(session, accreditation_id)
    check_untied(session, actor, row.provider_id)
    return row


def check_untied(session: Session, actor: Actor, provider_id: uuid.UUID) -> None:
    """Raise ForbiddenError for whoever is or was with an organisation."""
    if session.get(ProviderPersonRow, (provider_id, account_of(actor))) is not None:
        raise ForbiddenError(
            lazy("You belong to this organisation, so others decide about it. Nothing was changed.")
        )


def move(
    session: Session,
    actor: Actor | None,
    row: AccreditationRow,
    state: criteria.State,
    text: str = "",
) -> None:
    """Pass to another state and note it; `actor` None: a date has come.

    Raises MovedOnError where no such step exists.
    """
    if not criteria.can_become(row.state, state):
        raise MovedOnError
    row.state = state
    row.version += 1
    session.add(row)
    note(session, actor, row, text)


def note(session: Session, actor: Actor | None, row: AccreditationRow, text: str) -> None:
    """Keep what was done in the state that holds, with the words that the applicant reads."""
    session.add(
        AccreditationEventRow(
            accreditation_id=row.id,
            at=clock.now(),
            actor_id=account_of(actor) if actor else None,
            state=row.state,
            text=text,
        )
    )
    session.flush()
