"""The tables of vouchers: see `app/vouchers/models.py`."""

revision = "0005_vouchers"
down_revision = "0004_providers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
