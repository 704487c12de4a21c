"""Devices that redeem without a person's sign-in: a bearer token each, shown once."""

import secrets
import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.accounts import keys
from app.errors import ConflictError, NotFoundError
from app.policy import Actor, account_of, fetch
from app.providers.models import ProviderDeviceRow, ProviderRow

TOKEN_BYTES = 32
TOKEN_LENGTH_MAX = 100
IN_USE_MAX = 50
_PURPOSE = "provider-device"


def make(
    session: Session, actor: Actor, provider_id: uuid.UUID, label: str
) -> tuple[ProviderDeviceRow, str]:
    """Add a device; the token is returned this once and kept as a keyed hash."""
    fetch(session, actor, ProviderRow, provider_id)
    in_use = select(ProviderDeviceRow.id).where(
        ProviderDeviceRow.provider_id == provider_id, col(ProviderDeviceRow.revoked_at).is_(None)
    )
    if len(session.exec(in_use).all()) >= IN_USE_MAX:
        raise ConflictError(
            lazy(
                "Your organisation has %(number)d devices, which is the most. "
                "Withdraw one that is not used any more.",
                number=IN_USE_MAX,
            )
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = ProviderDeviceRow(
        provider_id=provider_id,
        label=label,
        token_hash=keys.keyed_hash(_PURPOSE, token),
        made_by=account_of(actor),
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row, token


def revoke(session: Session, actor: Actor, provider_id: uuid.UUID, device_id: uuid.UUID) -> None:
    """Withdraw a device: its token opens nothing from now on."""
    fetch(session, actor, ProviderRow, provider_id)
    row = session.get(ProviderDeviceRow, device_id)
    if row is None or row.provider_id != provider_id:
        raise NotFoundError(lazy("There is no such device. Look at the list of devices again."))
    row.revoked_at = row.revoked_at or clock.now()
    session.add(row)


def device_of(session: Session, token: str) -> ProviderDeviceRow | None:
    """Return the device that this bearer token belongs to; None for withdrawn and unknown ones."""
    if not token or len(token) > TOKEN_LENGTH_MAX:
        return None
    hashed = keys.keyed_hash(_PURPOSE, token)
    query = select(ProviderDeviceRow).where(
        ProviderDeviceRow.token_hash == hashed, col(ProviderDeviceRow.revoked_at).is_(None)
    )
    return session.exec(query).first()
