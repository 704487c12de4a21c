"""Delegations for tests: somebody who acts for the holder of a voucher of 100.00."""

import uuid
from dataclasses import dataclass

import factories
from factories_vouchers import Held, make_voucher
from sqlmodel import Session

from app.accounts.models import AccountRow
from app.db import run_tx
from app.delegation import naming
from app.delegation.rules import Power
from app.policy import Actor
from app.vouchers.models import ResidentRow, VoucherRow
from app.vouchers.rules import Carrier


def as_actor(account: AccountRow) -> Actor:
    return Actor(account.id, account.name, frozenset(), "link")


@dataclass(frozen=True)
class Pair:
    """A holder, the delegate, and what joins them."""

    holder: AccountRow
    delegate: AccountRow
    held: Held
    id: uuid.UUID


def holder_of(held: Held, name: str = "Carmen") -> AccountRow:
    """An account whose person has proven to be the holder of this voucher."""
    account = factories.make_account(name=name)

    def prove(session: Session) -> None:
        row = session.get_one(ResidentRow, session.get_one(VoucherRow, held.id).resident_id)
        row.account_id = account.id
        session.add(row)

    run_tx(prove)
    return account


def make_delegation(
    holder: AccountRow, *powers: Power, provider_id: uuid.UUID | None = None
) -> uuid.UUID:
    """A delegation that nobody has accepted yet."""

    def make(session: Session) -> uuid.UUID:
        row = naming.begin(session, as_actor(holder), label="My Rosa", provider_id=provider_id)
        naming.choose_powers(session, as_actor(holder), row.id, powers)
        return row.id

    return run_tx(make)


def make_pair(*powers: Power, carrier: Carrier = Carrier.PHONE) -> Pair:
    """Rosa has accepted to act for Carmen. Within a request: the days are those of the town."""
    held = make_voucher(10_000, carrier)
    holder, delegate = holder_of(held), factories.make_account(name="Rosa")
    made = make_delegation(holder, *powers)
    code = run_tx(lambda session: naming.make_own_code(session, as_actor(holder), made))
    naming.accept(as_actor(delegate), code)
    return Pair(holder, delegate, held, made)
