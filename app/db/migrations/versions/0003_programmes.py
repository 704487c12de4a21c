"""The tables of programmes: see `app/programmes/models.py`."""

import sqlalchemy as sa
from alembic import op

revision = "0003_programmes"
down_revision = "0002_ledger"
branch_labels = None
depends_on = None

FROZEN_STATES = "('frozen', 'voting', 'closed', 'published')"
INSERT_ONLY = ("programme_schedule", "programme_parameter")


def upgrade() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("eligibility", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("unit", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("funding", sa.String(length=10), nullable=False),
        sa.Column("council_act", sa.String(length=200), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("round_slug", sa.String(length=60), nullable=False),
        sa.Column("project_reference", sa.String(length=120), nullable=True),
        sa.Column("terms", sa.Text(), nullable=True),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("cover_minor", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("people_source", sa.String(length=200), nullable=False),
        sa.Column("schedule_no", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'approved', 'open', 'closed')",
            name=op.f("ck_programme_state"),
        ),
        sa.CheckConstraint("funding IN ('council', 'project')", name=op.f("ck_programme_funding")),
        sa.CheckConstraint("mode IN ('full', 'covered')", name=op.f("ck_programme_mode")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_programme_period")),
        sa.CheckConstraint("budget_minor >= 0", name=op.f("ck_programme_budget")),
        sa.CheckConstraint("cover_minor >= 0", name=op.f("ck_programme_cover")),
        sa.CheckConstraint(
            "(funding = 'project') = (round_id IS NOT NULL)", name=op.f("ck_programme_project")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
        sa.UniqueConstraint(
            "round_id", "project_reference", name=op.f("uq_programme_round_id_project_reference")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_programme_round_id")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_programme_created_by")
        ),
    )
    op.create_index(op.f("ix_programme_round_id"), "programme", ["round_id"])
    op.create_index(op.f("ix_programme_created_by"), "programme", ["created_by"])
    op.create_table(
        "programme_schedule",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("scale", sa.String(length=20), nullable=False),
        sa.Column("household_limit", sa.String(length=40), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("face_value_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("programme_id", "schedule_no", name=op.f("pk_programme_schedule")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_schedule_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_programme_schedule_created_by")
        ),
    )
    op.create_index(op.f("ix_programme_schedule_created_by"), "programme_schedule", ["created_by"])
    op.create_table(
        "programme_parameter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("legal_reference", sa.String(length=200), nullable=False),
        sa.Column("adopted_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_parameter")),
        sa.UniqueConstraint(
            "programme_id",
            "name",
            "valid_from",
            name=op.f("uq_programme_parameter_programme_id_name_valid_from"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_parameter_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_programme_parameter_recorded_by")
        ),
    )
    for column in ("programme_id", "recorded_by"):
        op.create_index(op.f(f"ix_programme_parameter_{column}"), "programme_parameter", [column])
    op.create_table(
        "project_programme",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("floor_minor", sa.BigInteger(), nullable=False),
        sa.Column("cap_minor", sa.BigInteger(), nullable=False),
        sa.Column("slope_millionths", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_project_programme_period")),
        sa.CheckConstraint(
            "floor_minor > 0 AND cap_minor >= floor_minor",
            name=op.f("ck_project_programme_values"),
        ),
        sa.CheckConstraint(
            "slope_millionths BETWEEN 0 AND 1000000", name=op.f("ck_project_programme_slope")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_programme")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_programme_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_project_programme_round_id")
        ),
    )
    op.create_index(op.f("ix_project_programme_round_id"), "project_programme", ["round_id"])
    _guard()
    _freeze()


def _freeze() -> None:
    """The terms of a project are fixed when its round is: as the project itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER project_programme_frozen BEFORE INSERT OR UPDATE OR DELETE "
            "ON project_programme FOR EACH ROW EXECUTE FUNCTION minga_frozen_part()"
        )
        return
    for act, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER project_programme_frozen_{act.lower()} BEFORE {act} "
            f"ON project_programme WHEN (SELECT state FROM round WHERE id = {row}.round_id) "
            f"IN {FROZEN_STATES} BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END"
        )


def _guard() -> None:
    for table in INSERT_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION minga_insert_only()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            )


def downgrade() -> None:
    for table in ("project_programme", "programme_parameter", "programme_schedule", "programme"):
        op.drop_table(table)
