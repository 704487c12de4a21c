"""Keys for one purpose each, drawn from the secret of this deployment.

The keys of rounds and of files lie apart, in `app/keys.py`: no backup of the database has those.
"""

import base64
import hashlib
import hmac

from app import keys, web


def derived(purpose: str) -> bytes:
    """Return the 32 bytes that this deployment uses for `purpose` and for nothing else."""
    secret = web.settings().secrets.session
    return hmac.digest(secret, f"minga/accounts/{purpose}".encode(), hashlib.sha256)


def keyed_hash(purpose: str, text: str) -> str:
    return hmac.new(derived(purpose), text.encode(), hashlib.sha256).hexdigest()


def seal(purpose: str, plain: bytes, *, context: bytes) -> str:
    """Encrypt, so that a copy of the database alone does not tell; `context` binds the row."""
    return base64.b64encode(keys.seal(derived(purpose), plain, bound_to=context)).decode()


def unseal(purpose: str, text: str, *, context: bytes) -> bytes | None:
    """Decrypt what `seal` made; None if it is of another deployment, or another row's."""
    try:
        return keys.unseal(derived(purpose), base64.b64decode(text), bound_to=context)
    except keys.SealError:
        return None
