"""Loading the demonstration for tests."""

from pathlib import Path

from flask import Flask

from app.config import Settings, read_settings
from app.demo import loading
from app.demo.seed import TownSeed
from app.factory import make_app


def load(settings: Settings, town: TownSeed) -> Flask:
    """Load a town into an empty database; returns the application on it."""
    app = make_app(settings)
    with app.app_context():
        loading.load(town, lambda _line: None)
    return app


def settings_for(folder: Path, url: str) -> Settings:
    environ = {"MINGA_INSTANCE": str(folder), "DATABASE_URL": url, "MINGA_JOBS": "external"}
    return read_settings(environ)
