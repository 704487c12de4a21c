"""The tables of entitlements: see `app/entitlements/models.py`."""

import sqlalchemy as sa
from alembic import op

revision = "0006_entitlements"
down_revision = "0005_vouchers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("channel IN ('desk', 'post')", name=op.f("ck_identity_proof_channel")),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by IS NULL)", name=op.f("ck_identity_proof_used")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_identity_proof_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_identity_proof_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["used_by"], ["account.id"], name=op.f("fk_identity_proof_used_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_proof")),
    )
    op.create_index(
        op.f("ix_identity_proof_resident_id"), "identity_proof", ["resident_id"], unique=False
    )
    op.create_table(
        "care_application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("income_kind", sa.String(length=8), nullable=True),
        sa.Column("income_minor", sa.BigInteger(), nullable=True),
        sa.Column("shown_at_desk", sa.Boolean(), nullable=False),
        sa.Column("carrier", sa.String(length=5), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("arithmetic", sa.Text(), nullable=False),
        sa.Column("parameter_sha256", sa.String(length=64), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "carrier IN ('paper', 'phone')", name=op.f("ck_care_application_carrier")
        ),
        sa.CheckConstraint(
            "income_kind IN ('none', 'declared', 'verified')",
            name=op.f("ck_care_application_income_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR decided_by IS NOT NULL", name=op.f("ck_care_application_decided")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'in_review', 'question', 'proposed', 'decided', 'withdrawn')",
            name=op.f("ck_care_application_state"),
        ),
        sa.CheckConstraint(
            "confirmed_by <> decided_by", name=op.f("ck_care_application_two_people")
        ),
        sa.CheckConstraint("income_minor >= 0", name=op.f("ck_care_application_income")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_care_application_account_id")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_care_application_area_id")),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["account.id"], name=op.f("fk_care_application_assigned_to")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_care_application_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_care_application_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_care_application_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_application_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_application")),
    )
    op.create_index(
        op.f("ix_care_application_account_id"), "care_application", ["account_id"], unique=False
    )
    op.create_index(
        op.f("ix_care_application_decided_at"), "care_application", ["decided_at"], unique=False
    )
    op.create_index(
        op.f("ix_care_application_programme_id"), "care_application", ["programme_id"], unique=False
    )
    op.create_index(
        "uq_care_application_under_way",
        "care_application",
        ["resident_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'sent', 'in_review', 'question', 'proposed')"),
        postgresql_where=sa.text("state IN ('draft', 'sent', 'in_review', 'question', 'proposed')"),
    )
    op.create_table(
        "issue_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pins_printed_by", sa.Uuid(), nullable=True),
        sa.Column("pins_printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_issue_batch_number")),
        sa.CheckConstraint("pins_printed_by <> printed_by", name=op.f("ck_issue_batch_apart")),
        sa.CheckConstraint("released_by <> prepared_by", name=op.f("ck_issue_batch_two_people")),
        sa.ForeignKeyConstraint(
            ["pins_printed_by"], ["account.id"], name=op.f("fk_issue_batch_pins_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["account.id"], name=op.f("fk_issue_batch_prepared_by")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["account.id"], name=op.f("fk_issue_batch_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_issue_batch_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["account.id"], name=op.f("fk_issue_batch_released_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch")),
    )
    op.create_index(
        op.f("ix_issue_batch_programme_id"), "issue_batch", ["programme_id"], unique=False
    )
    op.create_table(
        "care_appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_care_appeal_answered")
        ),
        sa.CheckConstraint(
            "answered_by <> confirmed_by", name=op.f("ck_care_appeal_uninvolved_second")
        ),
        sa.CheckConstraint("answered_by <> decided_by", name=op.f("ck_care_appeal_uninvolved")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_care_appeal_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["care_application.id"], name=op.f("fk_care_appeal_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_care_appeal_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_care_appeal_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_appeal")),
        sa.UniqueConstraint("application_id", name=op.f("uq_care_appeal_application_id")),
    )
    op.create_table(
        "care_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_care_file_size")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["care_application.id"], name=op.f("fk_care_file_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_file")),
    )
    op.create_index(
        op.f("ix_care_file_application_id"), "care_file", ["application_id"], unique=False
    )
    op.create_table(
        "care_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.CheckConstraint("age >= 0", name=op.f("ck_care_member_age")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["care_application.id"], name=op.f("fk_care_member_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_care_member_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_member")),
        sa.UniqueConstraint(
            "application_id", "resident_id", name=op.f("uq_care_member_application_id_resident_id")
        ),
    )
    op.create_index(
        op.f("ix_care_member_resident_id"), "care_member", ["resident_id"], unique=False
    )
    op.create_table(
        "entitlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("parameter_sha256", sa.String(length=64), nullable=False),
        sa.Column("carrier", sa.String(length=5), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("voucher_id", sa.Uuid(), nullable=True),
        sa.Column("pin_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("carrier IN ('paper', 'phone')", name=op.f("ck_entitlement_carrier")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_entitlement_period")),
        sa.CheckConstraint("part > 0", name=op.f("ck_entitlement_part")),
        sa.CheckConstraint("value_minor > 0", name=op.f("ck_entitlement_value")),
        sa.CheckConstraint(
            "voucher_id IS NULL OR batch_id IS NOT NULL", name=op.f("ck_entitlement_issued")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["care_application.id"], name=op.f("fk_entitlement_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["issue_batch.id"], name=op.f("fk_entitlement_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_entitlement_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_entitlement_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_entitlement_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement")),
        sa.UniqueConstraint(
            "resident_id",
            "programme_id",
            "starts_on",
            "part",
            name=op.f("uq_entitlement_resident_id_programme_id_starts_on_part"),
        ),
        sa.UniqueConstraint("voucher_id", name=op.f("uq_entitlement_voucher_id")),
    )
    op.create_index(
        op.f("ix_entitlement_application_id"), "entitlement", ["application_id"], unique=False
    )
    op.create_index(op.f("ix_entitlement_batch_id"), "entitlement", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_entitlement_programme_id"), "entitlement", ["programme_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("entitlement")
    op.drop_table("care_member")
    op.drop_table("care_file")
    op.drop_table("care_appeal")
    op.drop_table("issue_batch")
    op.drop_table("care_application")
    op.drop_table("identity_proof")
