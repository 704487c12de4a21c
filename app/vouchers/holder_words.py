"""Words of vouchers on the pages of holders and of who acts for them."""

from flask_babel import lazy_gettext as lazy

from app.vouchers.rules import Outcome, State

STATES = {
    State.INACTIVE: (lazy("At the town hall"), "waiting"),
    State.ACTIVE: (lazy("In use"), "good"),
    State.BLOCKED: (lazy("Blocked"), "bad"),
    State.REPLACED: (lazy("Replaced"), "quiet"),
    State.ENDED: (lazy("Ended"), "quiet"),
}
"""State -> its name and its tone."""

UNPAID = {
    Outcome.DECLINED: lazy("This payment was declined. Nothing was charged."),
    Outcome.INSUFFICIENT: lazy("Not enough is left for this payment. Nothing was charged."),
    Outcome.EXPIRED: lazy("The voucher has ended. Nothing was charged."),
}
NOT_NOW = lazy("This payment is not possible now. Nothing was charged.")


def answered(outcome: Outcome, *, paid: object) -> object:
    """Say what became of a payment request; `paid`: what is said where it was paid."""
    return paid if outcome is Outcome.ACCEPTED else UNPAID.get(outcome, NOT_NOW)
