"""Reading providers. Every function joins the session it is given."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.policy import Actor, object_rule
from app.providers import criteria
from app.providers.criteria import Point, State
from app.providers.models import (
    AccreditationEventRow,
    AccreditationRow,
    AccreditationServiceRow,
    CouncilMemberRow,
    EvidenceFileRow,
    EvidenceRow,
    ProviderDeviceRow,
    ProviderPersonRow,
    ProviderRole,
    ProviderRow,
    SuspensionRow,
    TariffRow,
)


@object_rule(ProviderRow)
def _runs_it(session: Session, actor: Actor, row: ProviderRow) -> bool:
    """Managers run a provider; staff reach it through the desk instead."""
    return role_of(session, row.id, actor.account_id) == ProviderRole.MANAGER


def role_of(session: Session, provider_id: uuid.UUID, account_id: uuid.UUID | None) -> str | None:
    """Return what a person may do for a provider; None for strangers and for who has left."""
    if account_id is None:
        return None
    row = session.get(ProviderPersonRow, (provider_id, account_id))
    return row.role if row is not None and row.ended_at is None else None


def of_person(session: Session, account_id: uuid.UUID) -> list[tuple[ProviderRow, str]]:
    """Return the providers for which a person acts, each with the person's role."""
    query = (
        select(ProviderRow, ProviderPersonRow.role)
        .join(ProviderPersonRow, col(ProviderPersonRow.provider_id) == col(ProviderRow.id))
        .where(
            ProviderPersonRow.account_id == account_id, col(ProviderPersonRow.ended_at).is_(None)
        )
        .order_by(col(ProviderRow.name), col(ProviderRow.id))
    )
    return [(row, role) for row, role in session.exec(query).all()]


def people(session: Session, provider_id: uuid.UUID) -> list[ProviderPersonRow]:
    query = select(ProviderPersonRow).where(
        ProviderPersonRow.provider_id == provider_id, col(ProviderPersonRow.ended_at).is_(None)
    )
    return list(session.exec(query.order_by(col(ProviderPersonRow.since))).all())


def devices(session: Session, provider_id: uuid.UUID) -> list[ProviderDeviceRow]:
    query = select(ProviderDeviceRow).where(ProviderDeviceRow.provider_id == provider_id)
    return list(session.exec(query.order_by(col(ProviderDeviceRow.made_at))).all())


def tariffs(session: Session, provider_id: uuid.UUID) -> list[TariffRow]:
    """Return all tariffs, by service and unit, the newest first."""
    query = select(TariffRow).where(TariffRow.provider_id == provider_id)
    order = (col(TariffRow.service), col(TariffRow.unit), col(TariffRow.valid_from).desc())
    return list(session.exec(query.order_by(*order)).all())


def tariffs_on(rows: Iterable[TariffRow], on: date) -> list[TariffRow]:
    """Return those in force on a day: of each service and unit the newest that has begun."""
    found: dict[tuple[str, str], TariffRow] = {}
    for row in rows:
        key = (row.service, row.unit)
        if row.valid_from <= on and (key not in found or row.valid_from > found[key].valid_from):
            found[key] = row
    return list(found.values())


def accreditation(session: Session, accreditation_id: uuid.UUID) -> AccreditationRow:
    """Return an application for the desk of staff; drafts are the applicant's alone."""
    row = session.get(AccreditationRow, accreditation_id)
    if row is None or row.state == State.DRAFT:
        raise NotFoundError(lazy("There is no such application. Check the address."))
    return row


def accreditations(session: Session, provider_id: uuid.UUID) -> list[AccreditationRow]:
    """Return all applications of a provider, the newest first."""
    query = select(AccreditationRow).where(AccreditationRow.provider_id == provider_id)
    newest = (col(AccreditationRow.created_at).desc(), col(AccreditationRow.id).desc())
    return list(session.exec(query.order_by(*newest)).all())


def services_of(session: Session, accreditation_id: uuid.UUID) -> list[str]:
    query = select(AccreditationServiceRow.service).where(
        AccreditationServiceRow.accreditation_id == accreditation_id
    )
    return sorted(session.exec(query).all())


def evidence(session: Session, accreditation_id: uuid.UUID) -> dict[str, EvidenceRow]:
    """Return what is known on each point of which anything is known."""
    query = select(EvidenceRow).where(EvidenceRow.accreditation_id == accreditation_id)
    return {row.point: row for row in session.exec(query).all()}


def files(session: Session, accreditation_id: uuid.UUID) -> list[EvidenceFileRow]:
    query = select(EvidenceFileRow).where(EvidenceFileRow.accreditation_id == accreditation_id)
    return list(session.exec(query.order_by(col(EvidenceFileRow.uploaded_at))).all())


def events(session: Session, accreditation_id: uuid.UUID) -> list[AccreditationEventRow]:
    query = select(AccreditationEventRow).where(
        AccreditationEventRow.accreditation_id == accreditation_id
    )
    return list(session.exec(query.order_by(col(AccreditationEventRow.id))).all())


def at_the_desk(session: Session) -> list[tuple[AccreditationRow, ProviderRow]]:
    """Return every application that was sent in, the one that waits longest first."""
    query = (
        select(AccreditationRow, ProviderRow)
        .join(ProviderRow, col(ProviderRow.id) == col(AccreditationRow.provider_id))
        .where(AccreditationRow.state != State.DRAFT)
        .order_by(col(AccreditationRow.submitted_at), col(AccreditationRow.id))
    )
    return [(row, provider) for row, provider in session.exec(query).all()]


def council(session: Session) -> list[CouncilMemberRow]:
    return list(session.exec(select(CouncilMemberRow)).all())


@dataclass(frozen=True)
class Listed:
    """A provider on the public register, with what everybody may know of it."""

    provider: ProviderRow
    accreditation: AccreditationRow
    services: Sequence[str]
    answers: dict[str, dict[str, Any]]
    """Point -> what the accredited application says; never that of the bank."""
    tariffs: Sequence[TariffRow]


PUBLIC_POINTS = (Point.USER_CONTROL, Point.BOARD, Point.COMPLAINTS)


def register(session: Session, on: date, provider_id: uuid.UUID | None = None) -> list[Listed]:
    """Return the providers that are accredited or suspended on a day, by name."""
    query = (
        select(ProviderRow, AccreditationRow)
        .join(AccreditationRow, col(AccreditationRow.provider_id) == col(ProviderRow.id))
        .where(
            col(AccreditationRow.state).in_(criteria.GRANTED),
            col(AccreditationRow.valid_from) <= on,
            col(AccreditationRow.valid_to) >= on,
        )
        .order_by(col(ProviderRow.name), col(AccreditationRow.valid_to))
    )
    if provider_id is not None:
        query = query.where(ProviderRow.id == provider_id)
    newest = {provider.id: (provider, row) for provider, row in session.exec(query).all()}
    return [_listed(session, provider, row, on) for provider, row in newest.values()]


def _listed(session: Session, provider: ProviderRow, row: AccreditationRow, on: date) -> Listed:
    known = evidence(session, row.id)
    return Listed(
        provider=provider,
        accreditation=row,
        services=services_of(session, row.id),
        answers={one: known[one].answers for one in PUBLIC_POINTS if one in known},
        tariffs=tariffs_on(tariffs(session, provider.id), on),
    )


def is_accredited(session: Session, provider_id: uuid.UUID, service: str, on: date) -> bool:
    """Say whether a provider may take vouchers for a service on a day.

    Not on the days of a suspension, lifted or not; what was redeemed before stays accredited. Until
    its last day an accreditation counts that has expired since.
    """
    query = (
        select(AccreditationRow)
        .join(
            AccreditationServiceRow,
            col(AccreditationServiceRow.accreditation_id) == col(AccreditationRow.id),
        )
        .where(
            AccreditationRow.provider_id == provider_id,
            AccreditationServiceRow.service == service,
            col(AccreditationRow.valid_from) <= on,
            col(AccreditationRow.valid_to) >= on,
            col(AccreditationRow.state).in_((*criteria.GRANTED, State.ENDED, State.EXPIRED)),
        )
    )
    suspended = (
        select(SuspensionRow.id)
        .where(
            SuspensionRow.accreditation_id == AccreditationRow.id,
            col(SuspensionRow.first_on) <= on,
            col(SuspensionRow.lifted_on).is_(None) | (col(SuspensionRow.lifted_on) > on),
        )
        .exists()
    )
    return any(
        (row.suspended_on is None or on < row.suspended_on)
        and (row.ended_on is None or on <= row.ended_on)
        for row in session.exec(query.where(~suspended)).all()
    )
