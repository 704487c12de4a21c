"""The tables of settlement: see `app/settlement/models.py`."""

revision = "0007_settlement"
down_revision = "0006_entitlements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
