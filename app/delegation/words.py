"""What delegations are called and what powers mean, in the resident's words."""

from flask_babel import lazy_gettext as lazy

from app.delegation.rules import Power, State, Use

POWERS = {
    Power.SHOW_CODE: (
        lazy("Show the code"),
        lazy("Can pay at the door with your voucher, as you can."),
    ),
    Power.BOOK: (
        lazy("Book visits"),
        lazy("Chooses who comes and when, and sets the amount aside; can cancel a visit."),
    ),
    Power.CONFIRM: (
        lazy("Pay or refuse what a provider asks for"),
        lazy("Sees provider, service and amount, and answers for you."),
    ),
    Power.SEE_BALANCE: (
        lazy("See what is left"),
        lazy("Sees how much your vouchers still hold."),
    ),
    Power.SEE_HISTORY: (
        lazy("See what was paid where"),
        lazy("Sees who helped you, when, and for how much."),
    ),
    Power.DONATE: (
        lazy("Give to the shared pool"),
        lazy("Can give away what is left. What is given does not come back."),
    ),
    Power.APPEAL: (
        lazy("Appeal"),
        lazy("Can write an appeal for you when a decision seems wrong."),
    ),
}
"""Power -> its name, and what follows from giving it."""

STATES = {
    State.INVITED: (lazy("Not accepted yet"), "waiting"),
    State.LATER: (lazy("Begins later"), "waiting"),
    State.ACTIVE: (lazy("Acts for you"), "good"),
    State.OVER: (lazy("Over"), "quiet"),
    State.REVOKED: (lazy("Ended"), "quiet"),
}

DESK_STATES = STATES | {State.ACTIVE: (lazy("In force"), "good")}

USES = {
    Use.LOOKED: lazy("Opened the page of a voucher"),
    Use.SAW_CODE: lazy("Saw the code"),
    Use.BOOKED: lazy("Booked a visit"),
    Use.CANCELLED: lazy("Cancelled a visit"),
    Use.PAID: lazy("Paid"),
    Use.REFUSED: lazy("Refused to pay"),
    Use.GAVE: lazy("Gave to the shared pool"),
    Use.APPEALED: lazy("Appealed"),
}


def names(powers: list[str]) -> list[str]:
    """Return the names of powers, in their order."""
    return [str(POWERS[Power(one)][0]) for one in powers if one in POWERS]
