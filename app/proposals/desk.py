"""The work list of the review desk: what to show of it, in which order. Pure sifting of rows."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as lazy

from app.proposals import rules
from app.proposals.queries import Work
from app.proposals.rules import ProposalState
from app.rounds.models import RoundRow

OPEN_FIRST = "open"
STATES: Mapping[str, tuple[object, frozenset[str]]] = {
    OPEN_FIRST: (lazy("To be decided"), rules.OPEN),
    "new": (lazy("New"), frozenset({ProposalState.SUBMITTED})),
    "question": (lazy("Waiting for the author"), frozenset({ProposalState.QUESTION})),
    "decided": (lazy("Decided"), frozenset({ProposalState.DECIDED, ProposalState.ADOPTED})),
    "gone": (
        lazy("Joined or withdrawn"),
        frozenset({ProposalState.MERGED, ProposalState.WITHDRAWN}),
    ),
    "all": (lazy("All"), rules.HAS_PAGE),
}


@dataclass(frozen=True)
class Line:
    """A proposal on the work list, with its round and the names that the list shows."""

    work: Work
    round: RoundRow
    area: str
    assignee: str

    @property
    def assigned_to(self) -> uuid.UUID | None:
        return self.work.review.assigned_to if self.work.review else None

    @property
    def verdict(self) -> str | None:
        decided = self.work.proposal.state in (ProposalState.DECIDED, ProposalState.ADOPTED)
        return self.work.review.verdict if decided and self.work.review else None

    @property
    def sent_at(self) -> datetime:
        return self.work.proposal.submitted_at or self.work.proposal.created_at

    def age_days(self, now: datetime) -> int:
        """Full days since it was sent in."""
        return max(0, (now - self.sent_at).days)


SORTS: Mapping[str, tuple[object, Callable[[Line], Any]]] = {
    "oldest": (lazy("Oldest first"), lambda line: line.sent_at),
    "newest": (lazy("Newest first"), lambda line: -line.sent_at.timestamp()),
    "area": (lazy("By area"), lambda line: (line.area, line.sent_at)),
    "who": (lazy("By reviewer"), lambda line: (line.assignee, line.sent_at)),
    "title": (lazy("By title"), lambda line: line.work.proposal.title.casefold()),
}


def sift(
    lines: Iterable[Line],
    *,
    state: str,
    who: str,
    areas: frozenset[uuid.UUID] | None,
    sort: str,
    me: uuid.UUID | None,
) -> list[Line]:
    """Keep what was asked for, in the order asked for. `areas` None: everywhere."""
    states = STATES[state][1]
    found = [
        line
        for line in lines
        if line.work.proposal.state in states
        and _is_with(line, who, me)
        and (areas is None or line.work.proposal.area_id in areas)
    ]
    return sorted(found, key=SORTS[sort][1])


def _is_with(line: Line, who: str, me: uuid.UUID | None) -> bool:
    if who == "me":
        return line.assigned_to == me
    if who == "nobody":
        return line.assigned_to is None
    return not who or str(line.assigned_to) == who
