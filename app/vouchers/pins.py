"""The second factor: the PIN of a printed voucher, and the code that changes on a phone. Pure.

Both are six digits. A PIN is sent apart from the paper and stays; a rotating code lasts a minute
and works once. Source: the specification of vouchers, section 6; RFC 6238 with SHA-256.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

import pyotp

from app.accounts.codes import DIGITS, read_digits

STEP_SECONDS = 60
STEPS_BEFORE = 1
"""The code of the minute before still works: it was read out and typed while the minute ended."""

SECRET_BYTES = 32
FAILURES_MAX = 5
"""So many wrong PINs lock a printed voucher until a new one is given."""

_TOO_EASY = frozenset({"012345", "123456", "234567", "345678", "456789", "567890"})


def draw_pin() -> str:
    """Draw a PIN that is neither six equal digits nor a row of digits upwards."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if len(set(pin)) > 1 and pin not in _TOO_EASY:
            return pin


def pin_hash(pin: str, *, voucher_id: UUID, pepper: bytes) -> bytes:
    """Return the 32 bytes stored for a PIN; equal PINs of two vouchers do not look alike."""
    return hmac.digest(pepper, voucher_id.bytes + pin.encode(), "sha256")


def is_right(typed: str, stored: bytes | None, *, voucher_id: UUID, pepper: bytes) -> bool:
    """Compare a typed PIN with its hash; None (no PIN was given out) does the same work."""
    digits = read_digits(typed)
    computed = pin_hash(digits or "", voucher_id=voucher_id, pepper=pepper)
    same = hmac.compare_digest(computed, stored or bytes(len(computed)))
    return same and digits is not None and stored is not None


def draw_secret() -> bytes:
    """Draw the secret from which a voucher's rotating codes are made."""
    return secrets.token_bytes(SECRET_BYTES)


def step_at(now: datetime) -> int:
    """Return the number of the minute since 1970 in which `now` lies."""
    return int(now.timestamp()) // STEP_SECONDS


def seconds_left(now: datetime) -> int:
    """Return how long the code of this minute is still shown: 1 to 60 seconds."""
    return STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS


def rotating_code(secret: bytes, step: int) -> str:
    """Return the six digits of one minute."""
    encoded = base64.b32encode(secret).decode()
    return pyotp.HOTP(encoded, digits=DIGITS, digest=hashlib.sha256).at(step)


def matching_step(secret: bytes, typed: str, *, now: datetime, used_step: int | None) -> int | None:
    """Return the minute whose code was typed, to be used up by the caller; None if none fits.

    `used_step`: the last minute whose code was used. It and all before it fit no more.
    """
    digits = read_digits(typed)
    current = step_at(now)
    found = None
    for step in range(current - STEPS_BEFORE, current + 1):
        same = hmac.compare_digest(rotating_code(secret, step), digits or "")
        if same and (used_step is None or step > used_step):
            found = step
    return found
