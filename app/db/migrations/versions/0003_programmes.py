"""The tables of programmes: see `app/programmes/models.py`."""

revision = "0003_programmes"
down_revision = "0002_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
