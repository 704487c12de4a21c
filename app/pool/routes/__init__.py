"""Pages of the shared pool: what everybody sees, what residents do, what officers decide."""

from app.pool.routes import asking, desk, giving, public
from app.pool.routes.base import blueprint

__all__ = ["asking", "blueprint", "desk", "giving", "public"]
