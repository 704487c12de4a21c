"""Giving codes to people on the roll. A new code voids the old one; entry and slot stay."""

import uuid
from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as lazy
from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from app import keys
from app.accounts import audit
from app.db import read_tx, run_tx
from app.errors import ConflictError, NotFoundError
from app.policy import Actor
from app.roll import codes, queries
from app.roll.codes import IssuedCode
from app.roll.models import RollEntryRow, RollEntryState
from app.roll.roll_entries import ext_key
from app.rounds import queries as rounds
from app.rounds.models import RoundRow, RoundState
from voting.receipts import KeyPurpose

_OPEN_TO_CODES = frozenset(
    {
        RoundState.DRAFT,
        RoundState.PROPOSALS,
        RoundState.REVIEW,
        RoundState.FROZEN,
        RoundState.VOTING,
    }
)
_PORTION = 100

Progress = Callable[[int], None]


def issue_codes(round_id: uuid.UUID, entry_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Give each entry a fresh code and return the codes, which are kept nowhere.

    Not inside a transaction: hashing takes tens of milliseconds a code.
    """
    issued = make_codes(round_id, entry_ids)
    run_tx(lambda session: store(session, round_id, issued))
    return {one.entry_id: one.code for one in issued}


def make_codes(
    round_id: uuid.UUID, entry_ids: Sequence[uuid.UUID], progress: Progress = lambda _done: None
) -> list[IssuedCode]:
    """Draw and hash codes without storing anything. `progress` hears how many are done."""
    code_key = keys.round_key(round_id, KeyPurpose.CODE)
    taken = read_tx(lambda session: queries.selectors(session, round_id))
    drawn = list(codes.draw_codes(entry_ids, taken))
    issued: list[IssuedCode] = []
    for start in range(0, len(drawn), _PORTION):
        issued += codes.hash_codes(drawn[start : start + _PORTION], code_key)
        progress(len(issued))
    return issued


def store(session: Session, round_id: uuid.UUID, issued: Sequence[IssuedCode]) -> None:
    """Write down what codes are checked against. Refused once voting is over."""
    check_open(rounds.round_by_id(session, round_id))
    statement = (
        update(RollEntryRow.__table__)  # type: ignore[attr-defined]  # set by SQLModel
        .where(
            col(RollEntryRow.id) == bindparam("entry"),
            col(RollEntryRow.state) != RollEntryState.VOID,
        )
        .values(
            selector=bindparam("its_selector"),
            salt=bindparam("its_salt"),
            code_check=bindparam("its_check"),
            state=RollEntryState.ACTIVE,
        )
    )
    session.connection().execute(
        statement,
        [
            {
                "entry": one.entry_id,
                "its_selector": one.selector,
                "its_salt": one.salt,
                "its_check": one.check,
            }
            for one in issued
        ],
    )


def reissue(actor: Actor, slug: str, register_number: str) -> str:
    """Give one person a fresh code, at the desk, for a letter that was lost."""
    round_row, entry_id = read_tx(lambda session: _person(session, slug, register_number))
    issued = make_codes(round_row.id, [entry_id])

    def write(session: Session) -> None:
        store(session, round_row.id, issued)
        audit.record(session, actor, "roll.reissued", slug, {"entry": str(entry_id)})

    run_tx(write)
    return issued[0].code


def check_open(round_row: RoundRow) -> None:
    """Raise ConflictError once codes are of no use any more."""
    if round_row.state not in _OPEN_TO_CODES:
        raise ConflictError(lazy("Voting in this round is over, so no codes are issued any more."))


def _person(session: Session, slug: str, register_number: str) -> tuple[RoundRow, uuid.UUID]:
    round_row = rounds.round_by_slug(session, slug)
    check_open(round_row)
    entry = None
    if round_row.roll_approved_at is not None:
        key = ext_key(round_row.id, register_number)
        entry = queries.entry_by_ext_key(session, round_row.id, key)
    if entry is None or entry.state == RollEntryState.VOID:
        raise NotFoundError(
            lazy(
                "Nobody with this register number is on the voter roll of this round. "
                "Compare it with the person's document."
            )
        )
    return round_row, entry.id
