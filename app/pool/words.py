"""What the shared pool's requests are called."""

from flask_babel import lazy_gettext as lazy

from app.pool.rules import Need, State

NEEDS = {
    Need.ILLNESS: lazy("Somebody is ill, or comes home from hospital"),
    Need.CARER_AWAY: lazy("Whoever helped me cannot come for a while"),
    Need.MORE_HOURS: lazy("I need more hours than before"),
    Need.OTHER: lazy("Something else"),
}

STATES = {
    State.DRAFT: (lazy("Not sent yet"), "waiting"),
    State.SENT: (lazy("With the officers"), "open"),
    State.DECIDED: (lazy("Decided"), "quiet"),
    State.WITHDRAWN: (lazy("Withdrawn"), "quiet"),
}
"""State -> its name and its tone."""
