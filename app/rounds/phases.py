"""Where a round stands for residents, at this very moment: what they can do, what comes next.

The state alone does not say: proposals are taken, and ballots cast, only between two dates.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.rounds.models import RoundRow, RoundState


class PhaseName(StrEnum):
    """The phases of the timeline, in their order."""

    PREPARATION = "preparation"  # being set up, or announced while the town enters its projects
    ANNOUNCED = "announced"  # proposals are not taken yet
    PROPOSALS = "proposals"
    REVIEW = "review"
    READY = "ready"  # the ballot is fixed, voting has not opened
    VOTING = "voting"
    COUNTING = "counting"  # voting is over, the result is not public
    RESULTS = "results"


class Chance(StrEnum):
    """What residents can do now."""

    PROPOSE = "propose"
    VOTE = "vote"
    SEE_RESULTS = "see_results"


@dataclass(frozen=True)
class Phase:
    """`next_at`: when the next thing happens; None if no date is set for it."""

    name: PhaseName
    chance: Chance | None = None
    next_at: datetime | None = None


def phase(round_row: RoundRow, now: datetime) -> Phase:
    """Say where the round stands at `now`."""
    match RoundState(round_row.state):
        case RoundState.REVIEW if round_row.proposals_open_at is None:
            return Phase(PhaseName.PREPARATION, next_at=round_row.voting_opens_at)
        case RoundState.PROPOSALS:
            return _while_announced(round_row, now)
        case RoundState.VOTING if can_vote(round_row, now):
            return Phase(PhaseName.VOTING, Chance.VOTE, round_row.voting_closes_at)
        case RoundState.VOTING | RoundState.CLOSED:
            return Phase(PhaseName.COUNTING, next_at=round_row.results_at)
        case RoundState.PUBLISHED:
            return Phase(PhaseName.RESULTS, Chance.SEE_RESULTS)
        case state:
            return Phase(_WAITING[state], next_at=round_row.voting_opens_at)


_WAITING = {
    RoundState.DRAFT: PhaseName.PREPARATION,
    RoundState.REVIEW: PhaseName.REVIEW,
    RoundState.FROZEN: PhaseName.READY,
}


def can_propose(round_row: RoundRow, now: datetime) -> bool:
    """Say whether proposals are taken: the round is announced and between its two dates."""
    opens, closes = round_row.proposals_open_at, round_row.proposals_close_at
    return (
        round_row.state == RoundState.PROPOSALS
        and opens is not None
        and closes is not None
        and opens <= now < closes
    )


def can_vote(round_row: RoundRow, now: datetime) -> bool:
    """Say whether ballots are taken. The instant of the close is the first that is too late."""
    closes = round_row.voting_closes_at
    return round_row.state == RoundState.VOTING and closes is not None and now < closes


def is_past(date: datetime | None, now: datetime) -> bool:
    """Say whether a date was set and has come."""
    return date is not None and date <= now


def _while_announced(round_row: RoundRow, now: datetime) -> Phase:
    if can_propose(round_row, now):
        return Phase(PhaseName.PROPOSALS, Chance.PROPOSE, round_row.proposals_close_at)
    opens = round_row.proposals_open_at
    if opens is not None and now < opens:
        return Phase(PhaseName.ANNOUNCED, next_at=opens)
    return Phase(PhaseName.REVIEW, next_at=round_row.voting_opens_at)
