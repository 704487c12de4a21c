"""Photos of vouchers: read as people take them, refused in a sentence, never kept."""

import io
import struct
import subprocess
import zlib
from collections.abc import Iterator

import pytest
import segno
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from app import decoding
from app.errors import BusyError
from app.vouchers import photo, qr
from app.vouchers.photo import PhotoError

CODE = "MNGA-2V7K-3XZ3"
OTHER = "0123-4567-89AM"
BASE = "https://minga.example"


def qr_picture(rows: list[list[bool]], *, scale: int = 8) -> Image.Image:
    side = len(rows) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, black in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if black else 255)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST).convert("RGB")


def on_a_table(*pictures: Image.Image, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    table = Image.new("RGB", size, (150, 120, 90))
    for number, picture in enumerate(pictures):
        table.paste(picture, (60 + number * 450, 200))
    return table


def as_file(picture: Image.Image, kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def voucher(code: str = CODE) -> Image.Image:
    return qr_picture(qr.modules(BASE, code))


def foreign(text: str) -> Image.Image:
    return qr_picture([[bool(m) for m in row] for row in segno.make_qr(text).matrix])


def reason(data: bytes) -> str:
    with pytest.raises(PhotoError) as refused:
        photo.read(data)
    assert str(refused.value).endswith(".")
    return refused.value.reason


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_code_is_read_from_a_photo(kind: str) -> None:
    assert photo.read(as_file(on_a_table(voucher()), kind)) == CODE


@pytest.mark.parametrize(
    "taken",
    [
        pytest.param(lambda p: p.rotate(17, expand=True, fillcolor="grey"), id="tilted"),
        pytest.param(lambda p: p.rotate(180), id="upside down"),
        pytest.param(lambda p: ImageEnhance.Brightness(p).enhance(0.12), id="dim"),
        pytest.param(lambda p: p.filter(ImageFilter.GaussianBlur(2)), id="blurred"),
        pytest.param(lambda p: p.resize((4800, 3600)), id="of 17 million pixels"),
    ],
)
def test_the_code_is_read_from_a_photo_that_is_not_perfect(taken: object) -> None:
    assert photo.read(as_file(taken(on_a_table(voucher())))) == CODE  # type: ignore[operator]


def test_a_drawing_without_paper_is_read() -> None:
    drawing = Image.new("RGBA", voucher().size, "black")
    drawing.putalpha(ImageOps.invert(voucher().convert("L")))

    assert photo.read(as_file(drawing, "PNG")) == CODE


def test_the_code_is_found_beside_one_that_is_no_voucher() -> None:
    assert photo.read(as_file(on_a_table(foreign("a poster"), voucher()))) == CODE


def test_one_voucher_seen_twice_is_one_voucher() -> None:
    assert photo.read(as_file(on_a_table(voucher(), voucher()))) == CODE


def test_two_vouchers_are_not_chosen_between() -> None:
    assert reason(as_file(on_a_table(voucher(), voucher(OTHER)))) == "several"


@pytest.mark.parametrize("text", ["a poster", "HTTPS://MINGA.EXAMPLE/V/MNGA2V7K3XZ4"])
def test_a_qr_code_that_is_no_voucher_is_said_to_be_none(text: str) -> None:
    assert reason(as_file(on_a_table(foreign(text)))) == "foreign"


def test_a_photo_without_a_qr_code_is_said_to_show_none() -> None:
    assert reason(as_file(on_a_table())) == "nothing"


def test_what_is_no_photo_is_refused_with_its_reason() -> None:
    assert reason(b"") == "empty"
    assert reason(b"\xff\xd8\xff" + bytes(decoding.BYTES_MAX)) == "too_many_bytes"
    assert reason(b"<svg/>") == "not_a_picture"
    assert reason(b"GIF89a" + bytes(100)) == "not_a_picture"
    assert reason(b"\xff\xd8\xff" + bytes(100)) == "not_a_picture"
    assert reason(as_file(on_a_table(voucher()))[:3_000]) == "damaged"


def test_a_photo_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    assert reason(bomb(20_000, 20_000)) == "too_many_pixels"


def test_a_reader_that_takes_too_long_or_dies_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults: Iterator[Exception] = iter(
        [
            subprocess.TimeoutExpired("python", 1),
            subprocess.CalledProcessError(-9, "python"),
            subprocess.CalledProcessError(1, "python"),
        ]
    )

    def fail(*_: object, **__: object) -> None:
        raise next(faults)

    monkeypatch.setattr(decoding.subprocess, "run", fail)
    data = as_file(on_a_table())

    assert [reason(data) for _ in range(3)] == ["too_heavy", "too_heavy", "damaged"]


def test_only_two_photos_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_WAIT_SECONDS_MAX", 0)

    with (
        decoding._turn(""),
        decoding._turn(""),
        pytest.raises(BusyError, match="Nothing was charged"),
    ):
        photo.read(as_file(on_a_table()))
    assert photo.read(as_file(on_a_table(voucher()))) == CODE
