"""Many movements of one kind in one transaction: issuing and settling a whole town."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from app.db import bulk, engine, moment
from app.db.types import uuid7
from app.ledger.accounts import CHUNK
from app.ledger.entries import MANY, TransferKind, lock_rank
from app.ledger.errors import ForbiddenPathError, InsufficientError, LedgerError, MixedUnitsError
from app.ledger.models import ACCOUNTS, RULES, TRANSFERS
from app.ledger.service import check_amount
from app.ledger.statements import CHANGE_BALANCE, CHANGE_BALANCES, LOCK_IN_ORDER


class Move(NamedTuple):
    """One movement of a batch; see `app.ledger.service.post`."""

    debit: uuid.UUID
    credit: uuid.UUID
    amount_minor: int
    event_id: uuid.UUID
    reference: str = ""


class _Side(NamedTuple):
    kind: str
    unit: str
    stored: bool


def post_many(
    session: Session, kind: TransferKind, moves: Iterable[Move], *, actor: str = ""
) -> int:
    """Post all `moves` or none; returns their number. `moves` may be a generator of any length.

    What vouchers and holds have is changed with every thousand moves, what all share (the
    reserve, the pool) once at the end: the order of locks is that of `post`, and memory stays
    flat. Raises InsufficientError when one account would pass its floor, and as `post` does what
    can never be right; the caller's transaction has to end then. An event that was posted before
    is refused by the database. Not for reversals.
    """
    if kind is TransferKind.REVERSE:
        raise LedgerError("a REVERSE is posted one by one")
    paths = _paths(session, kind)
    shared: dict[tuple[str, uuid.UUID], int] = defaultdict(int)
    number = 0
    for chunk in _chunks(moves):
        sides = _sides(session, chunk)
        now = {"actor": actor, "posted_at": moment.now(session)}
        rows = [_row(kind, move, sides, paths) | now for move in chunk]
        own = _changes(chunk, sides, shared)
        _change_all(session, own)
        bulk.insert_many(session, TRANSFERS, rows)
        number += len(rows)
    _change_all(session, shared)
    return number


def _chunks(moves: Iterable[Move]) -> Iterator[list[Move]]:
    rest = iter(moves)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _paths(session: Session, kind: str) -> frozenset[tuple[str, str]]:
    query = select(RULES.c.debit_kind, RULES.c.credit_kind).where(RULES.c.kind == kind)
    return frozenset((row.debit_kind, row.credit_kind) for row in session.execute(query))


def _sides(session: Session, chunk: list[Move]) -> dict[uuid.UUID, _Side]:
    wanted = {account for move in chunk for account in (move.debit, move.credit)}
    columns = (ACCOUNTS.c.id, ACCOUNTS.c.kind, ACCOUNTS.c.unit, ACCOUNTS.c.floor_minor)
    rows = session.execute(select(*columns).where(ACCOUNTS.c.id.in_(wanted)))
    return {row.id: _Side(row.kind, row.unit, row.floor_minor is not None) for row in rows}


def _row(
    kind: TransferKind,
    move: Move,
    sides: dict[uuid.UUID, _Side],
    paths: frozenset[tuple[str, str]],
) -> dict[str, Any]:
    check_amount(move.amount_minor)
    if move.debit not in sides or move.credit not in sides:
        raise LedgerError(f"{kind}: no account {move.debit} or no account {move.credit}")
    debit, credit = sides[move.debit], sides[move.credit]
    if (debit.kind, credit.kind) not in paths or move.debit == move.credit:
        raise ForbiddenPathError(f"{kind} does not lead from {debit.kind} to {credit.kind}")
    if debit.unit != credit.unit:
        raise MixedUnitsError(f"{kind}: {debit.unit} to {credit.unit}")
    return {
        "id": uuid7(),
        "event_id": move.event_id,
        "kind": str(kind),
        "debit_id": move.debit,
        "debit_kind": debit.kind,
        "credit_id": move.credit,
        "credit_kind": credit.kind,
        "unit": debit.unit,
        "amount_minor": move.amount_minor,
        "reference": move.reference,
        "reverses_id": None,
    }


def _changes(
    chunk: list[Move],
    sides: dict[uuid.UUID, _Side],
    shared: dict[tuple[str, uuid.UUID], int],
) -> dict[tuple[str, uuid.UUID], int]:
    """Return what changes now; what waits for the end is added to `shared`."""
    own: dict[tuple[str, uuid.UUID], int] = defaultdict(int)
    for move in chunk:
        for account_id, change in (
            (move.debit, -move.amount_minor),
            (move.credit, move.amount_minor),
        ):
            side = sides[account_id]
            if side.stored:
                changed = own if side.kind in MANY else shared
                changed[side.kind, account_id] += change
    return own


def _change_all(session: Session, changes: dict[tuple[str, uuid.UUID], int]) -> None:
    """Add to stored balances in the order of locks. Raises InsufficientError."""
    if not changes:
        return
    in_order = sorted(changes, key=lambda one: (lock_rank(one[0]), one[1]))
    wanted = [{"account": one[1], "change": changes[one]} for one in in_order]
    if engine.is_sqlite():
        done = session.connection().execute(CHANGE_BALANCE, wanted).rowcount
    else:
        done = _change_at_once(session, wanted)
    if done != len(in_order):
        raise InsufficientError


def _change_at_once(session: Session, wanted: list[dict[str, Any]]) -> int:
    """Lock the accounts in the order given, then change all; returns how many were changed."""
    lists = {
        "accounts": [one["account"] for one in wanted],
        "changes": [one["change"] for one in wanted],
    }
    connection = session.connection()
    connection.execute(LOCK_IN_ORDER, {"accounts": lists["accounts"]})
    return int(connection.execute(CHANGE_BALANCES, lists).rowcount)
