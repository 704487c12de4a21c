"""A programme's accounts, as most tests of the ledger need them."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session

from app.db import read_tx, run_tx
from app.ledger import service
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.models import TransferRow

_K = AccountKind


@dataclass(frozen=True)
class Town:
    subject: uuid.UUID
    treasury: uuid.UUID
    fund: uuid.UUID
    reserve: uuid.UUID
    cover: uuid.UUID
    pool: uuid.UUID
    provider: uuid.UUID
    fees: uuid.UUID
    paid: uuid.UUID


def open_town(*, cover_minor: int = 0) -> Town:
    """Open one account of each kind, for one programme and one provider."""
    return run_tx(lambda session: _open(session, cover_minor))


def _open(session: Session, cover_minor: int) -> Town:
    subject = uuid.uuid4()
    party = service.open_party(session, "provider")
    kinds = (_K.TREASURY, _K.FUND, _K.RESERVE, _K.COVER, _K.POOL, _K.PROVIDER, _K.FEES, _K.PAID)
    opened = [
        service.account(
            session,
            kind,
            subject_id=subject,
            party_id=party if kind is _K.PROVIDER else None,
            floor_minor=-cover_minor if kind is _K.COVER else None,
        )
        for kind in kinds
    ]
    return Town(subject, *opened)


def move(
    kind: TransferKind,
    debit: uuid.UUID,
    credit: uuid.UUID,
    amount_minor: int,
    *,
    event_id: uuid.UUID | None = None,
    reverses_id: uuid.UUID | None = None,
) -> TransferRow:
    """Post in a transaction of its own."""
    event = event_id or uuid.uuid4()
    return run_tx(
        lambda session: service.post(
            session, kind, debit, credit, amount_minor, event_id=event, reverses_id=reverses_id
        )
    )


def open_voucher(town: Town) -> uuid.UUID:
    return run_tx(
        lambda session: service.open_account(session, _K.VOUCHER, subject_id=town.subject)
    )


def funded_voucher(town: Town, amount_minor: int) -> uuid.UUID:
    """Appropriate, promise and issue an amount; returns the voucher's account."""
    voucher = open_voucher(town)
    move(TransferKind.APPROPRIATE, town.treasury, town.fund, amount_minor)
    move(TransferKind.RESERVE, town.fund, town.reserve, amount_minor)
    move(TransferKind.ISSUE, town.reserve, voucher, amount_minor)
    return voucher


def balance(account_id: uuid.UUID) -> int:
    return read_tx(lambda session: service.balance_minor(session, account_id))
