"""Pages of rounds: the home page, those of each round, and those on which staff set it up."""

from app.rounds.routes import manage, programme, projects, public, setup
from app.rounds.routes.base import blueprint

__all__ = ["blueprint", "manage", "programme", "projects", "public", "setup"]
