"""Codes that open an account: twelve symbols on paper, six digits in an e-mail."""

from voting import crockford
from voting.codes import check_symbol
from voting.errors import CodeError, CodeErrorKind

RANDOM_LENGTH = 11
RANDOM_BITS = crockford.BITS_PER_SYMBOL * RANDOM_LENGTH
DIGITS = 6


def paper_code(random_bits: int) -> str:
    """Write the code of a letter or of the desk; its last symbol catches slips of the pen.

    >>> paper_code(1)
    '0000-0000-0012'
    """
    symbols = crockford.encode(random_bits, length=RANDOM_LENGTH)
    return crockford.grouped(symbols + check_symbol(symbols))


def read_paper_code(text: str) -> str:
    """Return a typed code as `paper_code` wrote it. Raises CodeError for a slip.

    >>> read_paper_code("oooo 0000 00i2")
    '0000-0000-0012'
    """
    symbols = crockford.read_typed(text, length=RANDOM_LENGTH + 1)
    if check_symbol(symbols[:-1]) != symbols[-1]:
        raise CodeError(CodeErrorKind.CHECK)
    return crockford.grouped(symbols)


def read_digits(text: str) -> str | None:
    """Return the six digits of a code as people type them, or None if there are not six.

    >>> read_digits(" 123 456 "), read_digits("12345"), read_digits("１２３４５６")
    ('123456', None, '123456')
    """
    if len(text) > crockford.TYPED_LENGTH_MAX:
        return None
    digits = "".join(str(int(char)) for char in text if char.isdecimal())
    others = [char for char in text if not char.isdecimal() and char not in " -\u00a0\u2009\t"]
    return digits if len(digits) == DIGITS and not others else None
