"""Loading the demonstration for tests."""

from dataclasses import dataclass
from pathlib import Path

from app.config import Settings, read_settings
from app.demo import loading
from app.demo.seed import TownSeed
from app.factory import make_app


@dataclass(frozen=True)
class Loaded:
    """A loaded demonstration; `said`: what the loading told."""

    settings: Settings
    said: list[str]


def load(settings: Settings, town: TownSeed) -> Loaded:
    said: list[str] = []
    with make_app(settings).app_context():
        loading.load(town, said.append)
    return Loaded(settings, said)


def settings_for(folder: Path, url: str) -> Settings:
    environ = {"MINGA_INSTANCE": str(folder), "DATABASE_URL": url, "MINGA_JOBS": "external"}
    return read_settings(environ)
