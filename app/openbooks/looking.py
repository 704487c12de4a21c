"""Staff look at unusual payments: what there is, who has looked, and what they found.

Nothing is blocked or recovered from here. Who opens a flag, and what they note, stands in the trail
of what staff did. Nobody is shown flags of an organisation for which they act themselves.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.accounts import queries as accounts
from app.accounts.models import AuditRow
from app.errors import NotFoundError
from app.openbooks.flags import Flag, Payment, flags
from app.policy import Actor
from app.programmes.services import Service
from app.providers import queries as providers
from app.providers.models import ProviderRow, TariffRow, TariffUnit
from app.town import queries as towns
from app.vouchers.models import PaymentRequestRow, RedemptionRow, VoucherRow

LOOKED_BACK = timedelta(days=30)
READ, NOTED = "care.flag_read", "care.flag_noted"
QUARTERS = 4
"""By so many parts of an hour visits are charged."""


@dataclass(frozen=True)
class Look:
    """What somebody found who looked at a flag."""

    at: datetime
    name: str
    text: str


@dataclass(frozen=True)
class Found:
    flag: Flag
    provider: ProviderRow
    looks: Sequence[Look]


@dataclass(frozen=True)
class Shown:
    """A payment of a flag with what names it on paper; its holder is not named."""

    payment: Payment
    serial: str
    service: Service


def all_found(session: Session, actor: Actor) -> list[Found]:
    """Return the flags of the last 30 days, those that nobody has looked at first."""
    own = _organisations(session, actor)
    found = [one for one in flags(_payments(session)) if one.provider_id not in own]
    names = _providers(session, {one.provider_id for one in found})
    looks = _looks(session, {one.key for one in found})
    rows = [Found(one, names[one.provider_id], looks.get(one.key, [])) for one in found]
    return sorted(rows, key=lambda one: bool(one.looks))


def read(session: Session, actor: Actor, key: str) -> tuple[Found, list[Shown]]:
    """Return a flag with its payments and note who has read it. Raises NotFoundError."""
    found = find(session, actor, key)
    audit.record(session, actor, READ, key, _about(found))
    ids = [one.id for one in found.flag.payments]
    query = (
        select(RedemptionRow.id, VoucherRow.serial, RedemptionRow.service)
        .join(VoucherRow, col(VoucherRow.id) == col(RedemptionRow.voucher_id))
        .where(col(RedemptionRow.id).in_(ids))
    )
    named = {row_id: (serial, service) for row_id, serial, service in session.exec(query).all()}
    return found, [
        Shown(one, named[one.id][0], Service(named[one.id][1])) for one in found.flag.payments
    ]


def note(session: Session, actor: Actor, key: str, text: str) -> None:
    """Say what was found behind a flag. Raises NotFoundError."""
    found = find(session, actor, key)
    audit.record(session, actor, NOTED, key, _about(found) | {"text": text})


def find(session: Session, actor: Actor, key: str) -> Found:
    """Return a flag that this person may see. Raises NotFoundError."""
    found = next((one for one in all_found(session, actor) if one.flag.key == key), None)
    if found is None:
        raise NotFoundError(
            lazy("This flag is over 30 days old, or a payment has joined it. See the list.")
        )
    return found


def _about(found: Found) -> dict[str, str]:
    return {"pattern": found.flag.pattern, "provider": str(found.provider.id)}


def _organisations(session: Session, actor: Actor) -> set[uuid.UUID]:
    if actor.account_id is None:
        return set()
    return {row.id for row, _role in providers.of_person(session, actor.account_id)}


def _providers(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ProviderRow]:
    rows = session.exec(select(ProviderRow).where(col(ProviderRow.id).in_(ids))).all()
    return {row.id: row for row in rows}


def _looks(session: Session, keys: Collection[str]) -> dict[str, list[Look]]:
    query = select(AuditRow).where(AuditRow.action == NOTED, col(AuditRow.subject).in_(keys))
    rows = session.exec(query.order_by(col(AuditRow.id))).all()
    names = accounts.names(session, (row.actor_id for row in rows))
    found: dict[str, list[Look]] = {}
    for row in rows:
        name = names.get(row.actor_id, "") if row.actor_id else ""
        found.setdefault(row.subject, []).append(Look(row.at, name, row.details["text"]))
    return found


def _payments(session: Session) -> list[Payment]:
    zone = towns.zone(session)
    query = (
        select(RedemptionRow, VoucherRow, PaymentRequestRow.answered_by)
        .join(VoucherRow, col(VoucherRow.id) == col(RedemptionRow.voucher_id))
        .outerjoin(PaymentRequestRow, col(PaymentRequestRow.id) == col(RedemptionRow.id))
        .where(col(RedemptionRow.redeemed_at) >= clock.now() - LOOKED_BACK)
    )
    rows = session.exec(query).all()
    tariffs: dict[uuid.UUID, list[TariffRow]] = {}
    for row, _voucher, _by in rows:
        if row.provider_id not in tariffs:
            tariffs[row.provider_id] = providers.tariffs(session, row.provider_id)
    return [
        _payment(row, voucher, confirmed_by or row.actor, tariffs[row.provider_id], zone)
        for row, voucher, confirmed_by in rows
    ]


def _payment(
    row: RedemptionRow,
    voucher: VoucherRow,
    confirmed_by: str,
    tariffs: Sequence[TariffRow],
    zone: ZoneInfo,
) -> Payment:
    of_service = [
        one for one in providers.tariffs_on(tariffs, row.taken_on) if one.service == row.service
    ]
    hourly = [one.amount_minor for one in of_service if one.unit == TariffUnit.HOUR]
    return Payment(
        id=row.id,
        holder_id=voucher.resident_id,
        voucher_id=voucher.id,
        provider_id=row.provider_id,
        amount_minor=row.amount_minor,
        at=row.redeemed_at,
        local_hour=row.redeemed_at.astimezone(zone).hour,
        value_minor=voucher.value_minor,
        handed_over_at=voucher.activated_at or row.redeemed_at,
        confirmed_by=confirmed_by,
        by_tariff=any(_is_whole(row.amount_minor, one) for one in of_service),
        visit=timedelta(hours=row.amount_minor / hourly[0]) if hourly else None,
    )


def _is_whole(amount_minor: int, tariff: TariffRow) -> bool:
    """Say whether an amount is whole visits, days or months, or whole quarters of an hour."""
    parts = QUARTERS if tariff.unit == TariffUnit.HOUR else 1
    return amount_minor * parts % tariff.amount_minor == 0
