"""Work that waits for staff: each feature adds the lines that it knows about.

A feature declares `@work.source` on a function; the dashboard shows what it returns.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from app.policy import Actor


@dataclass(frozen=True)
class Line:
    """One thing to do: a sentence with its number in it, and where it is done."""

    text: str
    href: str
    urgent: bool = False


Source = Callable[[Session, Actor], Iterable[Line]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Declare a function that returns the lines for this person (none if it is not theirs)."""
    _sources.append(function)
    return function


def lines(session: Session, actor: Actor) -> list[Line]:
    """Return what waits for this person, urgent things first."""
    found = [line for function in _sources for line in function(session, actor)]
    return sorted(found, key=lambda line: not line.urgent)
