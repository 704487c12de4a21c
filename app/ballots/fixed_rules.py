"""The rules of ballots in rounds that are open: fixed, so read once and kept in memory.

Otherwise each cast would read all projects of its pot again, on SQLite with all others waiting.
"""

import uuid

from sqlmodel import Session

from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow
from app.rounds.service import FIXED
from voting.rules import BallotRules

KEPT_MAX = 500

_known: dict[uuid.UUID, BallotRules] = {}


def ballot_rules(session: Session, round_row: RoundRow, pot_row: PotRow) -> BallotRules:
    """Return what a ballot on this pot may hold. From the freeze on it never changes."""
    if round_row.state not in FIXED:
        return rounds.ballot_rules(session, round_row, pot_row)
    if pot_row.id not in _known:
        if len(_known) >= KEPT_MAX:
            _known.clear()
        _known[pot_row.id] = rounds.ballot_rules(session, round_row, pot_row)
    return _known[pot_row.id]
