"""The tables of settlement: see `app/settlement/models.py`."""

import sqlalchemy as sa
from alembic import op

revision = "0007_settlement"
down_revision = "0006_entitlements"
branch_labels = None
depends_on = None

TABLES = (
    "settlement_payer",
    "settlement_batch",
    "settlement_line",
    "settlement_item",
    "settlement_dispute",
)
FIXED = {
    "settlement_payer": "name, iban, street_name, building_number, postcode, town, country",
    "settlement_batch": "programme_id, cut_off_at, prepared_by",
    "settlement_line": "batch_id, provider_id, bank_id, gross_minor, again_minor, "
    "owed_back_minor, fee_basis_points, fee_minor, pay_minor, item_count",
    "settlement_item": "line_id, redemption_id, amount_minor",
    "settlement_dispute": "redemption_id, side, reason, raised_by, raised_at",
}
"""What of a row never changes; no row of these tables is deleted."""


def upgrade() -> None:
    op.create_table(
        "settlement_payer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("street_name", sa.String(length=70), nullable=False),
        sa.Column("building_number", sa.String(length=16), nullable=False),
        sa.Column("postcode", sa.String(length=16), nullable=False),
        sa.Column("town", sa.String(length=35), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_settlement_payer_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_payer")),
    )
    op.create_table(
        "settlement_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("lines_sha256", sa.String(length=64), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_taken_by", sa.Uuid(), nullable=True),
        sa.Column("second_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pays_on", sa.Date(), nullable=True),
        sa.Column("bank_minor", sa.BigInteger(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'booked') = (bank_minor IS NOT NULL)", name=op.f("ck_settlement_batch_booked")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'frozen', 'released', 'exported', 'booked', 'withdrawn')",
            name=op.f("ck_settlement_batch_state"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'frozen', 'withdrawn') OR released_at IS NOT NULL",
            name=op.f("ck_settlement_batch_released"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR frozen_at IS NOT NULL",
            name=op.f("ck_settlement_batch_frozen"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('exported', 'booked') OR taken_at IS NOT NULL",
            name=op.f("ck_settlement_batch_taken"),
        ),
        sa.CheckConstraint(
            "released_by <> frozen_by", name=op.f("ck_settlement_batch_another_than_froze")
        ),
        sa.CheckConstraint(
            "released_by <> prepared_by", name=op.f("ck_settlement_batch_two_people")
        ),
        sa.CheckConstraint(
            "second_taken_by <> taken_by", name=op.f("ck_settlement_batch_two_takers")
        ),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_settlement_batch_total")),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["account.id"], name=op.f("fk_settlement_batch_frozen_by")
        ),
        sa.ForeignKeyConstraint(
            ["payer_id"], ["settlement_payer.id"], name=op.f("fk_settlement_batch_payer_id")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["account.id"], name=op.f("fk_settlement_batch_prepared_by")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_settlement_batch_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["account.id"], name=op.f("fk_settlement_batch_released_by")
        ),
        sa.ForeignKeyConstraint(
            ["second_taken_by"], ["account.id"], name=op.f("fk_settlement_batch_second_taken_by")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["account.id"], name=op.f("fk_settlement_batch_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_batch")),
    )
    op.create_index(
        op.f("ix_settlement_batch_programme_id"), "settlement_batch", ["programme_id"], unique=False
    )
    op.create_index(
        "uq_settlement_batch_under_way",
        "settlement_batch",
        ["programme_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'frozen')"),
        postgresql_where=sa.text("state IN ('draft', 'frozen')"),
    )
    op.create_table(
        "settlement_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("bank_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("unpaid", sa.String(length=10), nullable=True),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("again_minor", sa.BigInteger(), nullable=False),
        sa.Column("owed_back_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_basis_points", sa.Integer(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("pay_minor", sa.BigInteger(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("returned_why", sa.String(length=200), nullable=False),
        sa.Column("again_in_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'carried') = (unpaid IS NOT NULL)", name=op.f("ck_settlement_line_why")
        ),
        sa.CheckConstraint(
            "state = 'carried' OR (pay_minor > 0 AND bank_id IS NOT NULL)",
            name=op.f("ck_settlement_line_payable"),
        ),
        sa.CheckConstraint(
            "state IN ('carried', 'due', 'booked', 'returned')",
            name=op.f("ck_settlement_line_state"),
        ),
        sa.CheckConstraint(
            "unpaid IN ('small', 'owes', 'no_bank', 'bad_iban')",
            name=op.f("ck_settlement_line_unpaid"),
        ),
        sa.CheckConstraint(
            "gross_minor >= 0 AND again_minor >= 0 AND owed_back_minor >= 0 AND fee_minor >= 0",
            name=op.f("ck_settlement_line_parts"),
        ),
        sa.CheckConstraint(
            "pay_minor = gross_minor + again_minor - owed_back_minor - fee_minor",
            name=op.f("ck_settlement_line_sum"),
        ),
        sa.ForeignKeyConstraint(
            ["again_in_id"], ["settlement_line.id"], name=op.f("fk_settlement_line_again_in_id")
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["provider_bank.id"], name=op.f("fk_settlement_line_bank_id")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["settlement_batch.id"], name=op.f("fk_settlement_line_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_settlement_line_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_line")),
        sa.UniqueConstraint(
            "batch_id", "provider_id", name=op.f("uq_settlement_line_batch_id_provider_id")
        ),
    )
    op.create_index(
        op.f("ix_settlement_line_again_in_id"), "settlement_line", ["again_in_id"], unique=False
    )
    op.create_index(
        op.f("ix_settlement_line_provider_id"), "settlement_line", ["provider_id"], unique=False
    )
    op.create_table(
        "settlement_dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("back_minor", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_settlement_dispute_decided")
        ),
        sa.CheckConstraint(
            "(state = 'upheld') = (back_minor IS NOT NULL)",
            name=op.f("ck_settlement_dispute_upheld"),
        ),
        sa.CheckConstraint(
            "side IN ('holder', 'provider')", name=op.f("ck_settlement_dispute_side")
        ),
        sa.CheckConstraint(
            "state = 'open' OR decided_by IS NOT NULL", name=op.f("ck_settlement_dispute_decider")
        ),
        sa.CheckConstraint(
            "state = 'withdrawn' OR decided_by <> raised_by",
            name=op.f("ck_settlement_dispute_two_people"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'upheld', 'rejected', 'withdrawn')",
            name=op.f("ck_settlement_dispute_state"),
        ),
        sa.CheckConstraint("back_minor > 0", name=op.f("ck_settlement_dispute_back")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_settlement_dispute_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by"], ["account.id"], name=op.f("fk_settlement_dispute_raised_by")
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemption.id"], name=op.f("fk_settlement_dispute_redemption_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_dispute")),
    )
    op.create_index(
        op.f("ix_settlement_dispute_redemption_id"),
        "settlement_dispute",
        ["redemption_id"],
        unique=False,
    )
    op.create_index(
        "uq_settlement_dispute_open",
        "settlement_dispute",
        ["redemption_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "settlement_item",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_settlement_item_amount")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["settlement_line.id"], name=op.f("fk_settlement_item_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemption.id"], name=op.f("fk_settlement_item_redemption_id")
        ),
        sa.PrimaryKeyConstraint("line_id", "redemption_id", name=op.f("pk_settlement_item")),
    )
    op.create_index(
        "uq_settlement_item_live",
        "settlement_item",
        ["redemption_id"],
        unique=True,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    _guard()


def _guard() -> None:
    for table, columns in FIXED.items():
        for name, act in (("kept", "DELETE"), ("fixed", f"UPDATE OF {columns}")):
            if op.get_bind().dialect.name == "postgresql":
                op.execute(
                    f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION minga_insert_only()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
                )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
