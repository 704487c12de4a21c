"""What providers and holders read about a payment on its way to the bank."""

from flask_babel import lazy_gettext as lazy

from app.settlement.taken import Where

WHERE = {
    Where.SETTLED: (lazy("Settled"), "good"),
    Where.PREPARED: (lazy("In a settlement that is being prepared"), "open"),
    Where.TAKEN_BACK: (lazy("All given back"), "quiet"),
    Where.DISPUTED: (lazy("Disputed, waits for a decision"), "waiting"),
    Where.IN_WINDOW: (lazy("Can be disputed for seven days"), "open"),
    Where.NEXT: (lazy("In the next settlement"), "open"),
}
