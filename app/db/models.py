"""All tables in one metadata: what migrations and the test of models against head compare."""

from importlib import import_module

from sqlalchemy import MetaData

from app.db.base import SQLModel

FEATURES = ("jobs", "town", "accounts", "rounds", "roll", "proposals", "ballots", "results")


def metadata() -> MetaData:
    """Load the models of all features, by name: this layer must not import them."""
    for feature in FEATURES:
        import_module(f"app.{feature}.models")
    return SQLModel.metadata
