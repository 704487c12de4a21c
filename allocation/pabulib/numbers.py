"""Amounts and points as the format writes them; exact, and never what a lax parser would take."""

import re
from fractions import Fraction

from allocation.errors import PbError
from allocation.pabulib.problems import Report, shown

DIGITS_MAX = 15
AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?")
AMOUNT_WITH_COMMA = re.compile(r"[0-9]{1,15},[0-9]{1,2}")
TOO_LARGE = re.compile(rf"[0-9]{{{DIGITS_MAX + 1},}}(?:[.,][0-9]{{1,2}})?")
COUNT = re.compile(r"[0-9]{1,15}")
POINTS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# Python refuses to read integers of thousands of digits, and nobody gives such points.
POINTS_CHARACTERS_MAX = 100


def amount_in_cents(cell: str) -> int | None:
    """Read an amount of currency units as hundredths; None if it is not written as one.

    >>> amount_in_cents("500.5")
    50050
    >>> amount_in_cents("1e3") is None
    True
    """
    match = AMOUNT.fullmatch(cell)
    if not match:
        return None
    units, cents = match.groups(default="")
    return int(units) * 100 + int(cents.ljust(2, "0"))


def count(cell: str) -> int | None:
    """Read a number of things; None if it is not written as one."""
    return int(cell) if COUNT.fullmatch(cell) else None


def points(cell: str) -> Fraction | None:
    """Read points, exactly; None if they are not written as a plain decimal number.

    >>> points("-2.5")
    Fraction(-5, 2)
    """
    read = decimal(cell)
    return None if read is None else Fraction(*read)


def decimal(cell: str) -> tuple[int, int] | None:
    """Read points as numerator and denominator, which may have a divisor in common.

    >>> decimal("-2.5")
    (-25, 10)
    """
    if len(cell) > POINTS_CHARACTERS_MAX or not POINTS.fullmatch(cell):
        return None
    whole, _, decimals = cell.partition(".")
    return int(whole + decimals), 10 ** len(decimals)


def read_amount(cell: str, *, line: int, code: str, subject: str, report: Report) -> int:
    """Read a cost or budget in cents; 0 when an error has been reported instead.

    A decimal comma can be mended, for nothing else is meant by 500,50. A comma before three
    digits may be a thousands mark, which nobody should guess at.
    """
    if AMOUNT_WITH_COMMA.fullmatch(cell):
        message = f"{subject} {shown(cell)}, with a decimal comma."
        hint = "Write a decimal point."
        report.fault(line, "decimal_comma", message, hint, "Read with a decimal point.")
        cell = cell.replace(",", ".")
    cents = amount_in_cents(cell)
    if not cents:
        hint = (
            f"An amount may have at most {DIGITS_MAX} figures before the point. Check this one."
            if TOO_LARGE.fullmatch(cell)
            else "Enter a positive amount such as 500 or 500.50."
        )
        report.error(line, code, f"{subject} {shown(cell)}.", hint)
    return cents or 0


def points_text(value: Fraction) -> str:
    """Write points as a plain decimal number; raises PbError if there is no finite one.

    >>> points_text(Fraction(5)), points_text(Fraction(-5, 2))
    ('5', '-2.5')
    """
    for places in range(POINTS_CHARACTERS_MAX):
        scaled = abs(value) * 10**places
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
            return ("-" if value < 0 else "") + whole + ("." + rest if rest else "")
    message = f"{value} points have no finite decimal form."
    raise PbError(0, "points", message, "Give points with a limited number of digits.")
