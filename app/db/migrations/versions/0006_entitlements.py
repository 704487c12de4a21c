"""The tables of entitlements: see `app/entitlements/models.py`."""

revision = "0006_entitlements"
down_revision = "0005_vouchers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
