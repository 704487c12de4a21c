import re

import pytest
import zxingcpp
from PIL import Image

from app.vouchers import codes, qr

CODE = "MNGA-2V7K-3XZ3"


def painted(rows: list[list[bool]], *, scale: int = 6) -> Image.Image:
    side = len(rows) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, black in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if black else 255)
    return picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def read_back(picture: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


@pytest.mark.parametrize(("letters", "modules"), [(24, 29), (25, 33)])
def test_hosts_of_up_to_24_letters_fit_version_3(letters: int, modules: int) -> None:
    rows = qr.modules(f"https://{'m' * letters}", CODE)

    assert (len(rows), len(rows[0])) == (modules, modules)


def test_the_picture_says_the_address_in_capitals() -> None:
    text = read_back(painted(qr.modules("https://minga.example", CODE)))

    assert text == "HTTPS://MINGA.EXAMPLE/V/MNGA2V7K3XZ3"
    assert codes.read(text) == CODE


def test_the_picture_is_read_though_a_part_of_it_is_lost() -> None:
    rows = qr.modules("https://minga.example", CODE)
    for y in range(12, 19):
        for x in range(12, 20):  # 56 of 841 modules, in the middle, where no pattern helps
            rows[y][x] = True

    assert codes.read(read_back(painted(rows))) == CODE


def test_the_drawing_for_pages_scales_and_has_its_empty_border() -> None:
    drawing = qr.svg("https://minga.example", CODE)

    assert drawing.startswith("<svg")
    assert 'viewBox="0 0 37 37"' in drawing
    assert not re.search(r"<svg[^>]* (width|height)=", drawing)
    assert "style" not in drawing
    assert "MNGA" not in drawing
