"""What providers and holders read about a payment on its way to the bank."""

from flask_babel import lazy_gettext as lazy

from app.settlement.taken import Where

WHERE = {
    Where.SETTLED: (lazy("Settled"), "good"),
    Where.PREPARED: (lazy("In preparation"), "open"),
    Where.TAKEN_BACK: (lazy("All given back"), "quiet"),
    Where.DISPUTED: (lazy("Disputed"), "waiting"),
    Where.IN_WINDOW: (lazy("Waits seven days"), "open"),
    Where.NEXT: (lazy("Next settlement"), "open"),
}
