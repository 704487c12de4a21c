"""The tables of the ledger: see `app/ledger/models.py`.

Kinds of accounts and the paths between them are rows, written here; a further kind is a row of a
later revision. Transfers and seals are insert-only, also for a program error and for somebody at
the database's own prompt.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_ledger"
down_revision = "0001_round"
branch_labels = None
depends_on = None

KINDS = (
    ("TREASURY", "none"),
    ("FUND", "zero"),
    ("RESERVE", "zero"),
    ("COVER", "set"),
    ("VOUCHER", "zero"),
    ("HOLD", "zero"),
    ("POOL", "zero"),
    ("PROVIDER", "none"),
    ("FEES", "zero"),
    ("PAID", "none"),
)
RULES = (
    ("APPROPRIATE", "TREASURY", "FUND"),
    ("RESERVE", "FUND", "RESERVE"),
    ("COVER", "COVER", "RESERVE"),
    ("ISSUE", "RESERVE", "VOUCHER"),
    ("REDEEM", "VOUCHER", "PROVIDER"),
    ("HOLD", "VOUCHER", "HOLD"),
    ("CAPTURE", "HOLD", "PROVIDER"),
    ("RELEASE", "HOLD", "VOUCHER"),
    ("REVERSE", "PROVIDER", "VOUCHER"),
    ("REPLACE", "VOUCHER", "VOUCHER"),
    ("DONATE", "VOUCHER", "POOL"),
    ("GRANT", "POOL", "VOUCHER"),
    ("EXPIRE", "VOUCHER", "COVER"),
    ("EXPIRE", "VOUCHER", "POOL"),
    ("LAPSE", "RESERVE", "COVER"),
    ("LAPSE", "RESERVE", "FUND"),
    ("FEE", "PROVIDER", "FEES"),
    ("SETTLE", "PROVIDER", "PAID"),
    ("SETTLE_RETURN", "PAID", "PROVIDER"),
    ("CLOSE", "FUND", "TREASURY"),
    ("CLOSE", "FEES", "TREASURY"),
)


def upgrade() -> None:
    op.create_table(
        "ledger_unit",
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_ledger_unit")),
    )
    op.create_table(
        "account_kind",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("floor_rule", sa.String(length=4), nullable=False),
        sa.CheckConstraint(
            "floor_rule IN ('none', 'zero', 'set')", name=op.f("ck_account_kind_floor_rule")
        ),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_account_kind")),
        sa.UniqueConstraint("kind", "floor_rule", name=op.f("uq_account_kind_kind_floor_rule")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_table(
        "transfer_rule",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("debit_kind", sa.String(length=20), nullable=False),
        sa.Column("credit_kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "credit_kind <> 'PAID' OR kind = 'SETTLE'",
            name=op.f("ck_transfer_rule_only_settle_pays"),
        ),
        sa.ForeignKeyConstraint(
            ["credit_kind"], ["account_kind.kind"], name=op.f("fk_transfer_rule_credit_kind")
        ),
        sa.ForeignKeyConstraint(
            ["debit_kind"], ["account_kind.kind"], name=op.f("fk_transfer_rule_debit_kind")
        ),
        sa.PrimaryKeyConstraint("kind", "debit_kind", "credit_kind", name=op.f("pk_transfer_rule")),
    )
    op.create_table(
        "ledger_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("floor_rule", sa.String(length=4), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("sole_key", sa.String(length=120), nullable=True),
        sa.Column("floor_minor", sa.BigInteger(), nullable=True),
        sa.Column("balance_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(floor_rule = 'none') = (floor_minor IS NULL)",
            name=op.f("ck_ledger_account_floor_stated"),
        ),
        sa.CheckConstraint(
            "floor_rule <> 'zero' OR floor_minor = 0", name=op.f("ck_ledger_account_floor_zero")
        ),
        sa.CheckConstraint(
            "(floor_minor IS NULL) = (balance_minor IS NULL)",
            name=op.f("ck_ledger_account_balance_stored"),
        ),
        sa.CheckConstraint(
            "balance_minor = CAST(balance_minor AS BIGINT)",
            name=op.f("ck_ledger_account_balance_minor_whole"),
        ),
        sa.CheckConstraint("balance_minor >= floor_minor", name=op.f("ck_ledger_account_floor")),
        sa.CheckConstraint("floor_minor <= 0", name=op.f("ck_ledger_account_floor_sign")),
        sa.CheckConstraint(
            "floor_minor = CAST(floor_minor AS BIGINT)",
            name=op.f("ck_ledger_account_floor_minor_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["kind", "floor_rule"],
            ["account_kind.kind", "account_kind.floor_rule"],
            name=op.f("fk_ledger_account_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_ledger_account_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit"], ["ledger_unit.unit"], name=op.f("fk_ledger_account_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("id", "kind", "unit", name=op.f("uq_ledger_account_id_kind_unit")),
        sa.UniqueConstraint("sole_key", name=op.f("uq_ledger_account_sole_key")),
    )
    op.create_index(
        op.f("ix_ledger_account_party_id"), "ledger_account", ["party_id"], unique=False
    )
    op.create_index(
        op.f("ix_ledger_account_subject_id"), "ledger_account", ["subject_id"], unique=False
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("debit_id", sa.Uuid(), nullable=False),
        sa.Column("debit_kind", sa.String(length=20), nullable=False),
        sa.Column("credit_id", sa.Uuid(), nullable=False),
        sa.Column("credit_kind", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'REVERSE' OR reverses_id IS NOT NULL", name=op.f("ck_transfer_reverse_cites")
        ),
        sa.CheckConstraint(
            "amount_minor = CAST(amount_minor AS BIGINT)",
            name=op.f("ck_transfer_amount_minor_whole"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_transfer_amount")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_transfer_two_accounts")),
        sa.ForeignKeyConstraint(
            ["credit_id", "credit_kind", "unit"],
            ["ledger_account.id", "ledger_account.kind", "ledger_account.unit"],
            name=op.f("fk_transfer_credit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["debit_id", "debit_kind", "unit"],
            ["ledger_account.id", "ledger_account.kind", "ledger_account.unit"],
            name=op.f("fk_transfer_debit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["kind", "debit_kind", "credit_kind"],
            ["transfer_rule.kind", "transfer_rule.debit_kind", "transfer_rule.credit_kind"],
            name=op.f("fk_transfer_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["transfer.id"], name=op.f("fk_transfer_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint(
            "event_id",
            "kind",
            "debit_id",
            "credit_id",
            name=op.f("uq_transfer_event_id_kind_debit_id_credit_id"),
        ),
    )
    op.create_index(op.f("ix_transfer_credit_id"), "transfer", ["credit_id"], unique=False)
    op.create_index(op.f("ix_transfer_debit_id"), "transfer", ["debit_id"], unique=False)
    op.create_index("ix_transfer_posted_at_id", "transfer", ["posted_at", "id"], unique=False)
    op.create_index(op.f("ix_transfer_reverses_id"), "transfer", ["reverses_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'captured', 'released', 'timed_out')",
            name=op.f("ck_hold_status"),
        ),
        sa.CheckConstraint(
            "amount_minor = CAST(amount_minor AS BIGINT)", name=op.f("ck_hold_amount_minor_whole")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_hold_amount")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_hold_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["ledger_account.id"], name=op.f("fk_hold_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("account_id", name=op.f("uq_hold_account_id")),
    )
    op.create_index(op.f("ix_hold_ends_at"), "hold", ["ends_at"], unique=False)
    op.create_index(op.f("ix_hold_voucher_id"), "hold", ["voucher_id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("response", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "ledger_seal",
        sa.Column("seal_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("rows_sha256", sa.String(length=64), nullable=False),
        sa.Column("head_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seal_no", name=op.f("pk_ledger_seal")),
    )
    _add_rows()
    if op.get_bind().dialect.name == "sqlite":
        _add_sqlite_guards()
    else:
        _add_postgresql_guards()


def downgrade() -> None:
    for table in (
        "ledger_seal",
        "idempotency",
        "hold",
        "transfer",
        "ledger_account",
        "transfer_rule",
        "party",
        "account_kind",
        "ledger_unit",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION minga_answered()")


SAME_MOVEMENT = (
    "event_id = NEW.event_id AND kind = NEW.kind AND debit_id = NEW.debit_id "
    "AND credit_id = NEW.credit_id"
)
INSERT_ONLY = (
    ("transfer", ("id = NEW.id", SAME_MOVEMENT)),
    ("ledger_seal", ("seal_no = NEW.seal_no",)),
)
"""Tables, and when a row that is to be written is there already."""


def _add_rows() -> None:
    text = sa.String()
    op.bulk_insert(sa.table("ledger_unit", sa.column("unit", text)), [{"unit": "EUR"}])
    op.bulk_insert(
        sa.table("account_kind", sa.column("kind", text), sa.column("floor_rule", text)),
        [{"kind": kind, "floor_rule": rule} for kind, rule in KINDS],
    )
    op.bulk_insert(
        sa.table(
            "transfer_rule",
            sa.column("kind", text),
            sa.column("debit_kind", text),
            sa.column("credit_kind", text),
        ),
        [{"kind": kind, "debit_kind": out, "credit_kind": into} for kind, out, into in RULES],
    )


def _add_sqlite_guards() -> None:
    for table, there in INSERT_ONLY:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
        # INSERT OR REPLACE deletes without the trigger above, unless a connection asks for it.
        # One query for each key, so that each is looked up in its index.
        found = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in there)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {found} {refuse}"
        )
    op.execute(
        "CREATE TRIGGER idempotency_answered BEFORE UPDATE ON idempotency "
        "WHEN OLD.status IS NOT NULL BEGIN SELECT RAISE(ABORT, 'what was answered stays'); END"
    )


def _add_postgresql_guards() -> None:
    for table, _there in INSERT_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION minga_insert_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION minga_insert_only()"
        )
    op.execute(
        "CREATE FUNCTION minga_answered() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what was answered stays'; END $$"
    )
    op.execute(
        "CREATE TRIGGER idempotency_answered BEFORE UPDATE ON idempotency FOR EACH ROW "
        "WHEN (OLD.status IS NOT NULL) EXECUTE FUNCTION minga_answered()"
    )
