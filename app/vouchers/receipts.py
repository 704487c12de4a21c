"""The number of a receipt, by which provider, holder and desk speak of a redemption. Pure."""

import uuid

from voting import crockford

LENGTH = 8
_BITS = crockford.BITS_PER_SYMBOL * LENGTH


def number(redemption_id: uuid.UUID) -> str:
    """Return the number under which both sides keep a redemption, from its random last bits.

    >>> number(uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057"))
    'R-084S-N02Q'
    """
    last = redemption_id.int & ((1 << _BITS) - 1)
    return "R-" + crockford.grouped(crockford.encode(last, length=LENGTH))
