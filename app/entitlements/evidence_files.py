"""Documents shown as evidence: sealed on the disk, outside the database, for as long as needed."""

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path

from flask_babel import lazy_gettext as lazy

from app import clock, keys, private_files, web
from app.entitlements.models import ApplicationFileRow
from app.errors import InvalidError, NotFoundError

MEGABYTES_MAX = 8
BYTES_MAX = MEGABYTES_MAX * 1_000_000
NAME_LENGTH_MAX = 120
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


def prepare(content: bytes, name: str, *, application_id: uuid.UUID) -> ApplicationFileRow:
    """Describe a file that was sent. Raises InvalidError for what is no PDF, JPEG or PNG."""
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    if kind is None:
        raise InvalidError(lazy("This is not a PDF, JPEG or PNG file. Choose another file."))
    if len(content) > BYTES_MAX:
        raise InvalidError(
            lazy("This file is larger than %(size)d MB. Choose a smaller one.", size=MEGABYTES_MAX)
        )
    return ApplicationFileRow(
        application_id=application_id,
        name=Path(name).name[-NAME_LENGTH_MAX:] or "file",
        media_type=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        uploaded_at=clock.now(),
    )


def keep(row: ApplicationFileRow, content: bytes, write_row: Callable[[], None]) -> None:
    """Write the file, then its row; without the row the file goes again."""
    path = _path(row.id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_files.write(path, keys.seal(keys.file_key(), content, bound_to=row.id.bytes))
    try:
        write_row()
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def read(row: ApplicationFileRow) -> bytes:
    """Return the file as it was sent. Raises NotFoundError when it is gone or was changed."""
    try:
        return keys.unseal(keys.file_key(), _path(row.id).read_bytes(), bound_to=row.id.bytes)
    except (OSError, keys.SealError) as error:
        raise NotFoundError(
            lazy("This document is not kept any more. Ask for it again if it is needed.")
        ) from error


def forget(file_id: uuid.UUID) -> None:
    """Delete the bytes; again changes nothing."""
    _path(file_id).unlink(missing_ok=True)


def _path(file_id: uuid.UUID) -> Path:
    return web.settings().instance / "care-evidence" / str(file_id)
