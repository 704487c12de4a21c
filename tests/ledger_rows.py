"""Rows in every table of the ledger, for tests of revisions: its foreign keys span columns."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from app.ledger.models import ACCOUNTS, HOLDS, IDEMPOTENCY, PARTIES, SEALS, TRANSFERS

TABLES = (
    "ledger_unit",
    "account_kind",
    "transfer_rule",
    "party",
    "ledger_account",
    "transfer",
    "hold",
    "idempotency",
    "ledger_seal",
)
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


def fill(connection: Connection, number: int) -> dict[str, list[Any]]:
    """Write rows; returns the keys that tables of other features may point at."""
    numbers = range(1, number + 1)
    parties = [uuid.UUID(int=n) for n in numbers]
    connection.execute(insert(PARTIES), [{"id": one, "sort": "resident"} for one in parties])
    vouchers = [_account(connection, n, "VOUCHER", 100) for n in numbers]
    holds = [_account(connection, 1_000 + n, "HOLD", 10) for n in numbers]
    moves = [_hold_transfer(n, *ids) for n, *ids in zip(numbers, vouchers, holds, strict=True)]
    connection.execute(insert(TRANSFERS), moves)
    connection.execute(
        insert(HOLDS),
        [
            {"id": to, "account_id": to, "voucher_id": voucher, "amount_minor": 10}
            | {"status": "pending", "ends_at": NOON}
            for voucher, to in zip(vouchers, holds, strict=True)
        ],
    )
    connection.execute(
        insert(IDEMPOTENCY),
        [
            {"actor": "till", "key": str(n), "body_sha256": bytes(32), "created_at": NOON}
            for n in numbers
        ],
    )
    connection.execute(
        insert(SEALS),
        [
            {"seal_no": n, "until_at": NOON, "count": 0, "rows_sha256": "", "head_sha256": ""}
            for n in numbers
        ],
    )
    return {
        "party.id": parties,
        "ledger_account.id": vouchers,
        "transfer.id": [move["id"] for move in moves],
        "hold.id": holds,
    }


def _account(connection: Connection, number: int, kind: str, balance_minor: int) -> uuid.UUID:
    identifier = uuid.UUID(int=number)
    connection.execute(
        insert(ACCOUNTS).values(
            id=identifier,
            kind=kind,
            floor_rule="zero",
            unit="EUR",
            floor_minor=0,
            balance_minor=balance_minor,
        )
    )
    return identifier


def _hold_transfer(number: int, debit: uuid.UUID, credit: uuid.UUID) -> dict[str, Any]:
    return {
        "id": uuid.UUID(int=number),
        "event_id": uuid.UUID(int=number),
        "kind": "HOLD",
        "debit_id": debit,
        "debit_kind": "VOUCHER",
        "credit_id": credit,
        "credit_kind": "HOLD",
        "unit": "EUR",
        "amount_minor": 10,
        "reference": "",
        "actor": "",
        "posted_at": NOON,
    }
