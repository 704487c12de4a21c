"""People with vouchers by the dozen, for open books: where they live, what they got and spent."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import factories
from factories_programmes import make_programme
from factories_providers import make_provider
from factories_vouchers import EXPIRES, STARTS, pay
from sqlmodel import Session

from app import clock
from app.db import run_tx
from app.entitlements.models import ApplicationRow, EntitlementRow
from app.entitlements.rules import State
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.providers.criteria import State as ProviderState
from app.providers.service import party_of
from app.vouchers import issuing
from app.vouchers.redeeming import Charge, Till
from app.vouchers.rules import Carrier

TUESDAY = datetime(2027, 3, 9, 10, tzinfo=UTC)
"""The week before that of the fixture `noon`, so that its books hold what happened then."""
_number = iter(range(1_000_000))


def make_open_programme(name: str = "Care at home") -> ProgrammeRow:
    return make_programme(ProgrammeState.OPEN, name=name)


def make_counter(name: str) -> Till:
    """The till of an accredited provider, which the ledger pays."""
    provider, _accreditation = make_provider(ProviderState.ACCREDITED, name=name)
    party_id = run_tx(lambda session: party_of(session, provider.id))
    return Till(provider.id, party_id, f"device/{uuid.uuid4().hex[:8]}")


def give(
    programme: ProgrammeRow,
    people: int,
    *,
    value_minor: int = 2_000,
    area_id: uuid.UUID | None = None,
) -> list[Charge]:
    """Promise and hand over a voucher to each of so many people; returns what opens each."""
    account = factories.make_account()
    return run_tx(
        lambda s: [_give(s, programme, account.id, value_minor, area_id) for _ in range(people)]
    )


def spend(till: Till, codes: list[Charge], amount_minor: int) -> None:
    for one in codes:
        pay(till, replace(one, amount_minor=amount_minor))


def _give(
    session: Session,
    programme: ProgrammeRow,
    account_id: uuid.UUID,
    value_minor: int,
    area_id: uuid.UUID | None,
) -> Charge:
    fund, reserve = (
        ledger.account(session, kind, subject_id=programme.id)
        for kind in (AccountKind.FUND, AccountKind.RESERVE)
    )
    ledger.post(session, TransferKind.RESERVE, fund, reserve, value_minor, event_id=uuid.uuid4())
    person = issuing.resident(session, f"books-{next(_number)}")
    application = ApplicationRow(
        programme_id=programme.id,
        resident_id=person.id,
        account_id=account_id,
        area_id=area_id,
        state=State.DECIDED,
        decided_by=account_id,
        granted=True,
        created_at=clock.now(),
    )
    session.add(application)
    session.flush()
    session.add(
        EntitlementRow(
            application_id=application.id,
            resident_id=person.id,
            programme_id=programme.id,
            starts_on=STARTS,
            ends_on=EXPIRES,
            value_minor=value_minor,
            parameter_sha256="0" * 64,
            carrier=Carrier.PAPER,
            granted_at=clock.now(),
        )
    )
    made = issuing.issue(
        session,
        person,
        programme_id=programme.id,
        value_minor=value_minor,
        services=("home-care",),
        starts_on=STARTS,
        expires_on=EXPIRES,
        carrier=Carrier.PAPER,
    )
    issuing.activate(session, made.voucher.id, actor="desk")
    return Charge(made.code, "home-care", 1, made.pin or "")
