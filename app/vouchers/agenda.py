"""Booked visits as their holder and their provider see them; each sees its own only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.providers import queries as providers
from app.providers.days import today
from app.providers.models import ProviderRow, TariffUnit
from app.providers.queries import Listed
from app.vouchers import queries, visits
from app.vouchers.models import BookingRow, VoucherRow
from app.vouchers.paying import Till
from app.vouchers.rules import Visit

SHOWN_MAX = 200


@dataclass(frozen=True)
class Booked:
    """A visit of a holder. `can_cancel`: here, until the evening before."""

    row: BookingRow
    provider: ProviderRow
    can_cancel: bool


@dataclass(frozen=True)
class Due:
    """A visit of a provider. `can_record`: from its day on, for a week."""

    row: BookingRow
    can_record: bool


def of_holder(session: Session, voucher: VoucherRow) -> Sequence[Booked]:
    """Return the visits that are booked with a voucher or with one that it replaced."""
    query = (
        select(BookingRow, ProviderRow)
        .join(ProviderRow, col(ProviderRow.id) == col(BookingRow.provider_id))
        .where(
            col(BookingRow.voucher_id).in_(queries.line_of(session, voucher.id)),
            BookingRow.state == Visit.BOOKED,
        )
        .order_by(col(BookingRow.visit_on), col(BookingRow.id))
    )
    on = today()
    return [
        Booked(row, provider, visits.can_be_cancelled_by_holder(row.visit_on, on))
        for row, provider in session.exec(query).all()
    ]


def of_provider(session: Session, till: Till) -> Sequence[Due]:
    """Return the booked visits of a provider, the next first."""
    query = select(BookingRow).where(
        BookingRow.provider_id == till.provider_id, BookingRow.state == Visit.BOOKED
    )
    rows = session.exec(
        query.order_by(col(BookingRow.visit_on), col(BookingRow.id)).limit(SHOWN_MAX)
    ).all()
    return [due(row) for row in rows]


def due(row: BookingRow) -> Due:
    booked = row.state == Visit.BOOKED
    return Due(row, booked and visits.can_be_recorded(row.visit_on, today()))


def who_can_come(session: Session, voucher: VoucherRow) -> list[Listed]:
    """Return the providers that are accredited today for a service that a voucher pays for."""
    on = today()
    return [
        one
        for one in providers.register(session, on)
        if any(
            service in voucher.services
            and providers.is_accredited(session, one.provider.id, service, on)
            for service in one.services
        )
    ]


def hourly(listed: Listed) -> dict[str, int]:
    """Return a provider's tariffs by the hour: service -> minor units."""
    return {row.service: row.amount_minor for row in listed.tariffs if row.unit == TariffUnit.HOUR}
