"""The tables of vouchers: see `app/vouchers/models.py`."""

import sqlalchemy as sa
from alembic import op

revision = "0005_vouchers"
down_revision = "0004_providers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "resident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_hash", sa.LargeBinary(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_resident_account_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_resident_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("account_id", name=op.f("uq_resident_account_id")),
        sa.UniqueConstraint("party_id", name=op.f("uq_resident_party_id")),
        sa.UniqueConstraint("register_hash", name=op.f("uq_resident_register_hash")),
    )
    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("serial", sa.String(length=14), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("carrier", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("refunded_on", sa.Date(), nullable=True),
        sa.Column("pin_hash", sa.LargeBinary(), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("used_step", sa.BigInteger(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_max_minor", sa.BigInteger(), nullable=True),
        sa.Column("week_max_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("day_max_minor > 0", name=op.f("ck_voucher_day_max")),
        sa.CheckConstraint("week_max_minor > 0", name=op.f("ck_voucher_week_max")),
        sa.CheckConstraint("carrier IN ('paper', 'phone')", name=op.f("ck_voucher_carrier")),
        sa.CheckConstraint(
            "state NOT IN ('active', 'blocked') OR activated_at IS NOT NULL",
            name=op.f("ck_voucher_activated"),
        ),
        sa.CheckConstraint(
            "state IN ('inactive', 'active', 'blocked', 'replaced', 'ended')",
            name=op.f("ck_voucher_state"),
        ),
        sa.CheckConstraint("expires_on >= starts_on", name=op.f("ck_voucher_dates")),
        sa.CheckConstraint("pin_failures >= 0", name=op.f("ck_voucher_pin_failures")),
        sa.CheckConstraint("value_minor >= 0", name=op.f("ck_voucher_value")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_account.id"], name=op.f("fk_voucher_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_voucher_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_voucher_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("account_id", name=op.f("uq_voucher_account_id")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_voucher_code_hash")),
        sa.UniqueConstraint("serial", name=op.f("uq_voucher_serial")),
    )
    op.create_index(op.f("ix_voucher_programme_id"), "voucher", ["programme_id"], unique=False)
    op.create_index(op.f("ix_voucher_resident_id"), "voucher", ["resident_id"], unique=False)
    op.create_table(
        "redemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_redemption_amount")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_redemption_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_redemption_transfer_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_redemption_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("transfer_id", name=op.f("uq_redemption_transfer_id")),
    )
    op.create_index(
        "ix_redemption_provider_id_taken_on",
        "redemption",
        ["provider_id", "taken_on"],
        unique=False,
    )
    op.create_index(op.f("ix_redemption_voucher_id"), "redemption", ["voucher_id"], unique=False)
    op.create_table(
        "payment_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_request_amount")),
        sa.CheckConstraint(
            "outcome = 'awaiting_confirmation' OR answered_at IS NOT NULL",
            name=op.f("ck_payment_request_end"),
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'awaiting_confirmation', 'declined', 'not_accredited', "
            "'unknown', 'wrong_service', 'expired', 'pin_needed', 'insufficient')",
            name=op.f("ck_payment_request_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_payment_request_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_payment_request_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_request")),
    )
    op.create_index(
        op.f("ix_payment_request_provider_id"), "payment_request", ["provider_id"], unique=False
    )
    op.create_index(
        "ix_payment_request_voucher_id_outcome",
        "payment_request",
        ["voucher_id", "outcome"],
        unique=False,
    )
    op.create_table(
        "voucher_day",
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("without_pin_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("without_pin_minor > 0", name=op.f("ck_voucher_day_without_pin")),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_day_voucher_id")
        ),
        sa.PrimaryKeyConstraint("voucher_id", "day", name=op.f("pk_voucher_day")),
    )
    op.create_table(
        "short_day",
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_short_day_times")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_short_day_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_short_day_voucher_id")
        ),
        sa.PrimaryKeyConstraint("voucher_id", "provider_id", "day", name=op.f("pk_short_day")),
    )
    op.create_table(
        "voucher_replacement",
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pin_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("printed_by", sa.Uuid(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pins_printed_by", sa.Uuid(), nullable=True),
        sa.Column("pins_printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "pins_printed_by <> printed_by", name=op.f("ck_voucher_replacement_apart")
        ),
        sa.CheckConstraint(
            "reason IN ('lost', 'unreadable', 'pin')", name=op.f("ck_voucher_replacement_reason")
        ),
        sa.CheckConstraint(
            "replaced_by <> voucher_id", name=op.f("ck_voucher_replacement_another")
        ),
        sa.ForeignKeyConstraint(
            ["pins_printed_by"], ["account.id"], name=op.f("fk_voucher_replacement_pins_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["account.id"], name=op.f("fk_voucher_replacement_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["voucher.id"], name=op.f("fk_voucher_replacement_replaced_by")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_replacement_voucher_id")
        ),
        sa.PrimaryKeyConstraint("voucher_id", name=op.f("pk_voucher_replacement")),
        sa.UniqueConstraint("replaced_by", name=op.f("uq_voucher_replacement_replaced_by")),
    )
    op.create_table(
        "voucher_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("blocked_by", sa.Uuid(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_because", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_by IS NULL) = (answered_at IS NULL)", name=op.f("ck_voucher_block_answered")
        ),
        sa.CheckConstraint(
            "answered_by <> blocked_by AND answered_by <> proposed_by",
            name=op.f("ck_voucher_block_uninvolved"),
        ),
        sa.CheckConstraint("blocked_by <> proposed_by", name=op.f("ck_voucher_block_two_people")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_voucher_block_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["blocked_by"], ["account.id"], name=op.f("fk_voucher_block_blocked_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_voucher_block_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_block_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_block")),
    )
    op.create_index(
        op.f("ix_voucher_block_voucher_id"), "voucher_block", ["voucher_id"], unique=False
    )
    op.create_index(
        "uq_voucher_block_open",
        "voucher_block",
        ["voucher_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "voucher_notice",
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days_before > 0", name=op.f("ck_voucher_notice_days_before")),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_notice_voucher_id")
        ),
        sa.PrimaryKeyConstraint(
            "voucher_id", "last_day", "days_before", name=op.f("pk_voucher_notice")
        ),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("hour_minor", sa.BigInteger(), nullable=True),
        sa.Column("by_holder", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_booking_amount")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_booking_minutes")),
        sa.CheckConstraint(
            "(minutes IS NULL) = (hour_minor IS NULL)", name=op.f("ck_booking_by_the_hour")
        ),
        sa.CheckConstraint(
            "(state = 'booked') = (ended_at IS NULL)", name=op.f("ck_booking_ended")
        ),
        sa.CheckConstraint(
            "state IN ('booked', 'done', 'cancelled', 'lapsed')", name=op.f("ck_booking_state")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_booking_hold_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_booking_provider_id")
        ),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_booking_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_booking_hold_id")),
    )
    op.create_index(op.f("ix_booking_voucher_id"), "booking", ["voucher_id"], unique=False)
    op.create_index(
        "ix_booking_provider_id_visit_on", "booking", ["provider_id", "visit_on"], unique=False
    )
    op.create_table(
        "voucher_spent",
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=4), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("spent_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("period IN ('day', 'week')", name=op.f("ck_voucher_spent_period")),
        sa.CheckConstraint("spent_minor >= 0", name=op.f("ck_voucher_spent_spent")),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_spent_voucher_id")
        ),
        sa.PrimaryKeyConstraint("voucher_id", "period", "starts_on", name=op.f("pk_voucher_spent")),
    )
    _let_others_act()


def _let_others_act() -> None:
    """The tables of delegation: see `app/delegation/models.py`."""
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("powers", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_delegation_dates")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_delegation_revoked")
        ),
        sa.CheckConstraint(
            "(prepared_by IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_delegation_at_a_desk")
        ),
        sa.CheckConstraint("confirmed_by <> prepared_by", name=op.f("ck_delegation_two_people")),
        sa.CheckConstraint(
            "(code_hash IS NULL) = (code_expires_at IS NULL)", name=op.f("ck_delegation_code")
        ),
        sa.CheckConstraint(
            "provider_id IS NULL OR code_hash IS NULL", name=op.f("ck_delegation_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_delegation_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_delegation_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["account.id"], name=op.f("fk_delegation_revoked_by")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["account.id"], name=op.f("fk_delegation_prepared_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_delegation_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_delegation_code_hash")),
    )
    for column in ("resident_id", "provider_id"):
        op.create_index(op.f(f"ix_delegation_{column}"), "delegation", [column], unique=False)
    op.create_table(
        "delegate",
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at >= since", name=op.f("ck_delegate_dates")),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_delegate_delegation_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delegate_account_id")
        ),
        sa.ForeignKeyConstraint(["named_by"], ["account.id"], name=op.f("fk_delegate_named_by")),
        sa.PrimaryKeyConstraint("delegation_id", "account_id", name=op.f("pk_delegate")),
    )
    op.create_table(
        "delegate_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_delegate_use_amount")),
        sa.CheckConstraint(
            "what IN ('looked', 'saw_code', 'booked', 'cancelled', 'paid', 'refused', 'gave', "
            "'appealed')",
            name=op.f("ck_delegate_use_what"),
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_delegate_use_delegation_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delegate_use_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["voucher.id"], name=op.f("fk_delegate_use_voucher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate_use")),
    )
    op.create_index(
        op.f("ix_delegate_use_delegation_id"), "delegate_use", ["delegation_id"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER delegate_use_no_{act.lower()} BEFORE {act} ON delegate_use "
                "BEGIN SELECT RAISE(ABORT, 'delegate_use is insert-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER delegate_use_insert_only BEFORE UPDATE OR DELETE ON delegate_use "
            "FOR EACH ROW EXECUTE FUNCTION minga_insert_only()"
        )
    _share()


def _share() -> None:
    """The table of the shared pool: see `app/pool/models.py`."""
    op.create_table(
        "pool_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("need", sa.String(length=12), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_minor", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'decided', 'withdrawn')", name=op.f("ck_pool_request_state")
        ),
        sa.CheckConstraint(
            "need IN ('illness', 'carer_away', 'more_hours', 'other')",
            name=op.f("ck_pool_request_need"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_pool_request_amount")),
        sa.CheckConstraint(
            "granted_minor >= 0 AND granted_minor <= amount_minor",
            name=op.f("ck_pool_request_granted"),
        ),
        sa.CheckConstraint("confirmed_by <> decided_by", name=op.f("ck_pool_request_two_people")),
        sa.CheckConstraint(
            "state <> 'decided' OR (decided_by IS NOT NULL AND confirmed_by IS NOT NULL "
            "AND granted_minor IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_pool_request_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_pool_request_resident_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_pool_request_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pool_request_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_pool_request_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_pool_request_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_request")),
    )
    for column in ("programme_id", "account_id"):
        op.create_index(op.f(f"ix_pool_request_{column}"), "pool_request", [column], unique=False)
    under_way = sa.text("state IN ('draft', 'sent')")
    op.create_index(
        "uq_pool_request_under_way",
        "pool_request",
        ["resident_id", "programme_id"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )


def downgrade() -> None:
    op.drop_table("pool_request")
    for name in ("voucher_spent", "booking", "voucher_notice", "voucher_block"):
        op.drop_table(name)
    for table in ("delegate_use", "delegate", "delegation"):
        op.drop_table(table)
    op.drop_table("voucher_replacement")
    op.drop_table("short_day")
    op.drop_table("voucher_day")
    op.drop_table("payment_request")
    op.drop_table("redemption")
    op.drop_table("voucher")
    op.drop_table("resident")
