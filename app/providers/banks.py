"""A new bank account between two accreditations: asked for by a manager, confirmed by the town.

It counts seven days after that, and until then either side can stop it: money that goes to a
stranger's account does not come back.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.errors import ConflictError, NotFoundError
from app.policy import Actor, account_of, fetch
from app.providers import checking, criteria, notices, queries
from app.providers.days import today
from app.providers.models import ProviderBankRow, ProviderRow
from app.providers.service import check_untied


def ask(session: Session, actor: Actor, provider_id: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Ask for another account. Raises ConflictError without accreditation, or while one waits."""
    provider = fetch(session, actor, ProviderRow, provider_id)
    _hold(session, provider_id)
    if not queries.register(session, today(), provider_id):
        raise ConflictError(
            lazy("Your organisation is not accredited. Enter its account in the application.")
        )
    if waiting(session, provider_id) is not None:
        raise ConflictError(
            lazy("A change of the account is under way already. Stop that one first.")
        )
    session.add(
        ProviderBankRow(
            provider_id=provider_id,
            **{name: said[name] for name in checking.BANK_FIELDS},
            asked_by=account_of(actor),
            asked_at=clock.now(),
        )
    )
    session.flush()
    audit.record(session, actor, "provider.bank_asked", str(provider_id))
    notices.bank_asked(session, provider)


def confirm(session: Session, actor: Actor, bank_id: uuid.UUID) -> ProviderBankRow:
    """Confirm what was asked for, after a look at the bank's paper; it counts in seven days."""
    row = _change(session, bank_id)
    check_untied(session, actor, row.provider_id)
    if row.confirmed_by is not None or row.stopped_at is not None:
        raise _over()
    row.confirmed_by = account_of(actor)
    row.effective_at = clock.now() + timedelta(days=criteria.IBAN_WAIT_DAYS)
    session.add(row)
    session.flush()
    audit.record(session, actor, "provider.bank_confirmed", str(row.provider_id))
    notices.bank_confirmed(session, session.get_one(ProviderRow, row.provider_id), row)
    return row


def stop(session: Session, actor: Actor, bank_id: uuid.UUID, *, by_staff: bool) -> None:
    """Stop a change before it counts: a manager its own organisation's, staff any."""
    row = _change(session, bank_id)
    if by_staff:
        check_untied(session, actor, row.provider_id)
    else:
        fetch(session, actor, ProviderRow, row.provider_id)
    begun = row.effective_at is not None and row.effective_at <= clock.now()
    if begun or row.stopped_at is not None:
        raise _over()
    row.stopped_at, row.stopped_by = clock.now(), account_of(actor)
    session.add(row)
    audit.record(session, actor, "provider.bank_stopped", str(row.provider_id))
    notices.bank_stopped(session, session.get_one(ProviderRow, row.provider_id))


def waiting(session: Session, provider_id: uuid.UUID) -> ProviderBankRow | None:
    """Return the change that does not count yet; None if there is none."""
    query = select(ProviderBankRow).where(
        ProviderBankRow.provider_id == provider_id,
        col(ProviderBankRow.stopped_at).is_(None),
        col(ProviderBankRow.effective_at).is_(None)
        | (col(ProviderBankRow.effective_at) > clock.now()),
    )
    return session.exec(query.order_by(col(ProviderBankRow.id).desc())).first()


def _change(session: Session, bank_id: uuid.UUID) -> ProviderBankRow:
    row = session.get(ProviderBankRow, bank_id)
    if row is None:
        raise NotFoundError(lazy("There is no such change. Look at the organisation again."))
    _hold(session, row.provider_id)
    session.refresh(row)
    return row


def _hold(session: Session, provider_id: uuid.UUID) -> None:
    session.exec(select(ProviderRow).where(ProviderRow.id == provider_id).with_for_update()).one()


def _over() -> ConflictError:
    return ConflictError(
        lazy("This change was confirmed, stopped, or counts already. Look at the page again.")
    )
