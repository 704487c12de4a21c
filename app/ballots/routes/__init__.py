"""Pages of the booth: coming in with a code, filling in, casting; and turnout for the staff."""

from app.ballots.routes import casting, entrance, filling, turnout
from app.ballots.routes.base import blueprint

__all__ = ["blueprint", "casting", "entrance", "filling", "turnout"]
