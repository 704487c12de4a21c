"""Crockford's base 32: symbols that survive being read aloud, copied by hand and typed."""

import unicodedata
from collections.abc import Iterator

from voting.errors import CodeError, CodeErrorKind

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS_PER_SYMBOL = 5
GROUP = 4

TYPED_LENGTH_MAX = 100
"""Room for a code with separators between all symbols; looked at before anything else is done."""

_VALUES = {
    **{symbol: value for value, symbol in enumerate(ALPHABET)},
    **{symbol.lower(): value for value, symbol in enumerate(ALPHABET)},
    **dict.fromkeys("ILil", 1),
    **dict.fromkeys("Oo", 0),
}
_SEPARATING_CATEGORIES = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"})
_MINUS_SIGN = "\u2212"  # a dash to every reader, yet a mathematical symbol to Unicode


def encode(number: int, *, length: int) -> str:
    """Write a number below 32^length with so many symbols, leading zeros included.

    >>> encode(1000, length=4)
    '00Z8'
    """
    if not 0 <= number < 1 << (BITS_PER_SYMBOL * length):
        raise ValueError(f"a number for {length} symbols is out of range")
    shifts = range(BITS_PER_SYMBOL * (length - 1), -1, -BITS_PER_SYMBOL)
    return "".join(ALPHABET[number >> shift & 31] for shift in shifts)


def decode(symbols: str) -> int:
    """Return the number that `encode` wrote.

    >>> decode("00Z8")
    1000
    """
    number = 0
    for symbol in symbols:
        number = number << BITS_PER_SYMBOL | _VALUES[symbol]
    return number


def grouped(symbols: str) -> str:
    """Part symbols for the eye.

    >>> grouped("0123456789ABCDEF")
    '0123-4567-89AB-CDEF'
    """
    return "-".join(symbols[start : start + GROUP] for start in range(0, len(symbols), GROUP))


def read_typed(text: str, *, length: int) -> str:
    """Return the symbols of a typed code of a known length; CodeError says what is wrong with it.

    Case, blanks and dashes of every kind do not matter, I and L are read as 1, O as 0, full-width
    letters and digits as plain ones.

    >>> read_typed(" oil–9 ", length=4)
    '0119'
    """
    if len(text) > TYPED_LENGTH_MAX:
        raise CodeError(CodeErrorKind.LENGTH, length_expected=length)
    symbols = "".join(_symbols(text))
    if len(symbols) != length:
        raise CodeError(CodeErrorKind.LENGTH, length=len(symbols), length_expected=length)
    return symbols


def _symbols(text: str) -> Iterator[str]:
    position = 0
    for char in unicodedata.normalize("NFKC", text):
        if char == _MINUS_SIGN or unicodedata.category(char) in _SEPARATING_CATEGORIES:
            continue
        position += 1
        if char not in _VALUES:
            raise CodeError(CodeErrorKind.SYMBOL, position=position, symbol=char)
        yield ALPHABET[_VALUES[char]]
