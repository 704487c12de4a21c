"""Documents that people show as evidence: sealed on the disk, outside the database.

Each is found by the identifier of its row, in the folder of its feature.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask_babel import lazy_gettext as lazy

from app import keys, private_files, web
from app.errors import InvalidError, NotFoundError

MEGABYTES_MAX = 8
BYTES_MAX = MEGABYTES_MAX * 1_000_000
NAME_LENGTH_MAX = 120
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


@dataclass(frozen=True)
class Described:
    """What a row says of its file. `sha256`: of the file as it was sent, in hex."""

    name: str
    media_type: str
    sha256: str
    size_bytes: int


def describe(content: bytes, name: str) -> Described:
    """Look at a file that was sent. Raises InvalidError for what is no PDF, JPEG or PNG."""
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    if kind is None:
        raise InvalidError(lazy("This is not a PDF, JPEG or PNG file. Choose another file."))
    if len(content) > BYTES_MAX:
        raise InvalidError(
            lazy("This file is larger than %(size)d MB. Choose a smaller one.", size=MEGABYTES_MAX)
        )
    return Described(
        name=Path(name).name[-NAME_LENGTH_MAX:] or "file",
        media_type=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
    )


@dataclass(frozen=True)
class SealedFolder:
    """The sealed files of one feature. `gone`: the sentence where one cannot be read any more."""

    name: str
    gone: object

    def keep(self, file_id: uuid.UUID, content: bytes, write_row: Callable[[], None]) -> None:
        """Write a file, then its row; without the row the file goes again."""
        path = self._path(file_id)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_files.write(path, keys.seal(keys.file_key(), content, bound_to=file_id.bytes))
        try:
            write_row()
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def read(self, file_id: uuid.UUID) -> bytes:
        """Return a file as it was sent. Raises NotFoundError when it is gone or was changed."""
        try:
            sealed = self._path(file_id).read_bytes()
            return keys.unseal(keys.file_key(), sealed, bound_to=file_id.bytes)
        except (OSError, keys.SealError) as error:
            raise NotFoundError(self.gone) from error

    def forget(self, file_id: uuid.UUID) -> None:
        """Delete the bytes; again changes nothing."""
        self._path(file_id).unlink(missing_ok=True)

    def _path(self, file_id: uuid.UUID) -> Path:
        return web.settings().instance / self.name / str(file_id)
