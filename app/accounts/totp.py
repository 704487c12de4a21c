"""Time codes (RFC 6238) as second factor: a code works once, and its secret is sealed at rest."""

import base64
import hashlib
import hmac
import uuid

import pyotp
import segno
from pyotp.utils import strings_equal
from sqlalchemy import update
from sqlmodel import Session, col

from app import clock
from app.accounts import codes, keys
from app.accounts.models import TotpRow

STEP_SECONDS = 30
SECRET_BYTES = 20
DRIFT_STEPS = 1
"""A phone whose clock is half a minute off still works."""


def secret_for(token: str) -> bytes:
    """Return the secret that the set-up link `token` offers: the same at every look at the page."""
    return hmac.digest(keys.derived("totp-offer"), token.encode(), hashlib.sha256)[:SECRET_BYTES]


def as_text(secret: bytes) -> str:
    """Write a secret as authenticator apps take it."""
    return base64.b32encode(secret).decode()


def qr_code(secret: bytes, *, account: str, issuer: str) -> str:
    """Return a picture of the secret as a data address."""
    uri = pyotp.TOTP(as_text(secret)).provisioning_uri(name=account, issuer_name=issuer)
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=3))


def matching_step(secret: bytes, typed: str) -> int | None:
    """Return the step of time whose code was typed; None if it is none of the current ones."""
    digits = codes.read_digits(typed)
    if digits is None:
        return None
    generator = pyotp.TOTP(as_text(secret))
    now = int(clock.now().timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if strings_equal(generator.at(step * STEP_SECONDS), digits):
            return step
    return None


def save(session: Session, account_id: uuid.UUID, secret: bytes, *, used_step: int) -> None:
    """Keep a confirmed secret; the code that confirmed it is used up."""
    session.merge(
        TotpRow(
            account_id=account_id,
            secret=keys.seal("totp", secret, context=account_id.bytes),
            last_step=used_step,
            confirmed_at=clock.now(),
        )
    )


def secret_of(session: Session, account_id: uuid.UUID) -> bytes | None:
    row = session.get(TotpRow, account_id)
    if row is None or row.confirmed_at is None:
        return None
    return keys.unseal("totp", row.secret, context=account_id.bytes)


def use(session: Session, account_id: uuid.UUID, step: int) -> bool:
    """Use up the code of this step; False if it, or a later one, has been used."""
    done = session.exec(
        update(TotpRow)
        .where(col(TotpRow.account_id) == account_id, col(TotpRow.last_step) < step)
        .values(last_step=step)
    )
    return bool(done.rowcount == 1)


def current_code(session: Session, account_id: uuid.UUID) -> str | None:
    """Return the code of this moment: only a demonstration may show it."""
    secret = secret_of(session, account_id)
    now = int(clock.now().timestamp())
    return None if secret is None else pyotp.TOTP(as_text(secret)).at(now)
