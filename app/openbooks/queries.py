"""The figures of open books, summed by the database: money from the ledger, people in groups.

Every figure is of what was there before an instant, so that it stays what it was.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, case, func, select, union_all
from sqlmodel import Session, col

from app.entitlements.models import ApplicationRow, EntitlementRow
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.models import ACCOUNTS, TRANSFERS
from app.openbooks.sums import Flow
from app.providers.models import ProviderRow
from app.vouchers.models import RedemptionRow, VoucherRow


@dataclass(frozen=True)
class Counted:
    """A group: how many people, what they were issued, and what of it was redeemed."""

    people: int
    issued_minor: int = 0
    redeemed_minor: int = 0


def flows(session: Session, programme_id: uuid.UUID, until: datetime) -> list[Flow]:
    """Return what moved into, within and out of a programme's accounts."""
    debit, credit = ACCOUNTS.alias("debited"), ACCOUNTS.alias("credited")
    moved = (
        select(
            TRANSFERS.c.kind,
            TRANSFERS.c.debit_kind,
            TRANSFERS.c.credit_kind,
            TRANSFERS.c.amount_minor,
        )
        .join(debit, debit.c.id == TRANSFERS.c.debit_id)
        .join(credit, credit.c.id == TRANSFERS.c.credit_id)
        .where(TRANSFERS.c.posted_at < until)
    )
    # Each transfer once, found by whichever of its accounts the programme owns.
    parts = union_all(
        moved.where(credit.c.subject_id == programme_id),
        moved.where(
            debit.c.subject_id == programme_id, credit.c.subject_id.is_distinct_from(programme_id)
        ),
    ).subquery()
    path = (parts.c.kind, parts.c.debit_kind, parts.c.credit_kind)
    query = select(*path, func.sum(parts.c.amount_minor)).group_by(*path).order_by(*path)
    return [
        Flow(TransferKind(kind), AccountKind(taken), AccountKind(given), int(amount))
        for kind, taken, given, amount in session.execute(query)
    ]


def provider_flows(
    session: Session, programme_id: uuid.UUID, until: datetime
) -> list[tuple[ProviderRow, list[Flow]]]:
    """Return what moved into and out of each provider's account, by the providers' names."""
    found: dict[uuid.UUID, tuple[ProviderRow, list[Flow]]] = {}
    for side in (TRANSFERS.c.debit_id, TRANSFERS.c.credit_id):
        path = (TRANSFERS.c.kind, TRANSFERS.c.debit_kind, TRANSFERS.c.credit_kind)
        query = (
            select(ProviderRow, *path, func.sum(TRANSFERS.c.amount_minor))
            .join(ACCOUNTS, ACCOUNTS.c.party_id == col(ProviderRow.party_id))
            .join(TRANSFERS, side == ACCOUNTS.c.id)
            .where(
                ACCOUNTS.c.kind == AccountKind.PROVIDER,
                ACCOUNTS.c.subject_id == programme_id,
                TRANSFERS.c.posted_at < until,
            )
            .group_by(col(ProviderRow.id), *path)
        )
        for row, kind, taken, given, amount in session.execute(query):
            flow = Flow(TransferKind(kind), AccountKind(taken), AccountKind(given), int(amount))
            found.setdefault(row.id, (row, []))[1].append(flow)
    return sorted(found.values(), key=lambda one: (one[0].name, one[0].id))


def people(session: Session, programme_id: uuid.UUID, until: datetime) -> int:
    """Return how many people were promised a voucher."""
    query = select(func.count()).select_from(_values(programme_id, until))
    return int(session.execute(query).scalar_one())


def by_area(
    session: Session, programme_id: uuid.UUID, until: datetime
) -> dict[uuid.UUID | None, Counted]:
    """Count people by the area that their household named; None: not said."""
    homes = (
        select(col(EntitlementRow.resident_id), col(ApplicationRow.area_id).label("place"))
        .join(ApplicationRow, col(ApplicationRow.id) == col(EntitlementRow.application_id))
        .where(*_promised(programme_id, until), col(EntitlementRow.part) == 1)
        .subquery()
    )
    return _counted(session, homes, homes.c.place, programme_id, until)


def by_value(session: Session, programme_id: uuid.UUID, until: datetime) -> dict[int, Counted]:
    """Count people by what they were promised, in the unit's smallest part."""
    values = _values(programme_id, until)
    return _counted(session, values, values.c.value, programme_id, until)


def by_provider(session: Session, programme_id: uuid.UUID, until: datetime) -> dict[uuid.UUID, int]:
    """Return for how many people each provider did something that is still owed or paid."""
    place = col(RedemptionRow.provider_id)
    query = _served(programme_id, until).add_columns(place).group_by(place)
    return {provider_id: int(count) for count, provider_id in session.execute(query)}


def with_any_of(
    session: Session, programme_id: uuid.UUID, until: datetime, providers: Collection[uuid.UUID]
) -> int:
    """Return for how many different people any of these providers did something."""
    query = _served(programme_id, until).where(col(RedemptionRow.provider_id).in_(providers))
    return int(session.execute(query).scalar_one())


def _promised(programme_id: uuid.UUID, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(EntitlementRow.programme_id) == programme_id,
        col(EntitlementRow.granted_at) < until,
    )


def _values(programme_id: uuid.UUID, until: datetime) -> Subquery:
    """Each person with the sum of what they were promised."""
    person = col(EntitlementRow.resident_id)
    value = func.sum(col(EntitlementRow.value_minor)).label("value")
    return select(person, value).where(*_promised(programme_id, until)).group_by(person).subquery()


def _taken_back(until: datetime) -> Subquery:
    """What was taken back of each transfer: few of them are, and these have an index."""
    return (
        select(TRANSFERS.c.reverses_id, func.sum(TRANSFERS.c.amount_minor).label("amount"))
        .where(
            TRANSFERS.c.reverses_id.is_not(None),
            TRANSFERS.c.kind == TransferKind.REVERSE,
            TRANSFERS.c.posted_at < until,
        )
        .group_by(TRANSFERS.c.reverses_id)
        .subquery()
    )


def _served(programme_id: uuid.UUID, until: datetime) -> Select[int]:
    back = _taken_back(until)
    stands = col(RedemptionRow.amount_minor) > func.coalesce(back.c.amount, 0)
    return (
        select(func.count(case((stands, col(VoucherRow.resident_id))).distinct()))
        .select_from(RedemptionRow)
        .join(VoucherRow, col(VoucherRow.id) == col(RedemptionRow.voucher_id))
        .outerjoin(back, back.c.reverses_id == col(RedemptionRow.transfer_id))
        .where(col(VoucherRow.programme_id) == programme_id, col(RedemptionRow.redeemed_at) < until)
    )


def _counted(
    session: Session,
    persons: FromClause,
    place: ColumnElement[Any],
    programme_id: uuid.UUID,
    until: datetime,
) -> dict[Any, Counted]:
    """Count the persons of each place, and sum what they were issued and what they redeemed."""
    people = dict(session.execute(select(place, func.count()).group_by(place)).all())
    issued_by, redeemed_by = (
        dict(session.execute(query.group_by(place)).all())
        for query in (
            _issued(persons, place, programme_id, until),
            _redeemed(persons, place, programme_id, until),
        )
    )
    return {
        one: Counted(int(count), int(issued_by.get(one, 0)), int(redeemed_by.get(one, 0)))
        for one, count in people.items()
    }


def _issued(
    persons: FromClause, place: ColumnElement[Any], programme_id: uuid.UUID, until: datetime
) -> Select[Any, int]:
    return (
        select(place, func.sum(TRANSFERS.c.amount_minor))
        .select_from(persons)
        .join(VoucherRow, col(VoucherRow.resident_id) == persons.c.resident_id)
        .join(TRANSFERS, TRANSFERS.c.credit_id == col(VoucherRow.account_id))
        .where(
            col(VoucherRow.programme_id) == programme_id,
            TRANSFERS.c.kind == TransferKind.ISSUE,
            TRANSFERS.c.posted_at < until,
        )
    )


def _redeemed(
    persons: FromClause, place: ColumnElement[Any], programme_id: uuid.UUID, until: datetime
) -> Select[Any, int]:
    back = _taken_back(until)
    stands = col(RedemptionRow.amount_minor) - func.coalesce(back.c.amount, 0)
    return (
        select(place, func.sum(stands))
        .select_from(persons)
        .join(VoucherRow, col(VoucherRow.resident_id) == persons.c.resident_id)
        .join(RedemptionRow, col(RedemptionRow.voucher_id) == col(VoucherRow.id))
        .outerjoin(back, back.c.reverses_id == col(RedemptionRow.transfer_id))
        .where(col(VoucherRow.programme_id) == programme_id, col(RedemptionRow.redeemed_at) < until)
    )
