"""Fixing what is counted: the number of ballots and the root over them, before any tally."""

import zlib
from hashlib import sha256

from sqlmodel import Session

from app.ballots import queries as ballots
from app.results.models import CloseRow, ImportedElectionRow
from app.rounds.models import Origin, RoundRow
from voting import merkle


def seal_count(session: Session, round_row: RoundRow) -> CloseRow:
    """Fix the counted ballots of a closed round, once; returns what was fixed."""
    there = session.get(CloseRow, round_row.id)
    if there is not None:
        return there
    if round_row.closed_at is None:
        raise ValueError("only a closed round can be sealed")
    if round_row.origin == Origin.IMPORTED:
        raise ValueError("an imported election is sealed by its file")
    row = CloseRow(
        round_id=round_row.id,
        closed_at=round_row.closed_at,
        ballots={str(pot): n for pot, n in ballots.turnout(session, round_row).items()},
        counted_root=_root(session, round_row),
    )
    session.add(row)
    session.flush()
    return row


def input_sha256(session: Session, round_row: RoundRow) -> str | None:
    """Return the digest of what is counted; None while the count is not fixed yet."""
    if round_row.origin == Origin.IMPORTED:
        return session.get_one(ImportedElectionRow, round_row.id).sha256
    close = session.get(CloseRow, round_row.id)
    return close.counted_root if close else None


def is_unchanged(session: Session, round_row: RoundRow) -> bool:
    """Say whether the ballots in the database are still those that were fixed."""
    if round_row.origin == Origin.IMPORTED:
        election = session.get_one(ImportedElectionRow, round_row.id)
        return sha256(zlib.decompress(election.content)).hexdigest() == election.sha256
    return _root(session, round_row) == input_sha256(session, round_row)


def counted(session: Session, round_row: RoundRow) -> CloseRow | None:
    """Return what was fixed at the close of an own round; None before."""
    return session.get(CloseRow, round_row.id)


def _root(session: Session, round_row: RoundRow) -> str:
    return merkle.root(ballots.commitments(session, round_row.id)).hex()
