"""Signing in to vote: from a typed code to a voting pass. Nothing is written when it is right.

Unknown, void and foreign codes get the same answer for the same work. Too many wrong ones from
one place, or on one code, are refused before any hashing, even when one of them is right.
"""

import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock, keys
from app.accounts import throttle
from app.db import read_tx, run_tx
from app.errors import BusyError, ConflictError, InvalidError
from app.roll import codes, queries
from app.roll.models import RollEntryRow, RollEntryState
from app.roll.passes import LASTS, VotingPass
from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow
from voting.codes import VotingCode
from voting.receipts import KeyPurpose, slot

WINDOW_SECONDS = 15 * 60
PER_SELECTOR_MAX = 10
PER_NETWORK_MAX = 300
TOTAL_PER_SECOND_MAX = 10
_TOTAL_WINDOW_SECONDS = 1

_HASHING_AT_ONCE_MAX = 4
_WAIT_SECONDS_MAX = 8
_hashing = threading.BoundedSemaphore(_HASHING_AT_ONCE_MAX)  # each takes 19 MB and a processor


class WrongCodeError(InvalidError):
    """A well-formed code that opens nothing: unknown, void, of another round."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This code does not open a ballot in this round. Compare it with your letter, and "
                "the name of the round too. If a newer letter has come, use the code on that one."
            )
        )


class NotOpenError(ConflictError):
    """One cannot vote in this round: not yet, or no more."""

    code = "not_open"

    def __init__(self, round_row: RoundRow, sentence: object | None = None) -> None:
        super().__init__(sentence or _why_not_open(round_row))
        self.slug = round_row.slug  # the row itself ends with its session


def enter(slug: str, code: VotingCode, *, address: str | None) -> VotingPass:
    """Check a code and make the pass. Raises WrongCodeError, TooManyError or NotOpenError."""
    round_row = read_tx(lambda session: open_round(session, slug))
    code_key = keys.round_key(round_row.id, KeyPurpose.CODE)
    network = throttle.network(address)
    with _turn():
        # Looked at only now, so that many requests at once cannot all pass before one is counted.
        read_tx(lambda session: _refuse_guessing(session, round_row.id, code.selector, network))
        entry = read_tx(
            lambda session: queries.entry_by_selector(session, round_row.id, code.selector)
        )
        active = entry is not None and entry.state == RollEntryState.ACTIVE
        right = codes.is_right(
            code.secret,
            entry.salt if entry else None,
            entry.code_check if entry and active else None,
            code_key,
        )
        if entry is None or not right:
            run_tx(lambda session: _count(session, round_row.id, code.selector, network))
            raise WrongCodeError
    return read_tx(lambda session: make_pass(session, round_row, entry))


def open_round(session: Session, slug: str) -> RoundRow:
    """Load a round in which one can vote now; NotOpenError says why one cannot."""
    round_row = rounds.public_round(session, slug)
    if rounds.can_vote(round_row, clock.now()):
        return round_row
    raise NotOpenError(round_row)


def make_pass(session: Session, round_row: RoundRow, entry: RollEntryRow) -> VotingPass:
    """Compute the slots of a person's ballots; from here on nothing knows the roll entry."""
    return pass_for(round_row, entry, rounds.eligible_pots(session, round_row, entry.district))


def pass_for(round_row: RoundRow, entry: RollEntryRow, pots: Iterable[PotRow]) -> VotingPass:
    """Compute a person's pass for the pots that somebody of their district may vote on."""
    slot_key = keys.round_key(round_row.id, KeyPurpose.SLOT)
    slots: Mapping[uuid.UUID, bytes] = {
        pot.id: slot(slot_key, round_id=round_row.id, pot_id=pot.id, roll_id=entry.id)
        for pot in pots
    }
    return VotingPass(
        round_id=round_row.id,
        slug=round_row.slug,
        district=entry.district,
        slots=slots,
        expires_at=clock.now() + LASTS,
    )


def _why_not_open(round_row: RoundRow) -> object:
    match rounds.phase(round_row, clock.now()).name:
        case rounds.PhaseName.COUNTING | rounds.PhaseName.RESULTS:
            return lazy("Voting in this round is over. Ballots that were cast are counted.")
        case _:
            return lazy(
                "Voting in this round has not begun. Keep your letter: the dates stand on it."
            )


def _refuse_guessing(session: Session, round_id: uuid.UUID, selector: str, network: str) -> None:
    names = _names(round_id, selector, network)
    blocked = [
        name
        for name, limit in names.items()
        if throttle.blocked(session, name, limit=limit, window_seconds=WINDOW_SECONDS)
    ]
    if blocked:
        raise throttle.too_many(WINDOW_SECONDS)
    if throttle.blocked(
        session, "code", limit=TOTAL_PER_SECOND_MAX, window_seconds=_TOTAL_WINDOW_SECONDS
    ) and throttle.blocked(session, _of(network), limit=1, window_seconds=WINDOW_SECONDS):
        raise throttle.too_many(60)


def _count(session: Session, round_id: uuid.UUID, selector: str, network: str) -> None:
    """Count a failure. The limits here never bind: who is over them was refused before."""
    for name in _names(round_id, selector, network):
        throttle.hit(session, name, limit=10**9, window_seconds=WINDOW_SECONDS)
    throttle.hit(session, "code", limit=10**9, window_seconds=_TOTAL_WINDOW_SECONDS)


def _names(round_id: uuid.UUID, selector: str, network: str) -> dict[str, int]:
    return {f"code:{round_id}:{selector}": PER_SELECTOR_MAX, _of(network): PER_NETWORK_MAX}


def _of(network: str) -> str:
    return f"code:{network}"


@contextmanager
def _turn() -> Iterator[None]:
    if not _hashing.acquire(timeout=_WAIT_SECONDS_MAX):
        raise BusyError(
            lazy("Many people are signing in right now. Your code was not used. Try again shortly.")
        )
    try:
        yield
    finally:
        _hashing.release()
