"""The tables of ledger: see `app/ledger/models.py`."""

revision = "0002_ledger"
down_revision = "0001_round"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
