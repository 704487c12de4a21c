"""Moving money: one conditional UPDATE per stored balance, and the transfer, in one transaction.

Every function works in the session that it is given, so that what the movement belongs to is
written with it or not at all. Source: section 3 of the specification of vouchers.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from app import clock
from app.db import engine
from app.db.types import uuid7
from app.ledger import queries, statements
from app.ledger.accounts import account, open_account, open_accounts, open_party, open_unit
from app.ledger.entries import TransferKind, lock_rank
from app.ledger.errors import (
    EventReusedError,
    ForbiddenPathError,
    InsufficientError,
    LedgerError,
    MixedUnitsError,
    OverReversedError,
)
from app.ledger.models import ACCOUNTS, TransferRow
from app.ledger.queries import balance_minor

__all__ = [
    "account",
    "balance_minor",
    "check_amount",
    "open_account",
    "open_accounts",
    "open_party",
    "open_unit",
    "post",
    "set_floor",
]


def post(
    session: Session,
    kind: TransferKind,
    debit: uuid.UUID,
    credit: uuid.UUID,
    amount_minor: int,
    *,
    event_id: uuid.UUID,
    reference: str = "",
    actor: str = "",
    reverses_id: uuid.UUID | None = None,
) -> TransferRow:
    """Move `amount_minor` from one account to the other and return the transfer.

    The same movement of the same event again changes nothing: the transfer that is there comes
    back. Raises InsufficientError when the debited account would fall below its floor; it may be
    caught, nothing was moved. Raises ForbiddenPathError, MixedUnitsError, EventReusedError,
    OverReversedError or LedgerError for what can never be right.
    """
    check_amount(amount_minor)
    path = _path(session, kind, debit, credit, event_id)
    if path.there is not None:
        return _the_same(path.there, amount_minor)
    if reverses_id is not None:
        _lock_reversal(session, reverses_id, debit)
        path = _path(session, kind, debit, credit, event_id)
        if path.there is not None:
            return _the_same(path.there, amount_minor)
        _check_reversal(session, reverses_id, debit, amount_minor)
    elif kind is TransferKind.REVERSE:
        raise LedgerError("a REVERSE cites the transfer that it takes back")
    _change_balances(session, path, amount_minor)
    row: dict[str, Any] = {
        "id": uuid7(),
        "event_id": event_id,
        "kind": str(kind),
        "debit_id": debit,
        "debit_kind": path.debit.kind,
        "credit_id": credit,
        "credit_kind": path.credit.kind,
        "unit": path.debit.unit,
        "amount_minor": amount_minor,
        "reference": reference,
        "actor": actor,
        "reverses_id": reverses_id,
    }
    row["posted_at"] = _insert(session, row)
    return TransferRow(**row)


def set_floor(session: Session, account_id: uuid.UUID, floor_minor: int) -> None:
    """Change the floor of an account that has its own (COVER: minus the adopted limit).

    Raises InsufficientError if the balance lies below the new floor already.
    """
    changed = session.connection().execute(
        update(ACCOUNTS)
        .where(
            ACCOUNTS.c.id == account_id,
            ACCOUNTS.c.floor_rule == "set",
            ACCOUNTS.c.balance_minor >= floor_minor,
        )
        .values(floor_minor=floor_minor)
    )
    if changed.rowcount != 1:
        raise InsufficientError


def _insert(session: Session, row: dict[str, Any]) -> datetime:
    """Write a transfer; returns the instant of posting, by the database's clock."""
    if engine.is_sqlite() or not clock.is_system():
        written = session.connection().execute(statements.POST_AT, row | {"posted_at": clock.now()})
    else:
        written = session.connection().execute(statements.POST_NOW, row)
    at: datetime = written.scalar_one()
    return at


@dataclass(frozen=True)
class _Side:
    id: uuid.UUID
    kind: str
    unit: str
    stored: bool

    @property
    def lock_order(self) -> tuple[int, uuid.UUID]:
        return lock_rank(self.kind), self.id


@dataclass(frozen=True)
class _Path:
    debit: _Side
    credit: _Side
    there: TransferRow | None
    """The same movement of the same event, if it was posted before."""


def _path(
    session: Session, kind: str, debit: uuid.UUID, credit: uuid.UUID, event_id: uuid.UUID
) -> _Path:
    """Look both accounts, the rule and an earlier posting up, in one query."""
    if debit == credit:
        raise ForbiddenPathError(f"{kind}: both accounts are {debit}")
    wanted = {"kind": str(kind), "debit": debit, "credit": credit, "event": event_id}
    found = session.connection().execute(statements.PATH, wanted).one_or_none()
    if found is None:
        raise LedgerError(f"{kind}: no account {debit} or no account {credit}")
    out_kind, out_unit, out_floor, in_kind, in_unit, in_floor, rule, there = found
    if rule is None:
        raise ForbiddenPathError(f"{kind} does not lead from {out_kind} to {in_kind}")
    if out_unit != in_unit:
        raise MixedUnitsError(f"{kind}: {out_unit} to {in_unit}")
    return _Path(
        _Side(debit, out_kind, out_unit, out_floor is not None),
        _Side(credit, in_kind, in_unit, in_floor is not None),
        None if there is None else queries.transfer(session, there),
    )


def _the_same(there: TransferRow, amount_minor: int) -> TransferRow:
    if there.amount_minor != amount_minor:
        raise EventReusedError(
            f"event {there.event_id} has moved {there.amount_minor}, not {amount_minor}"
        )
    return there


def check_amount(amount_minor: int) -> None:
    """Raise LedgerError unless this is a whole number above zero."""
    if type(amount_minor) is not int or amount_minor <= 0:
        raise LedgerError(f"an amount is a whole number above zero, not {amount_minor!r}")


def _lock_reversal(session: Session, reverses_id: uuid.UUID, debit: uuid.UUID) -> None:
    """Wait for other reversals of the same transfer: they all touch its debited account."""
    original = queries.transfer(session, reverses_id)
    if original is None or original.credit_id != debit:
        raise OverReversedError(f"transfer {reverses_id} did not credit the account {debit}")
    session.connection().execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.id == original.debit_id)
        .values(balance_minor=ACCOUNTS.c.balance_minor)
    )


def _check_reversal(
    session: Session, reverses_id: uuid.UUID, debit: uuid.UUID, amount_minor: int
) -> None:
    original = queries.transfer(session, reverses_id)
    if original is None or original.credit_id != debit:
        raise OverReversedError(f"transfer {reverses_id} did not credit the account {debit}")
    taken = queries.reversed_minor(session, reverses_id) + amount_minor
    if taken > original.amount_minor:
        raise OverReversedError(
            f"{taken} of transfer {reverses_id} would be reversed, it moved {original.amount_minor}"
        )


def _change_balances(session: Session, path: _Path, amount_minor: int) -> None:
    """Change what is stored in the order of locks. Raises InsufficientError, nothing changed."""
    both = ((path.debit, -amount_minor), (path.credit, amount_minor))
    changes = [(side, change) for side, change in both if side.stored]
    changes.sort(key=lambda one: one[0].lock_order)
    done: list[tuple[_Side, int]] = []
    for side, change in changes:
        if not _change(session, side.id, change):
            for earlier, made in done:
                _change(session, earlier.id, -made)
            raise InsufficientError
        done.append((side, change))


def _change(session: Session, account_id: uuid.UUID, change_minor: int) -> bool:
    """Add to a stored balance unless that would pass the floor; say whether it was done."""
    values = {"account": account_id, "change": change_minor}
    return session.connection().execute(statements.CHANGE_BALANCE, values).rowcount == 1
