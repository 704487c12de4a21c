"""Exact numbers as text: what is written to files and pages, never rounded on the way."""

import re
from decimal import Decimal
from fractions import Fraction


def amount_text(amount_minor: int, minor_per_unit: int) -> str:
    """Write an amount in whole currency units, with decimals only where there are any.

    >>> amount_text(99507900, 100), amount_text(1050, 100), amount_text(7, 1)
    ('995079', '10.50', '7')
    """
    units, rest = divmod(abs(amount_minor), minor_per_unit)
    sign = "-" if amount_minor < 0 else ""
    decimals = len(str(minor_per_unit)) - 1
    return f"{sign}{units}.{rest:0{decimals}}" if rest else f"{sign}{units}"


def fraction_text(number: Fraction) -> str:
    """Write an exact number as "p/q", or as "p" when it is whole.

    >>> fraction_text(Fraction(1, 3)), fraction_text(Fraction(315))
    ('1/3', '315')
    """
    return str(number)


def decimal_text(number: Fraction) -> str:
    """Write the nearest double as its shortest decimal: for reading, not for counting on.

    >>> decimal_text(Fraction(315)), decimal_text(Fraction(1, 3))
    ('315.0', '0.3333333333333333')
    """
    return repr(float(number))


NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9}|/[0-9]{1,15})?")


def exact_number(written: object, what: str) -> Fraction:
    """Read a whole number, a decimal or "p/q" exactly; ValueError names `what` in a sentence.

    Floats are refused, because 0.1 as a float is not a tenth; so are exponents, because
    "1e999999999" would fill the memory.

    >>> exact_number("0.5", "increment"), exact_number(3, "increment")
    (Fraction(1, 2), Fraction(3, 1))
    """
    is_number = isinstance(written, int | str | Decimal) and not isinstance(written, bool)
    if is_number and NUMBER.fullmatch(str(written)) and not str(written).endswith("/0"):
        return Fraction(str(written))
    raise ValueError(f"{what}: {written!r} is not a number. Write it like 3, 0.5 or 1/2.")
