"""Pages of providers: the public register, an organisation's own pages, the desk of staff."""

from app.providers.routes import council, desk, own, public, running
from app.providers.routes.base import blueprint

__all__ = ["blueprint", "council", "desk", "own", "public", "running"]
