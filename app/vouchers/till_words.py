"""What the till says of each outcome. Source: the specification of vouchers, section 8."""

from flask_babel import lazy_gettext as lazy

from app.vouchers.amounts import CorrectionFault
from app.vouchers.rules import Outcome

OUTCOMES = {
    Outcome.INSUFFICIENT: lazy(
        "Not enough is left on this voucher for this amount. Nothing was charged. "
        "Agree a smaller amount with the holder."
    ),
    Outcome.EXPIRED: lazy("This voucher has ended. The holder can see the date and ask for help."),
    Outcome.WRONG_SERVICE: lazy("This voucher does not pay for this service."),
    Outcome.NOT_ACCREDITED: lazy(
        "Your organisation cannot take vouchers for this now. See Accreditation."
    ),
    Outcome.UNKNOWN: lazy(
        "We cannot use this code. Check it, or ask the holder to open their voucher page."
    ),
    Outcome.PIN_NEEDED: lazy("Please ask the holder for the PIN. Nothing was charged."),
    Outcome.DECLINED: lazy("The holder did not confirm this payment. Nothing was charged."),
    Outcome.AWAITING_CONFIRMATION: lazy(
        "The holder sees this payment on the voucher page and has to confirm it there."
    ),
}
MISTYPED = lazy("A character is wrong. Please read the code again.")
NO_ANSWER = lazy("We do not know yet. Press again: it cannot be charged twice.")
TOO_LATE = lazy("The code was read more than five minutes ago. Nothing was charged. Read it again.")
ANOTHER = lazy("Another voucher was read in this browser meanwhile. Nothing was charged.")
REPEATED = lazy(
    "You took the same amount from this voucher a moment ago. Nothing more was charged. "
    "If it is a second visit or service, say so below and press again."
)

CORRECTIONS = {
    CorrectionFault.NEGATIVE: lazy("Enter an amount from 0."),
    CorrectionFault.NOT_LESS: lazy(
        "This is not less than what was taken. To take more, take the voucher again: "
        "the holder confirms it."
    ),
    CorrectionFault.ANOTHER_DAY: lazy(
        "This was taken on another day, and only today’s can be corrected here. "
        "A manager can dispute it under Payments."
    ),
}
