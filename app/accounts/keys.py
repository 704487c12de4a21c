"""Keys for one purpose each, drawn from the secret of this deployment."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import web

NONCE_BYTES = 12


def derived(purpose: str) -> bytes:
    """Return the 32 bytes that this deployment uses for `purpose` and for nothing else."""
    secret = web.settings().secrets.session
    return hmac.digest(secret, f"minga/accounts/{purpose}".encode(), hashlib.sha256)


def keyed_hash(purpose: str, text: str) -> str:
    return hmac.new(derived(purpose), text.encode(), hashlib.sha256).hexdigest()


def seal(purpose: str, plain: bytes, *, context: bytes) -> str:
    """Encrypt, so that a copy of the database alone does not tell; `context` binds the row."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(derived(purpose)).encrypt(nonce, plain, context)
    return base64.b64encode(nonce + sealed).decode()


def unseal(purpose: str, text: str, *, context: bytes) -> bytes | None:
    """Decrypt what `seal` made; None if it is of another deployment, or another row's."""
    raw = base64.b64decode(text)
    try:
        return AESGCM(derived(purpose)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context)
    except InvalidTag:
        return None
