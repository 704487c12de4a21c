"""The QR picture of a voucher: the address of `codes.address`, as small as it can be."""

import segno
from markupsafe import Markup

from app import web
from app.vouchers import codes

ERROR_LEVEL = "q"
"""A quarter of the picture may be lost: paper is folded and screens are scratched."""

BORDER = 4
"""Empty modules around the picture; scanners find it by them."""


def svg(base_url: str, code: str) -> str:
    """Return the picture as an `svg` element for a page or a letter, black on white."""
    picture = _make(base_url, code)
    return str(picture.svg_inline(border=BORDER, dark="#000", light="#fff", omitsize=True))


def for_page(code: str) -> Markup:
    """Return the picture for a page of this application; it is made out of figures alone."""
    return Markup(svg(web.settings().base_url, code))  # noqa: S704


def modules(base_url: str, code: str) -> list[list[bool]]:
    """Return the rows of the picture without its border; True is black."""
    return [[bool(module) for module in row] for row in _make(base_url, code).matrix]


def _make(base_url: str, code: str) -> segno.QRCode:
    """Capitals fit the alphanumeric mode: 29 modules a side for hosts of up to 24 characters."""
    address = codes.address(base_url, code)
    return segno.make(address, error=ERROR_LEVEL, boost_error=False, micro=False)
