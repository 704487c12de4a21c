"""Pages of programmes: what everybody reads, and those on which officers prepare one."""

from app.programmes.routes import designing, public, staff
from app.programmes.routes.base import blueprint

__all__ = ["blueprint", "designing", "public", "staff"]
