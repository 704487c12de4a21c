"""Vouchers for tests: handed over and full, with a provider that may take them."""

import json
import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from factories import make_account
from factories_providers import make_provider
from sqlmodel import Session

from app import clock
from app.db import read_tx, run_tx
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.once import Answer
from app.policy import Actor
from app.programmes.models import ProgrammeRow
from app.providers.criteria import State as ProviderState
from app.vouchers import issuing
from app.vouchers.issuing import Issued
from app.vouchers.models import ResidentRow, VoucherRow
from app.vouchers.redeeming import Charge, Till, redeem
from app.vouchers.rules import Carrier, State

STARTS = date(2027, 1, 1)
EXPIRES = date(2027, 12, 31)


@dataclass(frozen=True)
class Held:
    """A voucher with what its holder knows."""

    id: uuid.UUID
    account_id: uuid.UUID
    code: str
    pin: str

    def charge(self, amount_minor: int, **other: Any) -> Charge:
        return replace(Charge(self.code, "home-care", amount_minor, self.pin), **other)


def make_till(state: ProviderState = ProviderState.ACCREDITED, **values: Any) -> Till:
    provider, _ = make_provider(state, **values)
    party_id = run_tx(lambda session: ledger.open_party(session, "provider"))
    return Till(provider.id, party_id, f"device/{uuid.uuid4().hex[:8]}")


def make_programme_row(reserve_minor: int = 10_000_000) -> uuid.UUID:
    """A programme with so much promised."""
    row = ProgrammeRow(
        slug=f"care-{uuid.uuid4().hex[:8]}",
        name="Care at home",
        starts_on=STARTS,
        ends_on=EXPIRES,
        created_at=clock.now(),
    )
    event = uuid.uuid4()
    kinds = (AccountKind.TREASURY, AccountKind.FUND, AccountKind.RESERVE)

    def add(session: Session) -> None:
        session.add(row)
        session.flush()
        treasury, fund, reserve = (ledger.account(session, k, subject_id=row.id) for k in kinds)
        for kind, source, target in (
            (TransferKind.APPROPRIATE, treasury, fund),
            (TransferKind.RESERVE, fund, reserve),
        ):
            ledger.post(session, kind, source, target, reserve_minor, event_id=event)

    run_tx(add)
    return row.id


def issue(
    value_minor: int,
    carrier: Carrier = Carrier.PAPER,
    *,
    programme_id: uuid.UUID | None = None,
    register_number: str = "",
    expires_on: date = EXPIRES,
) -> Issued:
    programme = programme_id or make_programme_row()
    number = register_number or uuid.uuid4().hex
    return run_tx(
        lambda session: issuing.issue(
            session,
            issuing.resident(session, number),
            programme_id=programme,
            value_minor=value_minor,
            services=("home-care",),
            starts_on=STARTS,
            expires_on=expires_on,
            carrier=carrier,
        )
    )


def make_voucher(value_minor: int = 10_000, carrier: Carrier = Carrier.PAPER, **more: Any) -> Held:
    """A voucher that was handed over."""
    issued = issue(value_minor, carrier, **more)
    run_tx(lambda session: issuing.activate(session, issued.voucher.id, actor="desk"))
    return Held(issued.voucher.id, issued.voucher.account_id, issued.code, issued.pin or "")


def put(voucher_id: uuid.UUID, **values: Any) -> None:
    """Change a voucher's row past all services."""

    def change(session: Session) -> None:
        row = session.get_one(VoucherRow, voucher_id)
        row.sqlmodel_update(values)
        session.add(row)

    run_tx(change)


def stop(held: Held, state: State) -> None:
    put(held.id, state=state)


def stored(held: Held) -> VoucherRow:
    return read_tx(lambda session: session.get_one(VoucherRow, held.id))


def own(held: Held, account_id: uuid.UUID | None = None) -> Actor:
    """Let an account (a new one, if none is named) be proven to be the holder; who acts then."""
    holder = account_id or make_account(name="Carmen").id

    def prove(session: Session) -> None:
        voucher = session.get_one(VoucherRow, held.id)
        resident = session.get_one(ResidentRow, voucher.resident_id)
        resident.account_id = holder
        session.add(resident)

    run_tx(prove)
    return Actor(account_id=holder, level="link")


def left_minor(held: Held) -> int:
    return read_tx(lambda session: ledger.balance_minor(session, held.account_id))


def pay(till: Till, charge: Charge, key: str = "") -> Answer:
    return redeem(till, charge, key=key or uuid.uuid4().hex)


def outcome(answer: Answer) -> str:
    return str(json.loads(answer.body)["outcome"])
