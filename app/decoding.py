"""Pictures of strangers, decoded in a process of its own with little memory and little time.

Call `decode` outside any transaction: it takes up to seconds.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from app import decoding_child
from app.errors import BusyError

log = logging.getLogger("minga.pictures")

BYTES_MAX = 8_000_000
_SECONDS_MAX = 25
_WAIT_SECONDS_MAX = 20
_FILE_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_CHILDREN_MAX = 2
_children = threading.BoundedSemaphore(_CHILDREN_MAX)  # each may take 300 MB of memory


class UndecodableError(Exception):
    """The picture cannot be taken; `reason` is a word for the sentence that says why.

    `empty`, `too_many_bytes`, `not_a_picture`, `damaged`, `too_many_pixels` or `too_heavy`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(
    task: Literal["encode", "codes"], data: bytes, *, busy: object
) -> tuple[dict[str, Any], bytes]:
    """Return what the process said of a JPEG, PNG or WebP file, and the bytes after that.

    `busy`: the sentence of the BusyError that is raised while too many others are decoded. Raises
    UndecodableError for what cannot be decoded within the bounds.
    """
    _check(data)
    with _turn(busy):
        line, _, rest = _run_child(task, data).partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if "refused" in head:
        raise UndecodableError(head["refused"])
    return head, rest


def _check(data: bytes) -> None:
    if not data:
        raise UndecodableError("empty")
    if len(data) > BYTES_MAX:
        raise UndecodableError("too_many_bytes")
    if not (data.startswith(_FILE_HEADS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")):
        raise UndecodableError("not_a_picture")


@contextmanager
def _turn(busy: object) -> Iterator[None]:
    if not _children.acquire(timeout=_WAIT_SECONDS_MAX):
        raise BusyError(busy)
    try:
        yield
    finally:
        _children.release()


def _run_child(task: str, data: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(decoding_child.__file__)), task]
    try:
        done = subprocess.run(  # noqa: S603 (our own program, nothing of the picture in the words)
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS_MAX,
            env={},
            cwd="/",
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise UndecodableError("too_heavy") from None
    except subprocess.CalledProcessError as error:
        log.warning("the picture process ended with %s", error.returncode)
        raise UndecodableError("too_heavy" if error.returncode < 0 else "damaged") from None
    return done.stdout
