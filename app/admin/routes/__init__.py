"""Pages of staff that belong to no single feature, under /staff."""

from app.admin.routes import areas, audit, dashboard, decisions, desk, letters, people, town
from app.admin.routes.base import blueprint

__all__ = [
    "areas",
    "audit",
    "blueprint",
    "dashboard",
    "decisions",
    "desk",
    "letters",
    "people",
    "town",
]
