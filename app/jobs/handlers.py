"""Which function does which kind of job. Features register theirs at start."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.jobs.running import RunningJob

Handler = Callable[["RunningJob"], None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of this kind."""

    def declare(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return declare


def handler_of(kind: str) -> Handler | None:
    return _handlers.get(kind)
