"""The tables of providers: see `app/providers/models.py`."""

revision = "0004_providers"
down_revision = "0003_programmes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
