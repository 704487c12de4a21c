"""Pages around the count: the result for everybody, runs and publication for officers."""

from app.results import work
from app.results.routes import count, importing, public
from app.results.routes.base import blueprint

__all__ = ["blueprint", "count", "importing", "public", "work"]
