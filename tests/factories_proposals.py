"""Proposals for tests, in any state: every argument has a default."""

import itertools
import uuid
from typing import Any

from factories import make_account
from factories_rounds import MadeRound

from app import clock
from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.proposals.models import ProposalRow, ReviewRow
from app.proposals.rules import ProposalState, Verdict

_numbers = itertools.count(1_001)  # above those that tests choose


def make_proposal(
    round_: MadeRound,
    author: AccountRow | None = None,
    *,
    state: str = ProposalState.SUBMITTED,
    title: str | None = None,
    verdict: str | None = None,
    cost_minor: int = 50_000,
    number: int | None = None,
    **values: Any,
) -> ProposalRow:
    """Make a proposal for the area of the round's first pot. With `verdict` it is decided."""
    count = next(_numbers)
    sent = state != ProposalState.DRAFT
    row = ProposalRow(
        round_id=round_.id,
        author_id=(author or make_account()).id,
        state=ProposalState.DECIDED if verdict else state,
        number=(number or count) if sent else None,
        created_at=clock.now(),
        updated_at=clock.now(),
        submitted_at=clock.now() if sent else None,
        **{
            "title": f"Shade {count}" if title is None else title,
            "description": "Trees along the street, since it is too hot in summer.",
            "beneficiaries": "Everybody who walks there.",
            "area_id": round_.pots[0].area_id,
            "category_id": round_.categories[0].id,
            "own_cost_minor": 40_000,
            **values,
        },
    )

    def add(session: Any) -> ProposalRow:
        session.add(row)
        session.flush()
        if verdict:
            session.add(_review(row, verdict, cost_minor))
        return row

    return run_tx(add)


def _review(row: ProposalRow, verdict: str, cost_minor: int) -> ReviewRow:
    feasible = verdict == Verdict.FEASIBLE
    return ReviewRow(
        proposal_id=row.id,
        verdict=verdict,
        reason="The secret reason of the town.",
        cost_minor=cost_minor if feasible else None,
        cost_explanation="Twelve trees and their planting." if feasible else "",
        decided_at=clock.now(),
    )


def stored(row_id: uuid.UUID) -> ProposalRow:
    """Return a proposal as the database has it now."""
    return read_tx(lambda session: session.get_one(ProposalRow, row_id))


def stored_review(row_id: uuid.UUID) -> ReviewRow | None:
    return read_tx(lambda session: session.get(ReviewRow, row_id))
