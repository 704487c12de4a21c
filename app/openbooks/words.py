"""How open books name places of money, areas and bands."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app import i18n
from app.ledger.entries import AccountKind, TransferKind
from app.openbooks.books import Area, Band
from app.openbooks.flags import Pattern
from app.openbooks.sums import Money

PLACES = (
    ((AccountKind.FUND,), lazy("Not promised yet")),
    ((AccountKind.RESERVE,), lazy("Promised, the voucher not handed over yet")),
    ((AccountKind.COVER,), lazy("Promised above the fund, on the council’s word")),
    ((AccountKind.VOUCHER, AccountKind.HOLD), lazy("In vouchers, still to be spent")),
    ((AccountKind.POOL,), lazy("In the shared pool")),
    ((AccountKind.PROVIDER,), lazy("Owed to organisations")),
    ((AccountKind.FEES,), lazy("Fees kept by the town")),
    ((AccountKind.PAID,), lazy("Paid to organisations")),
)
"""Where a programme's money can lie, from the appropriation to the payout: every kind but TREASURY,
which has given it all."""
NOT_ALWAYS = frozenset({AccountKind.COVER, AccountKind.FEES})
"""Told only where a programme has them."""
MOVED = (
    (TransferKind.ISSUE, lazy("Handed over in vouchers")),
    (TransferKind.EXPIRE, lazy("Expired unspent")),
    (TransferKind.LAPSE, lazy("Promised and never fetched")),
    (TransferKind.DONATE, lazy("Given to the shared pool")),
    (TransferKind.GRANT, lazy("Granted from the shared pool")),
)

PATTERNS = {
    Pattern.ROUND: (
        lazy("Round sums"),
        lazy("Most sums of this organisation are whole tens, and no tariff makes them."),
        lazy("It may sell passes, or a fixed price by the visit."),
    ),
    Pattern.BURST: (
        lazy("Spent at once"),
        lazy("Three vouchers or more were spent here, most of each, within two days of hand-over."),
        lazy("People may have waited for them, or pay a month in advance."),
    ),
    Pattern.PAIR: (
        lazy("Three payments in a day"),
        lazy("One holder paid this organisation three times or more within a day."),
        lazy("Help in the morning, at noon and at night is three visits."),
    ),
    Pattern.MANY: (
        lazy("One confirms for many"),
        lazy("One person or device confirmed payments of five holders in a quarter of an hour."),
        lazy("A day centre takes its vouchers when the bus arrives."),
    ),
    Pattern.OVERLAP: (
        lazy("In two places at a time"),
        lazy("By the length of the visits, one holder was with two organisations at a time."),
        lazy("A visit may be paid after it, or two persons help together."),
    ),
    Pattern.LATE: (
        lazy("Entered by night"),
        lazy("Three payments or more were entered between 22:00 and 6:00."),
        lazy("There is help by night, and slips are entered in the evening."),
    ),
}
"""The name of a pattern, what was seen, and an innocent reading of it."""


def places(money: Money) -> Iterator[tuple[object, int]]:
    """Yield where the money lies; the amounts add up to what was appropriated."""
    for kinds, name in PLACES:
        amount = money.at(*kinds)
        if amount or NOT_ALWAYS.isdisjoint(kinds):
            yield name, amount


def area(one: Area) -> str:
    return one.name or str(_("Not said"))


def band(one: Band, unit: str) -> str:
    """Name a band by its values."""
    if one.above_minor is None:
        return str(_("%(value)s, the lowest value", value=i18n.money(one.up_to_minor or 0, unit)))
    if one.up_to_minor is None:
        return str(_("More than %(value)s", value=i18n.money(one.above_minor, unit)))
    return str(_("Up to %(value)s", value=i18n.money(one.up_to_minor, unit)))
