"""How money, numbers and times are written for the reader, in the reader's language.

The same functions are filters in templates: `{{ project.cost_minor|money(round.currency) }}`.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_symbol
from flask import Flask, g
from flask_babel import format_currency, format_decimal, get_locale, get_translations
from flask_babel import format_date as babel_date
from flask_babel import format_datetime as babel_datetime

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NO_CURRENCY = "XXX"
"""The code of ISO 4217 for amounts in no currency, as some imported elections have them."""


def money(amount_minor: int, currency: str, minor_per_unit: int = 100) -> str:
    """Write an amount, such as €1,250 or 1.250,50 €; whole amounts stand without decimals.

    `minor_per_unit` is how many of the smallest unit make one of the currency.
    """
    places = 0 if amount_minor % minor_per_unit == 0 else len(str(minor_per_unit)) - 1
    amount = Decimal(amount_minor) / minor_per_unit
    if currency == NO_CURRENCY:
        return str(format_decimal(amount, format=_with_decimals("#,##0.00", places)))
    written = format_currency(
        amount,
        currency,
        format=_with_decimals(get_locale().currency_formats["standard"].pattern, places),
        currency_digits=False,
    )
    return _part_code_from_figures(written, get_currency_symbol(currency, locale=get_locale()))


def _with_decimals(pattern: str, places: int) -> str:
    """Give a pattern such as ¤#,##0.00 so many decimals."""
    return re.sub(r"\.0+", "." + "0" * places if places else "", pattern)


def _part_code_from_figures(written: str, symbol: str) -> str:
    """EUR5 is hard to read, and no line may end between the two."""
    if symbol.isalpha():
        written = written.replace(symbol, f"{NO_BREAK_SPACE}{symbol}{NO_BREAK_SPACE}")
    return written.strip().replace(2 * NO_BREAK_SPACE, NO_BREAK_SPACE).replace(" ", NO_BREAK_SPACE)


def number(value: int | float | Decimal) -> str:
    """Write a number with its thousands parted: 12,345."""
    return str(format_decimal(value))


def day(value: date | datetime) -> str:
    """Write a date: 27 March 2027. A moment is the day in the town's time zone."""
    order = "d MMMM y" if get_locale().language == "en" else "long"  # "en" alone is American
    return str(babel_date(_aware(value), order, rebase=isinstance(value, datetime)))


def month(value: date) -> str:
    """Write a month: March 2027."""
    return str(babel_date(value, "LLLL y", rebase=False))


def moment(value: datetime) -> str:
    """Write a moment to the minute, in the town's time zone: 27 March 2027, 18:00."""
    clock = babel_datetime(_aware(value), "HH:mm")
    return f"{day(value)},{NO_BREAK_SPACE}{clock}"


def _aware(value: date | datetime) -> date | datetime:
    """SQLite hands back times without a zone; Minga stores all of them in UTC."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def register(app: Flask) -> None:
    """Offer the functions above as template filters of the same names."""
    for filter_ in (money, number, day, month, moment):
        app.add_template_filter(filter_, filter_.__name__)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of its extension
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, number: _translations().ungettext(one, many, number),
        pgettext=lambda context, text: _translations().upgettext(context, text),
        npgettext=lambda context, one, many, number: _translations().unpgettext(
            context, one, many, number
        ),
        newstyle=True,
    )


def _translations() -> Any:
    """Return the texts of this request's language, sought once: a page has dozens of them."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations
