"""Pages of the open books."""

from app.openbooks.routes import public
from app.openbooks.routes.base import blueprint

__all__ = ["blueprint", "public"]
