"""Words of vouchers on the pages of holders and of who acts for them."""

from flask_babel import lazy_gettext as lazy

from app.vouchers.rules import State

STATES = {
    State.INACTIVE: (lazy("At the town hall"), "waiting"),
    State.ACTIVE: (lazy("In use"), "good"),
    State.BLOCKED: (lazy("Blocked"), "bad"),
    State.REPLACED: (lazy("Replaced"), "quiet"),
    State.ENDED: (lazy("Ended"), "quiet"),
}
"""State -> its name and its tone."""
