"""Pictures that people send in: decoded in a process of its own, kept only newly encoded.

`prepare` before the transaction, since it takes a second; `store` inside it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock, decoding
from app.errors import InvalidError
from app.policy import Actor, fetch, object_rule
from app.rounds.models import PictureRow

MEDIA_TYPE = "image/jpeg"
ALT_TEXT_LENGTH_MAX = 300
_BUSY = lazy("Too many pictures are being worked on. Nothing was saved. Try again in a minute.")

_SENTENCES = {
    "not_a_picture": lazy(
        "This file is not a picture that can be shown. Choose a JPEG, PNG or WebP file, "
        "such as a photo taken with a phone."
    ),
    "damaged": lazy(
        "This picture is damaged or incomplete. Open it on your device, save it again, "
        "and choose the new file."
    ),
    "too_many_pixels": lazy(
        "This picture has more than 25 million pixels. Make it smaller, or choose another."
    ),
    "too_heavy": lazy(
        "This picture is too large to be worked on. Save it as a JPEG file of at most "
        "12 million pixels, and choose that."
    ),
    "too_many_bytes": lazy("This picture is larger than 8 MB. Make it smaller, or choose another."),
    "empty": lazy("The file is empty. Choose a JPEG, PNG or WebP picture."),
}


class PictureError(InvalidError):
    """The picture cannot be taken; what was typed beside it stays."""

    code = "picture"

    def __init__(self, reason: str) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


@dataclass(frozen=True)
class PreparedPicture:
    """A picture and its thumbnail as JPEG: upright, sRGB, no more than pixels."""

    full: bytes
    thumbnail: bytes
    width: int
    height: int


def prepare(data: bytes) -> PreparedPicture:
    """Decode a JPEG, PNG or WebP file and encode it anew. Raises PictureError with a sentence."""
    try:
        head, pictures = decoding.decode("encode", data, busy=_BUSY)
    except decoding.UndecodableError as error:
        raise PictureError(error.reason) from None
    full, thumbnail = pictures[: head["full_bytes"]], pictures[head["full_bytes"] :]
    if len(thumbnail) != head["thumbnail_bytes"]:
        raise RuntimeError("the picture process answered less than it announced")
    return PreparedPicture(full, thumbnail, width=head["width"], height=head["height"])


def store(
    session: Session,
    picture: PreparedPicture,
    *,
    alt_text: str,
    owner_id: uuid.UUID | None,
    public: bool = False,
) -> PictureRow:
    """Add a prepared picture; `public` at once for what is already on show."""
    row = PictureRow(
        media_type=MEDIA_TYPE,
        content=picture.full,
        thumbnail=picture.thumbnail,
        width=picture.width,
        height=picture.height,
        alt_text=alt_text[:ALT_TEXT_LENGTH_MAX],
        owner_id=owner_id,
        public=public,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def describe(session: Session, picture_id: uuid.UUID, alt_text: str) -> None:
    """Change the words for those who do not see the picture."""
    row = session.get_one(PictureRow, picture_id)
    row.alt_text = alt_text[:ALT_TEXT_LENGTH_MAX]
    session.add(row)


def alt_texts(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Return the words for those who do not see these pictures, without loading the pictures."""
    wanted = {one for one in ids if one is not None}
    query = select(PictureRow.id, PictureRow.alt_text).where(col(PictureRow.id).in_(wanted))
    return dict(session.exec(query).all())


def show(session: Session, picture_id: uuid.UUID | None, *, public: bool) -> None:
    """Show a picture to everybody from now on, or to its owner alone again."""
    row = session.get(PictureRow, picture_id) if picture_id else None
    if row is not None:
        row.public = public
        session.add(row)


def remove(session: Session, picture_id: uuid.UUID | None) -> None:
    """Delete a picture that nothing shows any more."""
    row = session.get(PictureRow, picture_id) if picture_id else None
    if row is not None:
        session.delete(row)
        session.flush()


def visible(session: Session, actor: Actor, picture_id: uuid.UUID) -> PictureRow:
    """Load a picture that is public or the actor's own; NotFoundError for any other."""
    return fetch(session, actor, PictureRow, picture_id)


@object_rule(PictureRow)
def _is_visible(_session: Session, actor: Actor, row: PictureRow) -> bool:
    return row.public or (actor.signed_in and row.owner_id == actor.account_id)
