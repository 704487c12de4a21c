"""`minga db`: the database as a whole."""

import click

from app.config import read_settings
from app.db import engine, schema


@click.group()
def group() -> None:
    """Upgrade the database."""


@group.command()
def upgrade() -> None:
    """Bring the database to the newest revision. Safe to repeat."""
    settings = read_settings()
    owner = engine.make_engine(settings.owner_url or settings.database_url)
    before = schema.revision(owner)
    if before == schema.head():
        click.echo(f"The database is up to date (revision {before}).")
        return
    schema.upgrade(owner)
    click.echo(f"The database is now at revision {schema.head()}.")
