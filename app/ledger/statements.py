"""The statements of a spend, built once: putting them together takes longer than running them."""

from sqlalchemy import and_, bindparam, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from app.ledger.models import ACCOUNTS, IDEMPOTENCY, RULES, TRANSFERS

_out, _into = ACCOUNTS.alias("debited"), ACCOUNTS.alias("credited")

PATH = (
    select(
        *(_out.c.kind, _out.c.unit, _out.c.floor_minor),
        *(_into.c.kind, _into.c.unit, _into.c.floor_minor),
        *(RULES.c.kind, TRANSFERS.c.id),
    )
    .select_from(_out)
    .join(_into, _into.c.id == bindparam("credit"))
    .outerjoin(
        RULES,
        and_(
            RULES.c.kind == bindparam("kind"),
            RULES.c.debit_kind == _out.c.kind,
            RULES.c.credit_kind == _into.c.kind,
        ),
    )
    .outerjoin(
        TRANSFERS,
        and_(
            TRANSFERS.c.event_id == bindparam("event"),
            TRANSFERS.c.kind == bindparam("kind"),
            TRANSFERS.c.debit_id == bindparam("debit"),
            TRANSFERS.c.credit_id == bindparam("credit"),
        ),
    )
    .where(_out.c.id == bindparam("debit"))
)
"""Both accounts, the rule between them, and the same movement if it was posted before."""

_balance = ACCOUNTS.c.balance_minor + bindparam("change")
CHANGE_BALANCE = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("account"), _balance >= ACCOUNTS.c.floor_minor)
    .values(balance_minor=_balance)
)
"""Add `change` to what is stored, unless that would pass the floor: then no row is changed."""

LOCK_IN_ORDER = text(
    "SELECT 1 FROM ledger_account AS a "
    "JOIN unnest(CAST(:accounts AS uuid[])) WITH ORDINALITY AS w (id, place) ON w.id = a.id "
    "ORDER BY w.place FOR UPDATE OF a"
)
"""PostgreSQL: hold many accounts, one after the other in the order of the list."""

CHANGE_BALANCES = text(
    "UPDATE ledger_account AS a SET balance_minor = a.balance_minor + w.change "
    "FROM unnest(CAST(:accounts AS uuid[]), CAST(:changes AS bigint[])) AS w (id, change) "
    "WHERE a.id = w.id AND a.balance_minor + w.change >= a.floor_minor"
)
"""PostgreSQL: `CHANGE_BALANCE` for many accounts, each named once."""

_clock = func.clock_timestamp()
POST_AT = insert(TRANSFERS).returning(TRANSFERS.c.posted_at)
POST_NOW = insert(TRANSFERS).values(posted_at=_clock).returning(TRANSFERS.c.posted_at)

_key = IDEMPOTENCY.c.key
CLAIM_SQLITE = sqlite.insert(IDEMPOTENCY).on_conflict_do_nothing().returning(_key)
CLAIM_AT = postgresql.insert(IDEMPOTENCY).on_conflict_do_nothing().returning(_key)
CLAIM_NOW = CLAIM_AT.values(created_at=_clock)

_of_key = (IDEMPOTENCY.c.actor == bindparam("by"), _key == bindparam("under"))
ANSWER = (
    update(IDEMPOTENCY)
    .where(*_of_key)
    .values(status=bindparam("answered"), response=bindparam("bytes"))
)
ANSWERED = select(IDEMPOTENCY.c.body_sha256, IDEMPOTENCY.c.status, IDEMPOTENCY.c.response).where(
    *_of_key
)
