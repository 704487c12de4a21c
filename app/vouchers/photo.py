"""A photo of a voucher, sent by who has no camera in the page: its code is read, it is not kept.

Call `read` outside any transaction: it takes up to seconds.
"""

from flask_babel import lazy_gettext as lazy

from app import decoding
from app.errors import InvalidError
from app.vouchers import codes
from voting.errors import CodeError

_BUSY = lazy("Too many photos are being read. Nothing was charged. Try again in a minute.")
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

    `data`: a JPEG, PNG or WebP file of at most 8 MB and 25 million pixels. Raises PhotoError with a
    sentence, and BusyError while too many pictures are being read.
    """
    try:
        said, _ = decoding.decode("codes", data, busy=_BUSY)
    except decoding.UndecodableError as error:
        raise PhotoError(error.reason) from None
    return _the_one_code(list(said["texts"]))


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
