"""The organisation's side: its manager names the workers who act for a resident."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import audit
from app.delegation import naming
from app.delegation.models import DelegationRow
from app.delegation.service import check_open, hold
from app.errors import ConflictError, NotFoundError
from app.policy import Actor, account_of
from app.providers import queries as providers
from app.providers.models import ProviderRole
from app.vouchers.models import ResidentRow


def staffed(
    session: Session, actor: Actor, delegation_id: uuid.UUID
) -> tuple[DelegationRow, uuid.UUID]:
    """Hold a delegation whose organisation this person manages; returns it and the organisation.

    Raises NotFoundError for others as for what does not exist, EndedError after its end.
    """
    row = hold(session, delegation_id)
    if (
        row.provider_id is None
        or providers.role_of(session, row.provider_id, actor.account_id) != ProviderRole.MANAGER
    ):
        raise NotFoundError(lazy("There is no such entry. Look at the list again."))
    check_open(row)
    return row, row.provider_id


def name_worker(
    session: Session, actor: Actor, delegation_id: uuid.UUID, account_id: uuid.UUID
) -> None:
    """Name one of the organisation's people, who then may use the delegation.

    Raises as `staffed` does, NotFoundError for somebody who does not work there, and
    ConflictError for the resident.
    """
    row, provider_id = staffed(session, actor, delegation_id)
    if providers.role_of(session, provider_id, account_id) is None:
        raise NotFoundError(lazy("This person does not work for your organisation."))
    holder = session.get_one(ResidentRow, row.resident_id)
    if holder.account_id == account_id:
        raise ConflictError(lazy("Nobody acts for themselves. Name somebody else."))
    naming.let(session, row, account_id, named_by=account_of(actor))
    audit.record(session, actor, "delegation.worker", str(row.id), {"account": str(account_id)})


def remove_worker(
    session: Session, actor: Actor, delegation_id: uuid.UUID, account_id: uuid.UUID
) -> None:
    """Take a worker out; again changes nothing. Raises as `staffed` does."""
    row, _provider_id = staffed(session, actor, delegation_id)
    naming.stop(session, row, account_id)
