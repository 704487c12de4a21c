"""Refusals that a person reads. No Flask here: services raise them, `web.py` maps them once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True)
class Lead:
    """A page that a sentence speaks of: the words of the link, and the page's endpoint.

    `values` need not name what stands in the address of the refused request as well.
    """

    words: object
    endpoint: str
    values: Mapping[str, object] = field(default_factory=dict)


class UserFacingError(Exception):
    """One plain sentence: what happened, what it means, what to do next.

    `sentence` may be a lazy translation; it is turned into text when shown. `lead`: the page to
    which it sends people, if it names one; shown as a link to whoever may open it.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[HTTPStatus] = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, sentence: object, *, lead: Lead | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.lead = lead

    def __str__(self) -> str:
        return str(self.sentence)


class InvalidError(UserFacingError):
    """What was entered cannot be taken as it is; the form shows it again."""

    code = "invalid"


class NotFoundError(UserFacingError):
    """Absent or not for this person: the same answer for both."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND


class ForbiddenError(UserFacingError):
    """Known person, but this act is not theirs."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class ConflictError(UserFacingError):
    """The thing has moved on since the person looked at it."""

    code = "conflict"
    status = HTTPStatus.CONFLICT


class TooManyError(UserFacingError):
    """Asked too often; `retry_after_seconds` says when to come back."""

    code = "too_many"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, sentence: object, *, retry_after_seconds: int) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class BusyError(UserFacingError):
    """The database could not take the change in time; nothing was written."""

    code = "busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
