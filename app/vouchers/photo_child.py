"""The process that looks for QR codes in a stranger's photo: `python -I photo_child.py < photo`.

It stands alone, without the rest of Minga: no database, no keys, little memory, little time. A
decoder that is tricked can spoil this process and nothing else. Nothing of the photo is kept.

Standard output: one line of JSON, either {"refused": reason} or {"texts": [what each code says]}.
"""

import io
import json
import resource
import sys
from typing import Any, BinaryIO

import zxingcpp
from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

FORMATS = ("JPEG", "PNG", "WEBP")
PIXELS_MAX = 25_000_000
SIDE_MAX = 2_000
"""Larger photos are made smaller first: a code that fills a tenth of one is still read."""

MEMORY_BYTES_MAX = 290_000_000
CPU_SECONDS_MAX = 10
CODES_MAX = 8
_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

# Pillow loads these when a photo first needs them, but by then no file can be opened.
_PARTS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
# What a decoder raises for broken input: SyntaxError is Pillow's for a bad PNG chunk.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError)


class RefusedError(Exception):
    """The photo cannot be read: `not_a_picture`, `damaged`, `too_many_pixels`, `too_heavy`."""


def main(source: BinaryIO, target: BinaryIO) -> None:
    Image.preinit()
    _limit_resources()
    try:
        answer: dict[str, Any] = {"texts": _texts(_greys(_open(source.read())))}
    except RefusedError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    target.write(json.dumps(answer).encode())


def _limit_resources() -> None:
    """From here on no file can be opened or written, and memory and time are bounded."""
    for kind, most in (
        (resource.RLIMIT_DATA, MEMORY_BYTES_MAX),
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _open(data: bytes) -> Image.Image:
    """Read the head of the photo and refuse its size before a single pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = None  # our own bound, below, is the narrower one
    try:
        photo = Image.open(io.BytesIO(data), formats=FORMATS)
    except _BROKEN:
        raise RefusedError("not_a_picture") from None
    if photo.width * photo.height > PIXELS_MAX:
        raise RefusedError("too_many_pixels")
    return photo


def _greys(photo: Image.Image) -> Image.Image:
    """Decode, make small, put on white paper and stretch the greys, so that dim photos are read."""
    try:
        photo.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.BILINEAR)
        if photo.mode == "I;16":  # greys in 65,536 steps, which convert() would make white
            photo = photo.point(lambda grey: grey * (1 / 256)).convert("L")
        if photo.has_transparency_data:
            photo = photo.convert("RGBA")
            paper = Image.new("RGBA", photo.size, "white")
            photo = Image.alpha_composite(paper, photo)
        return ImageOps.autocontrast(photo.convert("L"))
    except _BROKEN:
        raise RefusedError("damaged") from None


def _texts(greys: Image.Image) -> list[str]:
    pixels = memoryview(greys.tobytes()).cast("B", (greys.height, greys.width))
    found = zxingcpp.read_barcodes(pixels, formats=_FORMATS)
    return [code.text for code in found[:CODES_MAX]]


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
