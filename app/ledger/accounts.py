"""Opening parties and accounts."""

import uuid
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.db import bulk, engine
from app.db.types import uuid7
from app.ledger import sealing
from app.ledger.entries import EURO, FLOORS, MANY, AccountKind, FloorRule
from app.ledger.errors import LedgerError
from app.ledger.models import ACCOUNTS, PARTIES, UNITS

CHUNK = 1_000


def open_unit(session: Session, unit: str) -> None:
    """Make `unit` something that accounts may count; again changes nothing."""
    _insert_new(session, UNITS, {"unit": unit})


def open_party(session: Session, sort: str) -> uuid.UUID:
    """Make somebody who may have accounts. `sort` is for reading only: resident, provider, town."""
    party_id = uuid.uuid4()
    session.execute(insert(PARTIES).values(id=party_id, sort=sort))
    return party_id


def account(
    session: Session,
    kind: AccountKind,
    *,
    unit: str = EURO,
    party_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    floor_minor: int | None = None,
) -> uuid.UUID:
    """Find or open the one account of this kind, unit, party and subject.

    `floor_minor`, zero or below, is for kinds whose accounts have their own floor (COVER: minus
    the adopted limit) and counts only when the account is opened. Raises LedgerError for kinds
    with an account per voucher or hold: these are opened by `open_account`.
    """
    if kind in MANY:
        raise LedgerError(f"there are many accounts of kind {kind}: open one by open_account")
    sole_key = f"{kind}/{unit}/{_hex(party_id)}/{_hex(subject_id)}"
    find = select(ACCOUNTS.c.id).where(ACCOUNTS.c.sole_key == sole_key)
    found: uuid.UUID | None = session.execute(find).scalar_one_or_none()
    if found is None:
        row = _row(kind, unit, party_id, subject_id, floor_minor) | {"sole_key": sole_key}
        _insert_new(session, ACCOUNTS, row)
        if kind is AccountKind.TREASURY:
            sealing.plan(session)  # from the first public money on, every night
        return uuid.UUID(str(session.execute(find).scalar_one()))
    return found


def open_account(
    session: Session,
    kind: AccountKind,
    *,
    unit: str = EURO,
    party_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Open a new account for one voucher or one hold."""
    return open_accounts(session, kind, party_ids=[party_id], unit=unit, subject_id=subject_id)[0]


def open_accounts(
    session: Session,
    kind: AccountKind,
    *,
    party_ids: list[uuid.UUID | None],
    unit: str = EURO,
    subject_id: uuid.UUID | None = None,
) -> list[uuid.UUID]:
    """Open an account for each party, in their order; for issuing many vouchers at once."""
    if kind not in MANY:
        raise LedgerError(f"there is one account of kind {kind}: find it by account")
    rows = [_row(kind, unit, party_id, subject_id, None) for party_id in party_ids]
    for start in range(0, len(rows), CHUNK):
        bulk.insert_many(session, ACCOUNTS, rows[start : start + CHUNK])
    return [row["id"] for row in rows]


def _row(
    kind: AccountKind,
    unit: str,
    party_id: uuid.UUID | None,
    subject_id: uuid.UUID | None,
    floor_minor: int | None,
) -> dict[str, Any]:
    rule = FLOORS[kind]
    if rule is not FloorRule.SET and floor_minor is not None:
        raise LedgerError(f"accounts of kind {kind} have no floor of their own")
    if rule is FloorRule.SET and (floor_minor is None or floor_minor > 0):
        raise LedgerError(f"an account of kind {kind} needs a floor of zero or below")
    floored = rule is not FloorRule.NONE
    return {
        "id": uuid7(),
        "kind": kind.value,
        "floor_rule": rule.value,
        "unit": unit,
        "party_id": party_id,
        "subject_id": subject_id,
        "sole_key": None,
        "floor_minor": (floor_minor or 0) if floored else None,
        "balance_minor": 0 if floored else None,
    }


def _insert_new(session: Session, table: Table, row: dict[str, Any]) -> None:
    """Insert a row unless it is there; a transaction that is just inserting it is waited for."""
    dialect = sqlite if engine.is_sqlite() else postgresql
    session.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())


def _hex(identifier: uuid.UUID | None) -> str:
    return "-" if identifier is None else identifier.hex
