"""The process that decodes a stranger's picture: `python -I decoding_child.py TASK < picture`.

It stands alone, without the rest of Minga: no database, no keys, little memory, little time. A
decoder that is tricked can spoil this process and nothing else. Nothing of the picture is kept.

Standard output: one line of JSON, {"refused": reason} or what the task found. TASK `encode`: sizes
and lengths, and after that line the picture and its thumbnail, both newly encoded JPEG. TASK
`codes`: {"texts": [what each QR code says]}.
"""

import io
import json
import resource
import sys
from typing import Any, BinaryIO

import zxingcpp
from PIL import (
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

FORMATS = ("JPEG", "PNG", "WEBP")
PIXELS_MAX = 25_000_000
# Enough for 25 million pixels as JPEG or PNG, for 16 million as WebP, which is decoded twice over.
MEMORY_BYTES_MAX = 290_000_000
CPU_SECONDS_MAX = 15
SIDE_MAX = 1600
THUMBNAIL_SIDE_MAX = 480
QUALITY = 82
CODES_SIDE_MAX = 2_000
"""Larger photos are made smaller first: a code that fills a tenth of one is still read."""
CODES_MAX = 8

# Pillow loads these when a picture first needs them, but by then no file can be opened.
_PARTS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
_SRGB = ImageCms.createProfile("sRGB")
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# What a decoder raises for broken input: SyntaxError is Pillow's for a bad PNG chunk.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError)


class RefusedError(Exception):
    """The picture cannot be taken: `not_a_picture`, `damaged`, `too_many_pixels`, `too_heavy`."""


def main(task: str, source: BinaryIO, target: BinaryIO) -> None:
    Image.preinit()
    _limit_resources()
    try:
        head, rest = TASKS[task](_open(source.read()))
    except RefusedError as error:
        head, rest = {"refused": str(error)}, b""
    except MemoryError:
        head, rest = {"refused": "too_heavy"}, b""
    target.write(json.dumps(head).encode() + b"\n" + rest)


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
    """Read the head of the picture and refuse its size before a single pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = None  # our own bound, below, is the narrower one
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except _BROKEN:
        raise RefusedError("not_a_picture") from None
    if picture.width * picture.height > PIXELS_MAX:
        raise RefusedError("too_many_pixels")
    return picture


def _encode(opened: Image.Image) -> tuple[dict[str, Any], bytes]:
    picture = _prepared(opened)
    full, thumbnail = _encoded(picture, SIDE_MAX), _encoded(picture, THUMBNAIL_SIDE_MAX)
    sizes = {"width": picture.width, "height": picture.height}
    lengths = {"full_bytes": len(full), "thumbnail_bytes": len(thumbnail)}
    return sizes | lengths, full + thumbnail


def _prepared(picture: Image.Image) -> Image.Image:
    """Decode, make small, turn as the camera was held, bring to plain opaque sRGB."""
    try:
        if picture.mode == "I;16":
            picture = _in_256_greys(picture)
        elif picture.mode not in ("L", "RGB", "RGBA", "CMYK"):
            picture = picture.convert("RGBA")
        picture.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
        picture = ImageOps.exif_transpose(picture)
    except _BROKEN:
        raise RefusedError("damaged") from None
    return _opaque(_in_srgb(picture))


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Many phones store wider colours and say so in a profile, which goes with the metadata."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode == "RGBA":
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, *_BROKEN):
        return picture  # a wrong profile spoils only the colours
    return changed or picture


def _opaque(picture: Image.Image) -> Image.Image:
    """Put the picture on white paper; the result carries nothing that came with it but pixels."""
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture.convert("RGB"), mask=picture if picture.mode == "RGBA" else None)
    return paper


def _encoded(picture: Image.Image, side_max: int) -> bytes:
    small = picture.copy()
    small.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def _codes(photo: Image.Image) -> tuple[dict[str, Any], bytes]:
    greys = _greys(photo)
    pixels = memoryview(greys.tobytes()).cast("B", (greys.height, greys.width))
    found = zxingcpp.read_barcodes(pixels, formats=_QR)
    return {"texts": [code.text for code in found[:CODES_MAX]]}, b""


def _greys(photo: Image.Image) -> Image.Image:
    """Decode, make small, put on white paper and stretch the greys, so that dim photos are read."""
    try:
        photo.thumbnail((CODES_SIDE_MAX, CODES_SIDE_MAX), Image.Resampling.BILINEAR)
        if photo.mode == "I;16":
            photo = _in_256_greys(photo)
        if photo.has_transparency_data:
            photo = photo.convert("RGBA")
            paper = Image.new("RGBA", photo.size, "white")
            photo = Image.alpha_composite(paper, photo)
        return ImageOps.autocontrast(photo.convert("L"))
    except _BROKEN:
        raise RefusedError("damaged") from None


def _in_256_greys(picture: Image.Image) -> Image.Image:
    """Turn greys in 65,536 steps, which convert() would make white, into 256."""
    return picture.point(lambda grey: grey * (1 / 256)).convert("L")


TASKS = {"encode": _encode, "codes": _codes}

if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
