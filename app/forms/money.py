"""Amounts of money: read as people write them, kept in the smallest unit of the currency."""

import re
import unicodedata
from collections.abc import Sequence

from babel.numbers import get_currency_symbol
from flask_babel import get_locale
from flask_babel import lazy_gettext as lazy
from wtforms import Field

AMOUNT_LENGTH_MAX = 30
AMOUNT_MINOR_MAX = 10**15

# Groups of three first: 1.250 is a thousand and more, 1.25 is one and a quarter.
_AMOUNT = re.compile(
    r"(?P<whole>(?!0)\d{1,3}(?P<group>['.,])\d{3}(?:(?P=group)\d{3})*|\d+)"
    r"(?:(?!(?P=group))[.,](?P<part>\d+))?"
)


def parse_money(text: str, *, minor_per_unit: int = 100) -> int:
    """Read an amount as people write it, in the smallest unit of the currency.

    Raises ValueError with a sentence. Never rounds: a third decimal of a euro is refused.

    >>> [parse_money(text) for text in ("1250.5", "1 250,50", "1.250,50", "€1,250", "1'250 EUR")]
    [125050, 125050, 125050, 125000, 125000]
    """
    match = _AMOUNT.fullmatch(_bare_figures(text)) if len(text) <= AMOUNT_LENGTH_MAX else None
    if match is None:
        raise ValueError(lazy("Enter an amount in figures, such as 1250 or 1250.50."))
    places = len(str(minor_per_unit)) - 1
    part = (match["part"] or "").rstrip("0")
    if len(part) > places:
        raise ValueError(_too_fine(places))
    whole = re.sub(r"\D", "", match["whole"])
    amount_minor = int(whole) * minor_per_unit + int(part.ljust(places, "0") or 0)
    if amount_minor > AMOUNT_MINOR_MAX:
        raise ValueError(lazy("This amount is too large. Check that it has no figure too many."))
    return amount_minor


def _bare_figures(text: str) -> str:
    """Drop the currency; mark gaps between figures, of whatever kind, by an apostrophe."""
    text = "".join(" " if unicodedata.category(c) == "Sc" else c for c in text)
    text = re.sub(r"^\s*[^\W\d_]{3}\b|\b[^\W\d_]{3}\s*$", " ", text)
    return re.sub(r"[\s’']", "'", text.strip())


def _too_fine(places: int) -> object:
    if places == 0:
        return lazy("Enter a whole amount, without decimals.")
    return lazy("Enter at most %(places)d decimals, such as 1250.50.", places=places)


class MoneyField(Field):
    """An amount in the smallest unit (`data` is an int); the form's Meta names the currency."""

    data: int | None

    def process_formdata(self, valuelist: Sequence[object]) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text:
            self.data = parse_money(text, minor_per_unit=self.meta.minor_per_unit)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])  # what was typed, right or wrong
        return "" if self.data is None else self._written(self.data)

    def _written(self, amount_minor: int) -> str:
        units, rest = divmod(amount_minor, self.meta.minor_per_unit)
        places = len(str(self.meta.minor_per_unit)) - 1
        return f"{units}.{rest:0{places}d}" if rest else str(units)

    @property
    def currency_symbol(self) -> str:
        return get_currency_symbol(self.meta.currency, locale=get_locale())
