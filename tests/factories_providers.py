"""Providers for tests: in any state, with people and evidence that meets every point."""

import uuid
from datetime import date, timedelta
from typing import Any

import factories
from sqlmodel import Session

from app import clock
from app.accounts.models import AccountRow
from app.db import run_tx
from app.policy import Actor
from app.providers.criteria import Point, State
from app.providers.models import (
    AccreditationRow,
    AccreditationServiceRow,
    EvidenceRow,
    Judgement,
    ProviderBankRow,
    ProviderPersonRow,
    ProviderRole,
    ProviderRow,
    TariffRow,
)

IBAN = "ES9121000418450200051332"


def actor_of(account: AccountRow, *roles: str) -> Actor:
    return Actor(account.id, account.name, frozenset(roles), "full", clock.now())


def evidence(today: date) -> dict[Point, dict[str, Any]]:
    """Answers that meet every point on that day."""
    recent = (today - timedelta(days=30)).isoformat()
    return {
        Point.USER_CONTROL: {
            "form": "assembly",
            "clause": "Art. 12 of the statutes",
            "in_force_on": "2020-01-01",
            "minutes_on": recent,
        },
        Point.BOARD: {"total": 7, "user_members": 4, "non_members": 1},
        Point.RESERVE: {"signed_on": recent},
        Point.OPEN_BOOKS: {"signed_on": recent},
        Point.COMPLAINTS: {
            "route": "Write to the complaints officer.",
            "answer_days": 14,
            "outside_body": "Ombudsman of the region",
        },
        Point.LICENCES: {
            "licences": "Home care licence 17",
            "insurance": "Mutua del Valle, policy 9",
            "guarding": "All staff are checked every year.",
        },
        Point.TARIFFS: {},
        Point.BANK: {
            "iban": IBAN,
            "legal_name": "Cuidados del Valle S.Coop.",
            "street_name": "Calle Mayor",
            "building_number": "3",
            "postcode": "40001",
            "town": "Valdeagua",
            "country": "ES",
        },
    }


def make_provider(
    state: State = State.ACCREDITED,
    *,
    name: str = "Cuidados del Valle",
    kind: str = "cooperative",
    manager: AccountRow | None = None,
    services: tuple[str, ...] = ("home-care",),
    judged: bool = True,
    today: date | None = None,
    **profile: Any,
) -> tuple[ProviderRow, AccreditationRow]:
    """A provider in a state, as the services would have made it; needs a database."""
    today = today or clock.now().date()
    manager = manager or factories.make_account()
    granted = state in (State.ACCREDITED, State.SUSPENDED, State.ENDED)
    assessor, decider, civil, government = (factories.make_account("clerk") for _ in range(4))
    provider = ProviderRow(name=name, kind=kind, created_at=clock.now(), **profile)
    row = AccreditationRow(
        provider_id=provider.id,
        state=state,
        created_at=clock.now(),
        submitted_at=None if state == State.DRAFT else clock.now(),
        submitted_by=None if state == State.DRAFT else manager.id,
        assessed_by=assessor.id if state not in (State.DRAFT, State.SUBMITTED) else None,
        decided_by=decider.id if granted else None,
        granted=True if granted else None,
        confirmed_civil_by=civil.id if granted else None,
        confirmed_government_by=government.id if granted else None,
        valid_from=today - timedelta(days=30) if granted else None,
        valid_to=today + timedelta(days=300) if granted else None,
        suspended_on=today if state == State.SUSPENDED else None,
        ended_on=today if state == State.ENDED else None,
    )

    def add(session: Session) -> None:
        session.add(provider)
        session.flush()
        session.add_all([row, person(provider.id, manager.id)])
        session.flush()
        session.add_all(
            AccreditationServiceRow(accreditation_id=row.id, service=one) for one in services
        )
        session.add_all(
            EvidenceRow(
                accreditation_id=row.id,
                point=point,
                answers=answers,
                judgement=Judgement.MET if judged else Judgement.OPEN,
            )
            for point, answers in evidence(today).items()
        )
        session.add_all(
            TariffRow(
                provider_id=provider.id,
                service=one,
                unit="hour",
                amount_minor=1_600,
                valid_from=today - timedelta(days=60),
            )
            for one in services
        )
        if granted:
            session.add(bank_row(provider.id, manager.id, decider.id, today))

    run_tx(add)
    return provider, row


def person(
    provider_id: uuid.UUID, account_id: uuid.UUID, role: str = ProviderRole.MANAGER
) -> ProviderPersonRow:
    return ProviderPersonRow(
        provider_id=provider_id, account_id=account_id, role=role, since=clock.now()
    )


def bank_row(
    provider_id: uuid.UUID, asked_by: uuid.UUID, confirmed_by: uuid.UUID, today: date
) -> ProviderBankRow:
    return ProviderBankRow(
        provider_id=provider_id,
        **evidence(today)[Point.BANK],
        asked_by=asked_by,
        asked_at=clock.now(),
        confirmed_by=confirmed_by,
        effective_at=clock.now(),
    )
