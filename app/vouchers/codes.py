"""The code of a voucher: 11 random symbols and a check symbol, and what is stored instead of it.

The check symbol is the one of `voting.codes`: seen from the left, the twelve symbols weigh 7, 17,
26, 13, 20, 10, 5, 16, 8, 4, 2 and 1 in GF(32). Every wrong symbol and every swap of two is caught.
Source: the specification of vouchers, section 6.
"""

import hmac
import re
import secrets
from urllib.parse import urlsplit

from app.accounts.codes import RANDOM_BITS, paper_code, read_paper_code

PATH = "/V/"
"""What stands between the host and the code in the address of a QR picture."""

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def draw() -> str:
    """Draw a fresh code of 55 random bits, written XXXX-XXXX-XXXX."""
    return paper_code(secrets.randbits(RANDOM_BITS))


def read(text: str) -> str:
    """Return the code that was typed or scanned, written XXXX-XXXX-XXXX.

    Any case; blanks and dashes do not matter, I and L are read as 1, O as 0. The address of a QR
    picture is read as the code in it, whatever the host: a code of another town is unknown here.
    Raises voting.errors.CodeError for a slip, before anything is looked up.

    >>> read("oi23 4567 89am"), read("HTTPS://MINGA.EXAMPLE/V/MNGA2V7K3XZ3")
    ('0123-4567-89AM', 'MNGA-2V7K-3XZ3')
    """
    scanned = text.strip()
    return read_paper_code(_after_path(scanned) if _ADDRESS.match(scanned) else text)


def address(base_url: str, code: str) -> str:
    """Return the address that a QR picture holds, in capitals, which make the picture smaller.

    >>> address("https://minga.example", "0123-4567-89AM")
    'HTTPS://MINGA.EXAMPLE/V/0123456789AM'
    """
    return f"{base_url.rstrip('/')}{PATH}{code.replace('-', '')}".upper()


def keyed_hash(code: str, pepper: bytes) -> bytes:
    """Return the 32 bytes by which a code as `read` returns it is stored and found.

    `pepper` lies outside the database, so a copy of the database alone finds no code.
    """
    return hmac.digest(pepper, code.encode(), "sha256")


def _after_path(scanned: str) -> str:
    """Return what follows the host and PATH; what is no such address is left to be refused."""
    try:
        path = urlsplit(scanned).path
    except ValueError:  # a bracket left open
        return scanned
    return path[len(PATH) :] if path.upper().startswith(PATH) else scanned
