"""The tables of settlement: see `app/settlement/models.py`."""

revision = "0006_settlement"
down_revision = "0005_vouchers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
