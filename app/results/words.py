"""Shares and votes in words, as several pages write them."""

from fractions import Fraction

from flask_babel import format_percent

from app import i18n


def percent(share: Fraction) -> str:
    """Write a share in whole per cent; what is not all or nothing is not rounded to it."""
    rounded = round(share * 100)
    if 0 < share < 1:
        rounded = min(max(rounded, 1), 99)
    return str(format_percent(rounded / 100))


def votes(number: Fraction) -> str:
    """Write votes or points; a fraction of a point with one decimal."""
    return i18n.number(int(number) if number.denominator == 1 else round(float(number), 1))
