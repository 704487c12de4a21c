"""All tables in one metadata: what migrations and the test of models against head compare."""

from importlib import import_module

from sqlalchemy import MetaData, select
from sqlmodel import Session

from app.db.base import SQLModel

FEATURES = (
    "jobs",
    "town",
    "accounts",
    "ledger",
    "rounds",
    "roll",
    "proposals",
    "ballots",
    "results",
    "programmes",
    "providers",
    "vouchers",
    "pool",
    "delegation",
    "entitlements",
    "settlement",
)

LAID_DOWN = ("ledger_unit", "account_kind", "transfer_rule")
"""Tables whose rows come with the revisions: an empty database has them."""


def metadata() -> MetaData:
    """Load the models of all features, by name: this layer must not import them."""
    for feature in FEATURES:
        import_module(f"app.{feature}.models")
    return SQLModel.metadata


def holds_anything(session: Session) -> bool:
    """Say whether any table has a row."""
    connection = session.connection()
    return any(
        connection.execute(select(1).select_from(table).limit(1)).first() is not None
        for table in metadata().sorted_tables
        if table.name not in LAID_DOWN
    )
