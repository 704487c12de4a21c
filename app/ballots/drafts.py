"""Drafts: what a voter has chosen and not cast yet, sealed so that no reader of the database sees.

A draft lies under its own name, which does not lead to the slot without the round's key.
"""

import json
import uuid

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app import keys
from app.ballots.models import ballot_draft
from app.db import engine
from voting.choices import Choices
from voting.limits import BallotType
from voting.receipts import KeyPurpose, draft_id

_PADDED_TO_BYTES = 512
"""A draft's length tells nothing about how much is chosen, unless it is a great deal."""


def save(session: Session, round_id: uuid.UUID, slot: bytes, choices: Choices) -> None:
    """Keep a draft in place of the one before."""
    key = keys.round_key(round_id, KeyPurpose.DRAFT)
    name = draft_id(key, slot)
    plain = json.dumps([choices.ballot_type, choices.to_canonical()]).encode()
    padded = plain + b" " * (-len(plain) % _PADDED_TO_BYTES)
    sealed = keys.seal(key, padded, bound_to=_bound_to(round_id, name))
    insert = sqlite.insert if engine.is_sqlite() else postgresql.insert
    session.connection().execute(
        insert(ballot_draft)
        .values(round_id=round_id, draft_id=name, sealed=sealed)
        .on_conflict_do_update(index_elements=["round_id", "draft_id"], set_={"sealed": sealed})
    )


def load(
    session: Session, round_id: uuid.UUID, slot: bytes, ballot_type: BallotType
) -> Choices | None:
    """Return the draft of a slot; None if there is none, or it is of another kind of ballot."""
    key = keys.round_key(round_id, KeyPurpose.DRAFT)
    name = draft_id(key, slot)
    query = select(ballot_draft.c.sealed).where(
        ballot_draft.c.round_id == round_id, ballot_draft.c.draft_id == name
    )
    sealed = session.connection().execute(query).scalar()
    if sealed is None:
        return None
    kind, chosen = json.loads(keys.unseal(key, bytes(sealed), bound_to=_bound_to(round_id, name)))
    return Choices.from_canonical(ballot_type, chosen) if kind == ballot_type else None


def forget(session: Session, round_id: uuid.UUID, slot: bytes) -> None:
    """Delete the draft of a slot: it is cast, or the voter does not want it."""
    name = draft_id(keys.round_key(round_id, KeyPurpose.DRAFT), slot)
    session.connection().execute(
        delete(ballot_draft).where(
            ballot_draft.c.round_id == round_id, ballot_draft.c.draft_id == name
        )
    )


def forget_all(session: Session, round_id: uuid.UUID) -> None:
    """Delete the drafts of a round that is closed: what was not cast is nobody's business."""
    session.connection().execute(delete(ballot_draft).where(ballot_draft.c.round_id == round_id))


def _bound_to(round_id: uuid.UUID, name: bytes) -> bytes:
    return b"minga/draft/" + round_id.bytes + name
