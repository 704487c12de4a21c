"""Pages around the count: the result for everybody, runs and publication for officers."""

from app.results import work
from app.results.routes import comparison, count, importing, my_share, public, why
from app.results.routes.base import blueprint

__all__ = ["blueprint", "comparison", "count", "importing", "my_share", "public", "why", "work"]
