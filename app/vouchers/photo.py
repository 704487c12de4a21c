"""A photo of a voucher, sent by who has no camera in the page: its code is read, it is not kept.

Call `read` outside any transaction: it takes up to seconds.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as lazy

from app.errors import BusyError, InvalidError
from app.vouchers import codes, photo_child
from voting.errors import CodeError

log = logging.getLogger("minga.photos")

BYTES_MAX = 8_000_000
_SECONDS_MAX = 15
_WAIT_SECONDS_MAX = 10
_FILE_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_CHILDREN_MAX = 2
_children = threading.BoundedSemaphore(_CHILDREN_MAX)  # each may take 300 MB of memory

_SENTENCES = {
    "empty": lazy("The file is empty. Choose a photo of the voucher."),
    "too_many_bytes": lazy(
        "This photo is larger than 8 MB. Take it with fewer pixels, or type the code."
    ),
    "not_a_picture": lazy(
        "This file is not a photo that can be read. Choose a JPEG, PNG or WebP file, "
        "or type the code."
    ),
    "damaged": lazy(
        "This photo is damaged or incomplete. Take a new photo of the voucher, or type the code."
    ),
    "too_many_pixels": lazy(
        "This photo has more than 25 million pixels. Take it with fewer pixels, or type the code."
    ),
    "too_heavy": lazy("This photo is too large to be read. Take a smaller one, or type the code."),
    "nothing": lazy(
        "No QR code can be seen in this photo. Hold the phone closer and steady, "
        "with light on the voucher, or type the code."
    ),
    "foreign": lazy(
        "The QR code in this photo is not that of a voucher. "
        "Take a photo of the voucher, or type the code below the square."
    ),
    "several": lazy(
        "There is more than one voucher in this photo. Take a photo of one only, or type the code."
    ),
}


class PhotoError(InvalidError):
    """No code could be read from the photo; what was typed beside it stays."""

    code = "photo"

    def __init__(self, reason: str) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


def read(data: bytes) -> str:
    """Return the code of the one voucher in a photo, written XXXX-XXXX-XXXX.

    `data`: a JPEG, PNG or WebP file of at most BYTES_MAX bytes and 25 million pixels. Raises
    PhotoError with a sentence, and BusyError while too many photos are being read.
    """
    if not data:
        raise PhotoError("empty")
    if len(data) > BYTES_MAX:
        raise PhotoError("too_many_bytes")
    if not (data.startswith(_FILE_HEADS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")):
        raise PhotoError("not_a_picture")
    with _turn():
        return _the_one_code(_texts(_run_child(data)))


def _the_one_code(texts: list[str]) -> str:
    """Pick the voucher's code; other QR codes may lie beside it, on a poster say."""
    if not texts:
        raise PhotoError("nothing")
    found = {code for text in texts if (code := _code_in(text)) is not None}
    if len(found) != 1:
        raise PhotoError("several" if found else "foreign")
    return found.pop()


def _code_in(text: str) -> str | None:
    try:
        return codes.read(text)
    except CodeError:
        return None


@contextmanager
def _turn() -> Iterator[None]:
    if not _children.acquire(timeout=_WAIT_SECONDS_MAX):
        raise BusyError(
            lazy("Too many photos are being read. Nothing was charged. Try again in a minute.")
        )
    try:
        yield
    finally:
        _children.release()


def _run_child(data: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(photo_child.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 (our own program, nothing of the photo in the words)
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
        raise PhotoError("too_heavy") from None
    except subprocess.CalledProcessError as error:
        log.warning("the photo process ended with %s", error.returncode)
        raise PhotoError("too_heavy" if error.returncode < 0 else "damaged") from None
    return done.stdout


def _texts(answer: bytes) -> list[str]:
    head: dict[str, Any] = json.loads(answer)
    if "refused" in head:
        raise PhotoError(head["refused"])
    return list(head["texts"])
