"""An organisation's own side: applying point by point, its people, its tariffs, its profile."""

import uuid
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.accounts import queries as accounts
from app.errors import ConflictError, InvalidError, NotFoundError
from app.policy import Actor, account_of, fetch
from app.providers import checking, criteria, queries
from app.providers.criteria import Point, State
from app.providers.models import (
    AccreditationRow,
    AccreditationServiceRow,
    EvidenceFileRow,
    EvidenceRow,
    Judgement,
    ProviderPersonRow,
    ProviderRole,
    ProviderRow,
    TariffRow,
)
from app.providers.service import MovedOnError, hold, move

ORGANISATIONS_MAX = 10
FILES_MAX = 40


def begin(
    session: Session, actor: Actor, provider_id: uuid.UUID, *, name: str, kind: str
) -> ProviderRow:
    """Begin an organisation with a draft; its id came with the form, so pressing twice is once."""
    if session.get(ProviderRow, provider_id) is not None:
        return fetch(session, actor, ProviderRow, provider_id)
    account_id = account_of(actor)
    if len(queries.of_person(session, account_id)) >= ORGANISATIONS_MAX:
        raise ConflictError(
            lazy(
                "You act for %(number)d organisations, which is the most for one person. "
                "Ask a colleague to apply for this one.",
                number=ORGANISATIONS_MAX,
            )
        )
    provider = ProviderRow(id=provider_id, name=name, kind=kind, created_at=clock.now())
    session.add(provider)
    session.flush()
    session.add(
        ProviderPersonRow(
            provider_id=provider.id,
            account_id=account_id,
            role=ProviderRole.MANAGER,
            since=clock.now(),
        )
    )
    _draft(session, provider.id)
    return provider


def renew(session: Session, actor: Actor, provider_id: uuid.UUID) -> AccreditationRow:
    """Begin the next application with the answers of the last; dates must be shown anew.

    Raises ConflictError while one is under way.
    """
    fetch(session, actor, ProviderRow, provider_id)
    past = queries.accreditations(session, provider_id)
    if past and past[0].state in criteria.UNDER_WAY:
        raise ConflictError(lazy("An application is already under way. Go on with that one."))
    row = _draft(session, provider_id)
    if past:
        for service in queries.services_of(session, past[0].id):
            session.add(AccreditationServiceRow(accreditation_id=row.id, service=service))
        for point, old in queries.evidence(session, past[0].id).items():
            session.add(
                EvidenceRow(accreditation_id=row.id, point=point, answers=dict(old.answers))
            )
    return row


def _draft(session: Session, provider_id: uuid.UUID) -> AccreditationRow:
    row = AccreditationRow(provider_id=provider_id, created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def current(session: Session, provider_id: uuid.UUID) -> AccreditationRow:
    """Return the newest application of a provider; there always is one."""
    return queries.accreditations(session, provider_id)[0]


def _hold_editable(session: Session, actor: Actor, provider_id: uuid.UUID) -> AccreditationRow:
    fetch(session, actor, ProviderRow, provider_id)
    row = hold(session, current(session, provider_id).id)
    if row.state not in criteria.EDITABLE:
        raise MovedOnError
    return row


def choose_services(
    session: Session, actor: Actor, provider_id: uuid.UUID, services: list[str]
) -> None:
    row = _hold_editable(session, actor, provider_id)
    old = select(AccreditationServiceRow).where(AccreditationServiceRow.accreditation_id == row.id)
    for one in session.exec(old).all():
        session.delete(one)
    session.flush()
    for service in services:
        session.add(AccreditationServiceRow(accreditation_id=row.id, service=service))


def answer(
    session: Session,
    actor: Actor,
    provider_id: uuid.UUID,
    point: Point,
    answers: dict[str, Any],
    file: EvidenceFileRow | None = None,
) -> None:
    """Keep what is said on a point, and a file with it; what the assessor found is open again."""
    row = _hold_editable(session, actor, provider_id)
    kept = session.get(EvidenceRow, (row.id, point)) or EvidenceRow(
        accreditation_id=row.id, point=point
    )
    kept.answers, kept.judgement = answers, Judgement.OPEN
    session.add(kept)
    if file is not None:
        if len(queries.files(session, row.id)) >= FILES_MAX:
            raise InvalidError(
                lazy(
                    "This application has %(number)d files, the most it can have.", number=FILES_MAX
                )
            )
        file.accreditation_id = row.id
        session.add(file)
    session.flush()


def submit(session: Session, actor: Actor, provider_id: uuid.UUID, text: str = "") -> None:
    """Send the application, or the answer to a question. Pressing twice is once.

    Raises InvalidError while a point is not met as far as figures and dates tell.
    """
    fetch(session, actor, ProviderRow, provider_id)
    row = hold(session, current(session, provider_id).id)
    if row.state not in criteria.EDITABLE:
        return
    if not checking.is_complete(session, row):
        raise InvalidError(
            lazy(
                "Some points are not met yet, so the application was not sent. "
                "Open the points that are marked, then send it."
            )
        )
    again = row.state == State.MORE_INFORMATION
    row.submitted_by = account_of(actor)
    row.submitted_at = row.submitted_at or clock.now()
    move(session, actor, row, State.IN_REVIEW if again else State.SUBMITTED, text)


def describe(
    session: Session,
    actor: Actor,
    provider_id: uuid.UUID,
    *,
    about: str,
    area_ids: list[str],
    languages: list[str],
    accessibility: list[str],
) -> None:
    """Change what the register tells people who look for help."""
    row = fetch(session, actor, ProviderRow, provider_id)
    row.about, row.area_ids = about, area_ids
    row.languages, row.accessibility = languages, accessibility
    row.version += 1
    session.add(row)


def set_tariff(
    session: Session,
    actor: Actor,
    provider_id: uuid.UUID,
    *,
    service: str,
    unit: str,
    amount_minor: int,
    valid_from: date,
) -> None:
    """Set what a unit costs from a day on; a day that is over keeps what it had."""
    fetch(session, actor, ProviderRow, provider_id)
    there = session.exec(
        select(TariffRow).where(
            TariffRow.provider_id == provider_id,
            TariffRow.service == service,
            TariffRow.unit == unit,
            TariffRow.valid_from == valid_from,
        )
    ).first()
    row = there or TariffRow(
        provider_id=provider_id,
        service=service,
        unit=unit,
        amount_minor=amount_minor,
        valid_from=valid_from,
    )
    row.amount_minor = amount_minor
    session.add(row)


def add_person(
    session: Session, actor: Actor, provider_id: uuid.UUID, *, email: str, role: str
) -> None:
    """Let somebody who has an account, and no role of the staff, act for the provider."""
    fetch(session, actor, ProviderRow, provider_id)
    person = accounts.by_email(session, email)
    if person is None or person.disabled_at is not None:
        raise InvalidError(
            lazy(
                "Nobody has an account with this address. "
                "Ask your colleague to open one first, then enter the address again."
            )
        )
    if accounts.roles(session, person.id):
        # Who is named here decides no more about the organisation: an applicant could name all.
        raise InvalidError(
            lazy(
                "This person works for the town, which decides about organisations. "
                "Somebody else has to act for yours."
            )
        )
    row = session.get(ProviderPersonRow, (provider_id, person.id)) or ProviderPersonRow(
        provider_id=provider_id, account_id=person.id, role=role, since=clock.now()
    )
    if row.role == ProviderRole.MANAGER and role != ProviderRole.MANAGER and row.ended_at is None:
        _keep_a_manager(session, provider_id, person.id)
    row.role, row.ended_at = role, None
    session.add(row)


def remove_person(
    session: Session, actor: Actor, provider_id: uuid.UUID, account_id: uuid.UUID
) -> None:
    """End somebody's work for the provider; the last manager stays."""
    fetch(session, actor, ProviderRow, provider_id)
    row = session.get(ProviderPersonRow, (provider_id, account_id))
    if row is None:
        raise NotFoundError(lazy("This person does not act for your organisation."))
    _keep_a_manager(session, provider_id, account_id)
    row.ended_at = row.ended_at or clock.now()
    session.add(row)


def _keep_a_manager(session: Session, provider_id: uuid.UUID, leaving: uuid.UUID) -> None:
    # The provider's row is the lock: two managers who remove each other come one by one.
    session.exec(select(ProviderRow).where(ProviderRow.id == provider_id).with_for_update()).one()
    managers = select(ProviderPersonRow.account_id).where(
        ProviderPersonRow.provider_id == provider_id,
        ProviderPersonRow.role == ProviderRole.MANAGER,
        col(ProviderPersonRow.ended_at).is_(None),
    )
    if set(session.exec(managers).all()) <= {leaving}:
        raise ConflictError(lazy("This is the last manager. Make somebody else a manager first."))
