"""The code that was read last, kept in the reader's browser for five minutes, encrypted.

So no address and no log holds a code, and none is stored before somebody pays with it.
Source: the specification of vouchers, section 6.
"""

import base64
import binascii
import hmac
from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from app import clock
from app.keys import SealError
from app.vouchers import keys

COOKIE = "minga_code"
LASTS = timedelta(minutes=5)
_DIGEST_BYTES = 16


def keep(response: Response, code: str) -> Response:
    """Let the browser keep a code as `codes.read` returns it, in place of the one before."""
    response.set_cookie(
        _name(),
        _sealed(code),
        max_age=LASTS,
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
        path="/",
    )
    return response


def forget(response: Response) -> Response:
    response.delete_cookie(
        _name(), httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response


def code() -> str | None:
    """Return the code that this browser keeps; None if there is none, or its time is over."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(_name(), "").encode("ascii"))
        until, _, found = keys.open_scanned(sealed).decode().partition("/")
    except (SealError, binascii.Error, UnicodeError):
        return None
    return found if clock.now().timestamp() < int(until) else None


def digest(code: str) -> str:
    """Return what a form names the code by: another voucher read meanwhile is not charged."""
    return hmac.digest(keys.pepper(), f"form/{code}".encode(), "sha256")[:_DIGEST_BYTES].hex()


def _sealed(code: str) -> str:
    until = int((clock.now() + LASTS).timestamp())
    return base64.urlsafe_b64encode(keys.seal_scanned(f"{until}/{code}".encode())).decode()


def _name() -> str:
    """Return the cookie's name; `__Host-` needs TLS, which loopback does without."""
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE
