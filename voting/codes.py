"""The code on a voting letter: 5 symbols to find the entry, 10 that are secret, 1 check symbol.

The check symbol makes the whole code, read as a polynomial over GF(32) with its first symbol at
x^15 and the check symbol at x^0, vanish at x = a, where a is a root of a^5 + a^2 + 1. Symbol i thus
has the weight a^(15-i). The powers of a repeat only after 31, so the sixteen weights are distinct
and none is 0: one wrong symbol changes the sum by weight x difference, two swapped symbols by
(difference of weights) x (difference of symbols). Neither is ever 0, so both are always caught.
"""

from dataclasses import dataclass, field

from voting import crockford
from voting.errors import CodeError, CodeErrorKind

SELECTOR_LENGTH = 5
SECRET_LENGTH = 10
CODE_LENGTH = SELECTOR_LENGTH + SECRET_LENGTH + 1
SELECTOR_BITS = crockford.BITS_PER_SYMBOL * SELECTOR_LENGTH
SECRET_BITS = crockford.BITS_PER_SYMBOL * SECRET_LENGTH

_FIELD_SIZE = 32
_FIELD_POLYNOMIAL = 0b100101  # a^5 + a^2 + 1, primitive: the powers of a are all 31 elements


@dataclass(frozen=True, slots=True)
class VotingCode:
    """A code whose check symbol was right. `selector` may be stored; `secret` only hashed."""

    selector: str
    secret: str = field(repr=False)


def make_code(*, selector_bits: int, secret_bits: int) -> VotingCode:
    """Make a code of SELECTOR_BITS and SECRET_BITS random bits.

    >>> make_code(selector_bits=1, secret_bits=2)
    VotingCode(selector='00001')
    """
    return VotingCode(
        crockford.encode(selector_bits, length=SELECTOR_LENGTH),
        crockford.encode(secret_bits, length=SECRET_LENGTH),
    )


def format_code(code: VotingCode) -> str:
    """Write a code as it stands on the letter.

    >>> format_code(make_code(selector_bits=2**25 - 1, secret_bits=31))
    'ZZZZ-Z000-0000-00ZA'
    """
    symbols = code.selector + code.secret
    return crockford.grouped(symbols + check_symbol(symbols))


def parse_code(text: str) -> VotingCode:
    """Read a typed code; CodeError says which kind of slip was made, before any look-up.

    >>> parse_code("zzzz z000 oooo ooza") == make_code(selector_bits=2**25 - 1, secret_bits=31)
    True
    """
    symbols = crockford.read_typed(text, length=CODE_LENGTH)
    if check_symbol(symbols[:-1]) != symbols[-1]:
        raise CodeError(CodeErrorKind.CHECK)
    return VotingCode(symbols[:SELECTOR_LENGTH], symbols[SELECTOR_LENGTH:-1])


def check_symbol(symbols: str) -> str:
    """Return the symbol that completes the others, up to 30 of them.

    >>> check_symbol("0000000000000Z0")
    'K'
    """
    total = 0
    for symbol in symbols:  # Horner's rule; addition in GF(32) is XOR, so it is subtraction too
        total = _times_a(total ^ crockford.decode(symbol))
    return crockford.ALPHABET[total]


def _times_a(element: int) -> int:
    doubled = element << 1
    return doubled ^ _FIELD_POLYNOMIAL if doubled >= _FIELD_SIZE else doubled
