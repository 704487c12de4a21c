"""The till of a provider: who stands at it, what it took, and nothing about who paid.

What is read here knows redemptions of one provider only. No function looks at what a voucher holds.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.ledger.once import was_sent
from app.policy import Actor
from app.providers import queries as providers
from app.providers.devices import device_of
from app.providers.models import ProviderRow
from app.providers.service import party_of
from app.vouchers import codes, keys, paying
from app.vouchers.amounts import looks_repeated
from app.vouchers.models import PaymentRequestRow, RedemptionRow, VoucherRow
from app.vouchers.paying import Till
from app.vouchers.redeeming import Charge

SHOWN_MAX = 200


@dataclass(frozen=True)
class Taken:
    """A redemption, and what of it still stands after corrections."""

    row: RedemptionRow
    standing_minor: int


def of_person(actor: Actor, provider_id: uuid.UUID) -> tuple[ProviderRow, Till]:
    """Return the till at which a person of a provider stands; NotFoundError for anybody else."""

    def read(session: Session) -> ProviderRow | None:
        if providers.role_of(session, provider_id, actor.account_id) is None:
            return None
        return session.get(ProviderRow, provider_id)

    provider = read_tx(read)
    if provider is None:
        raise NotFoundError(
            lazy("This page does not exist, or it is not yours to see. Check the address.")
        )
    return provider, _till(provider, f"person/{actor.account_id}")


def of_device(token: str) -> Till | None:
    """Return the till that a device is; None for a token that is unknown or withdrawn."""

    def read(session: Session) -> tuple[ProviderRow, uuid.UUID] | None:
        device = device_of(session, token)
        if device is None:
            return None
        return session.get_one(ProviderRow, device.provider_id), device.id

    found = read_tx(read)
    return None if found is None else _till(found[0], f"device/{found[1]}")


def taken_on(session: Session, till: Till, day: date) -> Sequence[Taken]:
    """Return what a provider took on a day, the newest first."""
    query = select(RedemptionRow).where(
        RedemptionRow.provider_id == till.provider_id, RedemptionRow.taken_on == day
    )
    rows = session.exec(query.order_by(col(RedemptionRow.id).desc()).limit(SHOWN_MAX)).all()
    return [_taken(session, row) for row in rows]


def receipt(session: Session, till: Till, redemption_id: uuid.UUID) -> Taken | None:
    """Return a redemption of this provider; None for another's and for none."""
    row = session.get(RedemptionRow, redemption_id)
    if row is None or row.provider_id != till.provider_id:
        return None
    return _taken(session, row)


def asked(session: Session, till: Till, request_id: uuid.UUID) -> PaymentRequestRow | None:
    """Return what this provider asked a holder to confirm; None for another's and for none."""
    row = session.get(PaymentRequestRow, request_id)
    return row if row is not None and row.provider_id == till.provider_id else None


def is_repeat(session: Session, till: Till, charge: Charge, *, key: str, at: datetime) -> bool:
    """Say whether this provider took the same from the same voucher just now, under another key."""
    wanted = codes.keyed_hash(charge.code, keys.pepper())
    query = (
        select(RedemptionRow)
        .join(VoucherRow, col(VoucherRow.id) == col(RedemptionRow.voucher_id))
        .where(VoucherRow.code_hash == wanted, RedemptionRow.provider_id == till.provider_id)
        .order_by(col(RedemptionRow.redeemed_at).desc())
        .limit(1)
    )
    last = session.exec(query).first()
    return (
        last is not None
        and looks_repeated(
            charge.amount_minor, at=at, before_minor=last.amount_minor, before_at=last.redeemed_at
        )
        and not was_sent(session, till.actor, key)
    )


def _till(provider: ProviderRow, actor: str) -> Till:
    party_id = provider.party_id or run_tx(lambda session: party_of(session, provider.id))
    return Till(provider.id, party_id, actor)


def _taken(session: Session, row: RedemptionRow) -> Taken:
    return Taken(row, paying.standing_minor(session, row))
