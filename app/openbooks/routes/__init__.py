"""Pages of the open books."""

from app.openbooks.routes import public, staff
from app.openbooks.routes.base import blueprint

__all__ = ["blueprint", "public", "staff"]
