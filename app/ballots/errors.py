"""Why a ballot was not taken, in sentences for the voter."""

from collections.abc import Sequence
from http import HTTPStatus

from flask_babel import lazy_gettext as lazy

from app.errors import ConflictError, InvalidError


class TooManyChangesError(ConflictError):
    """A ballot can be changed 49 times, which no person reaches by voting."""

    code = "too_many_changes"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This ballot has been changed so often that it cannot be changed again. "
                "The last one that was cast counts. Ask the help desk if it is not what you want."
            )
        )


class BallotRefusedError(InvalidError):
    """The choices do not obey the rules; a sentence for each limit in the way."""

    code = "ballot"

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = tuple(sentences)
