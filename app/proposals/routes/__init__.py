"""Pages of proposals: those of residents, and the review desk of staff."""

from app.proposals.routes import author, desk, item, joining, public, release, verdict, writing
from app.proposals.routes.base import blueprint

__all__ = [
    "author",
    "blueprint",
    "desk",
    "item",
    "joining",
    "public",
    "release",
    "verdict",
    "writing",
]
