"""Keys of vouchers: they lie outside the database and are backed up apart from it."""

import hashlib
import hmac
import uuid

from app import keys


def pepper() -> bytes:
    """Return the key under which codes, PINs and register numbers are hashed."""
    return _derived("pepper/1")


def seal(plain: bytes, *, voucher_id: uuid.UUID) -> bytes:
    """Encrypt for one voucher; another voucher's row cannot be given it."""
    return keys.seal(_derived("seal"), plain, bound_to=voucher_id.bytes)


def unseal(sealed: bytes, *, voucher_id: uuid.UUID) -> bytes:
    """Open what `seal` made for this voucher. Raises keys.SealError for anything else."""
    return keys.unseal(_derived("seal"), sealed, bound_to=voucher_id.bytes)


def seal_scanned(plain: bytes) -> bytes:
    """Encrypt what a browser keeps of a code that it read."""
    return keys.seal(_derived("scanned"), plain, bound_to=b"")


def open_scanned(sealed: bytes) -> bytes:
    """Open what `seal_scanned` made. Raises keys.SealError for anything else."""
    return keys.unseal(_derived("scanned"), sealed, bound_to=b"")


def _derived(purpose: str) -> bytes:
    return hmac.digest(keys.file_key(), f"minga/vouchers/{purpose}".encode(), hashlib.sha256)
