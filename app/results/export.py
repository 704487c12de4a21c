"""A pot as a `.pb` file: what was voted, without a name, a time or an order."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from allocation import pabulib
from allocation.errors import PbError
from allocation.instance import Instance
from allocation.pabulib_label import pabulib_label
from allocation.rule_sheet import RuleSheet
from app.db import read_tx
from app.errors import ConflictError
from app.results import instance, runs
from app.rounds.models import PotRow, RoundRow, RoundState

SMALL = 20
"""Fewer ballots than this are not published by themselves: a combination may point at a person."""


def pb_file(round_row: RoundRow, pot: PotRow) -> str:
    """Write one pot of a closed round; rows in random order under random voter numbers.

    Raises ConflictError before the close, and for a pot with too few ballots to hide a person.
    """
    read = read_tx(lambda session: _read(session, round_row, pot))
    election, sheet, winners = read
    if len(election.ballots) < SMALL and round_row.origin == "own":
        raise ConflictError(
            lazy(
                "Fewer than 20 people voted here, so their ballots are not published: a rare "
                "combination could point at a person. Two observers may recount them."
            )
        )
    label, comment = pabulib_label(sheet)
    marked = replace(
        election,
        projects=tuple(
            replace(project, fields={**project.fields, **_selected(project.id, winners)})
            for project in election.projects
        ),
    )
    try:
        # The operating system's randomness, kept nowhere: the order cannot be computed back.
        return pabulib.write(
            marked,
            rule=label,
            rng=random.SystemRandom(),
            remarks=[comment] if comment else [],
        )
    except PbError as error:
        raise ConflictError(str(error)) from error


def file_name(round_row: RoundRow, pot: PotRow, pots: Sequence[PotRow]) -> str:
    """Name the file after the round, and after the pot if there are several."""
    part = f"-{re.sub(r'[^a-z0-9]+', '-', pot.name.lower()).strip('-')}" if len(pots) > 1 else ""
    return f"{round_row.slug}{part}.pb"


def _selected(reference: str, winners: frozenset[str] | None) -> dict[str, str]:
    return {} if winners is None else {"selected": "1" if reference in winners else "0"}


def _read(
    session: Session, round_row: RoundRow, pot: PotRow
) -> tuple[Instance, RuleSheet, frozenset[str] | None]:
    election = instance.pot_instance(session, round_row, pot)
    rule = {key: value for key, value in round_row.rule.items() if value is not None}
    return election, RuleSheet.from_dict(rule), _winners(session, round_row, pot)


def _winners(session: Session, round_row: RoundRow, pot: PotRow) -> frozenset[str] | None:
    """Return the winners of a published result; None before."""
    if round_row.state != RoundState.PUBLISHED or round_row.published_run_no is None:
        return None
    run = runs.run(session, round_row.id, round_row.published_run_no)
    result = runs.result(session, run.id) if run else None
    if result is None or result.outcome is None:
        return None
    [document] = [one for one in result.outcome["pots"] if one["pot"] == str(pot.id)]
    return frozenset(document["allocation"]["winners"])
