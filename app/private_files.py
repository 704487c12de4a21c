"""Files for their owner alone: on the disk before anybody relies on them, never seen half."""

import contextlib
import os
import secrets
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file that no other user of the machine can read; returns when it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole before it gets its name, unless it is there already.

    Of processes that start together one comes first: its content counts, and all read the same.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write(draft, content)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Without it a power cut can take the name of a file that is already on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
