"""Secret keys in files of MINGA_KEY_DIR, which no backup of the database reads.

K, one per round: codes, slots, drafts and passes hang on it. It is made with the first roll of the
round and never again: a second K would give everybody a second, empty slot, so where the file is
missing Minga refuses to go on. S signs receipts and the board. The file key seals personal data
that waits in the database or on the disk: roll rows and letters.
"""

import secrets
import uuid
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask_babel import lazy_gettext as lazy

from app import private_files, web
from app.errors import UserFacingError
from voting.receipts import KeyPurpose, derive_key

KEY_BYTES = 32
_GCM_NONCE_BYTES = 12


class KeyMissingError(UserFacingError):
    """The file of a key is not where it was: nobody votes until it is back."""

    code = "key_missing"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class SealError(Exception):
    """Sealed bytes that were changed, cut off, or sealed under another key or for another use."""


def make_round_key(round_id: uuid.UUID) -> None:
    """Make the round's key K unless it is there; processes starting together agree on one."""
    _make(_round_file(round_id))


def round_key(round_id: uuid.UUID, purpose: KeyPurpose) -> bytes:
    """Return the round's key for one purpose. Raises KeyMissingError if K's file is gone."""
    path = _round_file(round_id)
    try:
        return derive_key(_read(path, path.stat().st_mtime_ns), purpose)
    except OSError as error:
        raise KeyMissingError(
            lazy(
                "The key of this round is not in its place, so nobody can vote at the moment. "
                "Nothing was changed. The administrator has to put the key file back."
            )
        ) from error


def board_key() -> Ed25519PrivateKey:
    """Return S, which signs receipts and the board; made at its first use."""
    path = _folder() / "board.key"
    _make(path)
    return Ed25519PrivateKey.from_private_bytes(_read(path, path.stat().st_mtime_ns))


def board_public_key() -> bytes:
    """Return the 32 bytes with which anybody checks what S signed."""
    return board_key().public_key().public_bytes_raw()


def file_key() -> bytes:
    """Return the key that seals waiting personal data; made at its first use."""
    path = _folder() / "files.key"
    _make(path)
    return _read(path, path.stat().st_mtime_ns)


def seal(key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """Encrypt with AES-256-GCM; `bound_to` must be named again to open it."""
    nonce = secrets.token_bytes(_GCM_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Open what `seal` made; raises SealError for anything else."""
    nonce, text = sealed[:_GCM_NONCE_BYTES], sealed[_GCM_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, text, bound_to)
    except (InvalidTag, ValueError) as error:  # ValueError: too few bytes
        raise SealError from error


def _folder() -> Path:
    return web.settings().key_dir


def _round_file(round_id: uuid.UUID) -> Path:
    return _folder() / f"round-{round_id}.key"


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> bytes:
    """Read a key; kept in memory until the file changes, since every cast needs it."""
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise OSError(f"{path.name} does not hold a key")
    return key


def _make(path: Path) -> None:
    """Draw a key unless there is one."""
    if not path.exists():
        private_files.write_once(path, secrets.token_bytes(KEY_BYTES))
