"""What people read about settlements, their lines and disputes."""

from flask_babel import lazy_gettext as lazy

from app.settlement.models import LineRow
from app.settlement.rules import DisputeSide, DisputeState, LineState, State, Unpaid

STATES = {
    State.DRAFT: (lazy("Draft"), "quiet"),
    State.FROZEN: (lazy("Waits for release"), "waiting"),
    State.RELEASED: (lazy("Released, the file waits"), "open"),
    State.EXPORTED: (lazy("With the bank"), "open"),
    State.BOOKED: (lazy("Booked"), "good"),
    State.WITHDRAWN: (lazy("Given up"), "quiet"),
}
LINES = {
    LineState.CARRIED: (lazy("Waits"), "quiet"),
    LineState.DUE: (lazy("In the file"), "open"),
    LineState.BOOKED: (lazy("Booked"), "good"),
    LineState.RETURNED: (lazy("Sent back by the bank"), "bad"),
}
UNPAID = {
    Unpaid.SMALL: lazy("Less than 10.00, carried over"),
    Unpaid.OWES: lazy("Owes the town, offset next time"),
    Unpaid.NO_BANK: lazy("No bank account in force"),
    Unpaid.BAD_IBAN: lazy("The IBAN cannot be right"),
}

SIDES = {
    DisputeSide.HOLDER: lazy("The holder of the voucher"),
    DisputeSide.PROVIDER: lazy("The organisation"),
}
DISPUTES = {
    DisputeState.OPEN: (lazy("Waits for a decision"), "waiting"),
    DisputeState.UPHELD: (lazy("Upheld: money went back"), "good"),
    DisputeState.REJECTED: (lazy("Not upheld"), "quiet"),
    DisputeState.WITHDRAWN: (lazy("Withdrawn"), "quiet"),
}


def line(row: LineRow) -> object:
    """Say where a line stands, or why it is not in the file."""
    return UNPAID[Unpaid(row.unpaid)] if row.unpaid else LINES[LineState(row.state)][0]
