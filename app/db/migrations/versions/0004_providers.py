"""The tables of providers: see `app/providers/models.py`."""

import sqlalchemy as sa
from alembic import op

revision = "0004_providers"
down_revision = "0003_programmes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("area_ids", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cooperative', 'social_cooperative', 'association', 'foundation', 'mutual', 'consortium', 'municipal_unit', 'company')",
            name=op.f("ck_provider_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("party_id", name=op.f("uq_provider_party_id")),
    )
    op.create_table(
        "accreditation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("assessed_by", sa.Uuid(), nullable=True),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_government_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_civil_by", sa.Uuid(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("fee_basis_points", sa.Integer(), nullable=False),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'more_information', 'recommended', 'accredited', 'refused', 'suspended', 'ended', 'expired')",
            name=op.f("ck_accreditation_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accredited', 'suspended') OR (valid_from IS NOT NULL AND valid_to IS NOT NULL AND confirmed_civil_by IS NOT NULL AND confirmed_government_by IS NOT NULL AND decided_by IS NOT NULL)",
            name=op.f("ck_accreditation_granted"),
        ),
        sa.CheckConstraint(
            "confirmed_civil_by <> confirmed_government_by", name=op.f("ck_accreditation_two_sides")
        ),
        sa.CheckConstraint("decided_by <> assessed_by", name=op.f("ck_accreditation_two_people")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_accreditation_dates")),
        sa.CheckConstraint(
            "fee_basis_points BETWEEN 0 AND 10000", name=op.f("ck_accreditation_fee")
        ),
        sa.ForeignKeyConstraint(
            ["assessed_by"], ["account.id"], name=op.f("fk_accreditation_assessed_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_civil_by"], ["account.id"], name=op.f("fk_accreditation_confirmed_civil_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_government_by"],
            ["account.id"],
            name=op.f("fk_accreditation_confirmed_government_by"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_accreditation_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_accreditation_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["account.id"], name=op.f("fk_accreditation_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation")),
    )
    op.create_index(
        op.f("ix_accreditation_assessed_by"), "accreditation", ["assessed_by"], unique=False
    )
    op.create_index(
        op.f("ix_accreditation_provider_id"), "accreditation", ["provider_id"], unique=False
    )
    op.create_index(
        "uq_accreditation_under_way",
        "accreditation",
        ["provider_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('draft', 'submitted', 'in_review', 'more_information', 'recommended')"
        ),
        postgresql_where=sa.text(
            "state IN ('draft', 'submitted', 'in_review', 'more_information', 'recommended')"
        ),
    )
    op.create_table(
        "council_member",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.CheckConstraint("side IN ('government', 'civil')", name=op.f("ck_council_member_side")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_council_member_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_council_member")),
    )
    op.create_table(
        "provider_bank",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("legal_name", sa.String(length=70), nullable=False),
        sa.Column("street_name", sa.String(length=70), nullable=False),
        sa.Column("building_number", sa.String(length=16), nullable=False),
        sa.Column("postcode", sa.String(length=16), nullable=False),
        sa.Column("town", sa.String(length=35), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (effective_at IS NULL)",
            name=op.f("ck_provider_bank_confirmed"),
        ),
        sa.CheckConstraint("confirmed_by <> asked_by", name=op.f("ck_provider_bank_two_people")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_provider_bank_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_provider_bank_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by"], ["account.id"], name=op.f("fk_provider_bank_stopped_by")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_bank_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_bank")),
    )
    op.create_index(
        op.f("ix_provider_bank_provider_id"), "provider_bank", ["provider_id"], unique=False
    )
    op.create_table(
        "provider_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["account.id"], name=op.f("fk_provider_device_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_device_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_provider_device_token_hash")),
    )
    op.create_index(
        op.f("ix_provider_device_provider_id"), "provider_device", ["provider_id"], unique=False
    )
    op.create_table(
        "provider_person",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('clerk', 'manager')", name=op.f("ck_provider_person_role")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provider_person_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_person_provider_id")
        ),
        sa.PrimaryKeyConstraint("provider_id", "account_id", name=op.f("pk_provider_person")),
    )
    op.create_table(
        "tariff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "service IN ('home-care', 'elder-care', 'childcare', 'disability')",
            name=op.f("ck_tariff_service"),
        ),
        sa.CheckConstraint(
            "unit IN ('hour', 'visit', 'day', 'month')", name=op.f("ck_tariff_unit")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_tariff_amount")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_tariff_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff")),
        sa.UniqueConstraint(
            "provider_id",
            "service",
            "unit",
            "valid_from",
            name=op.f("uq_tariff_provider_id_service_unit_valid_from"),
        ),
    )
    op.create_table(
        "accreditation_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'in_review', 'more_information', 'recommended', 'accredited', 'refused', 'suspended', 'ended', 'expired')",
            name=op.f("ck_accreditation_event_state"),
        ),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["accreditation.id"],
            name=op.f("fk_accreditation_event_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_accreditation_event_actor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation_event")),
    )
    op.create_index(
        op.f("ix_accreditation_event_accreditation_id"),
        "accreditation_event",
        ["accreditation_id"],
        unique=False,
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_suspension_two_people")),
        sa.CheckConstraint("lifted_on >= first_on", name=op.f("ck_suspension_days")),
        sa.ForeignKeyConstraint(
            ["accreditation_id"], ["accreditation.id"], name=op.f("fk_suspension_accreditation_id")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_suspension_asked_by")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_suspension_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(op.f("ix_suspension_accreditation_id"), "suspension", ["accreditation_id"])
    op.create_table(
        "accreditation_service",
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "service IN ('home-care', 'elder-care', 'childcare', 'disability')",
            name=op.f("ck_accreditation_service_service"),
        ),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["accreditation.id"],
            name=op.f("fk_accreditation_service_accreditation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "accreditation_id", "service", name=op.f("pk_accreditation_service")
        ),
    )
    op.create_table(
        "evidence",
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("judgement", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "judgement IN ('open', 'met', 'unmet')", name=op.f("ck_evidence_judgement")
        ),
        sa.CheckConstraint(
            "point IN ('user-control', 'board', 'reserve', 'open-books', 'complaints', 'licences', 'tariffs', 'bank')",
            name=op.f("ck_evidence_point"),
        ),
        sa.ForeignKeyConstraint(
            ["accreditation_id"], ["accreditation.id"], name=op.f("fk_evidence_accreditation_id")
        ),
        sa.PrimaryKeyConstraint("accreditation_id", "point", name=op.f("pk_evidence")),
    )
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "point IN ('user-control', 'board', 'reserve', 'open-books', 'complaints', 'licences', 'tariffs', 'bank')",
            name=op.f("ck_evidence_file_point"),
        ),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_evidence_file_size")),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["accreditation.id"],
            name=op.f("fk_evidence_file_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_evidence_file_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
    )
    op.create_index(
        op.f("ix_evidence_file_accreditation_id"),
        "evidence_file",
        ["accreditation_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("evidence_file")
    op.drop_table("evidence")
    op.drop_table("accreditation_service")
    op.drop_table("suspension")
    op.drop_table("accreditation_event")
    op.drop_table("tariff")
    op.drop_table("provider_person")
    op.drop_table("provider_device")
    op.drop_table("provider_bank")
    op.drop_table("council_member")
    op.drop_table("accreditation")
    op.drop_table("provider")
