"""Proving what must always hold in the ledger, from the transfers and nothing else.

Each invariant returns a sentence that names the first row against it. Features above the ledger
add theirs by `@invariant`. Source: section 3 of the specification of vouchers.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from app.db import engine
from app.ledger import sealing

Check = Callable[[Session], str | None]
_checks: dict[str, Check] = {}


@dataclass(frozen=True)
class Finding:
    """One invariant, and the first row against it; None: it holds."""

    name: str
    offence: str | None


def invariant(name: str) -> Callable[[Check], Check]:
    """Declare a function that returns a sentence about the first offending row, or None."""

    def declare(check: Check) -> Check:
        _checks[name] = check
        return check

    return declare


def check_all(session: Session) -> list[Finding]:
    """Check every declared invariant on what this session sees."""
    if not engine.is_sqlite():
        session.execute(text("SET LOCAL statement_timeout = 0"))
    return [Finding(name, check(session)) for name, check in _checks.items()]


def first(session: Session, query: str, sentence: str) -> str | None:
    """Return `sentence` filled with the columns of the query's first row; None without a row."""
    row = session.execute(text(query)).mappings().first()
    return None if row is None else sentence.format(**row)


_SUMS = """
    WITH moved AS (
        SELECT account_id, SUM(amount) AS total FROM (
            SELECT credit_id AS account_id, amount_minor AS amount FROM transfer
            UNION ALL SELECT debit_id, -amount_minor FROM transfer
        ) AS movement GROUP BY account_id
    ),
    summed AS (
        SELECT a.id, a.kind, a.unit, a.floor_minor, a.balance_minor,
            COALESCE(m.total, 0) AS total
        FROM ledger_account a LEFT JOIN moved m ON m.account_id = a.id
    )
"""


@invariant("balances")
def balances(session: Session) -> str | None:
    """What is stored equals the sum of the transfers, and no floor is passed."""
    return first(
        session,
        f"{_SUMS} SELECT * FROM summed "  # noqa: S608 (own text)
        "WHERE balance_minor <> total OR total < floor_minor ORDER BY id LIMIT 1",
        "account {id} ({kind}) stores {balance_minor} {unit}, its transfers sum to {total}, "
        "its floor is {floor_minor}",
    )


@invariant("zero sum")
def zero_sum(session: Session) -> str | None:
    """What is stored, with what is summed where nothing is stored, adds up to zero per unit."""
    return first(
        session,
        f"{_SUMS} SELECT unit, SUM(COALESCE(balance_minor, total)) AS total FROM summed "  # noqa: S608 (own text)
        "GROUP BY unit HAVING SUM(COALESCE(balance_minor, total)) <> 0 ORDER BY unit LIMIT 1",
        "the balances in {unit} add up to {total}, not to zero",
    )


@invariant("paths")
def paths(session: Session) -> str | None:
    """Kind and unit of each transfer are those of its accounts, by a path that a rule allows."""
    return first(
        session,
        """
        SELECT t.id, t.kind, t.debit_kind, t.credit_kind, t.unit, t.amount_minor FROM transfer t
        LEFT JOIN ledger_account d ON d.id = t.debit_id AND d.kind = t.debit_kind
            AND d.unit = t.unit
        LEFT JOIN ledger_account c ON c.id = t.credit_id AND c.kind = t.credit_kind
            AND c.unit = t.unit
        LEFT JOIN transfer_rule r ON r.kind = t.kind AND r.debit_kind = t.debit_kind
            AND r.credit_kind = t.credit_kind
        WHERE d.id IS NULL OR c.id IS NULL OR r.kind IS NULL OR t.amount_minor <= 0
            OR t.amount_minor <> CAST(t.amount_minor AS BIGINT) OR t.debit_id = t.credit_id
            OR (t.credit_kind = 'PAID' AND t.kind <> 'SETTLE')
        ORDER BY t.id LIMIT 1
        """,
        "transfer {id}: {kind} of {amount_minor} {unit} from {debit_kind} to {credit_kind} "
        "fits no rule, or not its accounts",
    )


@invariant("reversals")
def reversals(session: Session) -> str | None:
    """What cites a transfer takes back no more than it moved, from the account that it credited."""
    return first(
        session,
        """
        SELECT r.reverses_id AS id, SUM(r.amount_minor) AS taken, MAX(o.amount_minor) AS moved
        FROM transfer r LEFT JOIN transfer o ON o.id = r.reverses_id
        WHERE r.reverses_id IS NOT NULL
        GROUP BY r.reverses_id
        HAVING MAX(o.amount_minor) IS NULL OR SUM(r.amount_minor) > MAX(o.amount_minor)
            OR SUM(CASE WHEN r.debit_id = o.credit_id THEN 0 ELSE 1 END) > 0
        ORDER BY r.reverses_id LIMIT 1
        """,
        "transfer {id} moved {moved}, but {taken} of it is reversed, or from another account",
    )


@invariant("holds")
def holds(session: Session) -> str | None:
    """A pending hold has its whole amount on its account, one that has ended has nothing."""
    return first(
        session,
        """
        SELECT h.id, h.status, h.amount_minor, a.balance_minor, a.kind
        FROM hold h JOIN ledger_account a ON a.id = h.account_id
        WHERE a.kind <> 'HOLD' OR a.balance_minor <>
            CASE WHEN h.status = 'pending' THEN h.amount_minor ELSE 0 END
        ORDER BY h.id LIMIT 1
        """,
        "hold {id} of {amount_minor} is {status}, its account ({kind}) has {balance_minor}",
    )


@invariant("answers")
def answers(session: Session) -> str | None:
    """Every key that is stored has its answer: both are written in one transaction."""
    return first(
        session,
        "SELECT actor, key FROM idempotency WHERE status IS NULL OR response IS NULL "
        "ORDER BY actor, key LIMIT 1",
        "key {key} of {actor} has no answer",
    )


@invariant("seals")
def seals(session: Session) -> str | None:
    """No sealed transfer was changed, added or removed since, and no seal."""
    broken = sealing.first_broken(session)
    return None if broken is None else f"seal {broken.seal_no} {broken.why}"
