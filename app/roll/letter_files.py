"""Letters on the disk: sealed, until somebody takes them away."""

import uuid
from pathlib import Path

from app import keys, web


def save(batch_id: uuid.UUID, attempt: int, pdf: bytes) -> None:
    """Keep a PDF sealed, under the attempt of the job, so that two workers never share a file."""
    _folder().mkdir(mode=0o700, exist_ok=True)
    _file(batch_id, attempt).write_bytes(
        keys.seal(keys.file_key(), pdf, bound_to=_bound_to(batch_id))
    )


def read(batch_id: uuid.UUID, attempt: int) -> bytes | None:
    """Open a PDF; None if it is gone."""
    try:
        sealed = _file(batch_id, attempt).read_bytes()
    except FileNotFoundError:
        return None
    return keys.unseal(keys.file_key(), sealed, bound_to=_bound_to(batch_id))


def forget(batch_id: uuid.UUID) -> None:
    """Delete the letters of a batch, those of attempts that failed too."""
    for path in _folder().glob(f"{batch_id}.*"):
        path.unlink(missing_ok=True)


def _folder() -> Path:
    return web.settings().instance / "letters"


def _file(batch_id: uuid.UUID, attempt: int) -> Path:
    return _folder() / f"{batch_id}.{attempt}"


def _bound_to(batch_id: uuid.UUID) -> bytes:
    return b"minga/letters/" + batch_id.bytes
