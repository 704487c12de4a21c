"""A pot as a `.pb` file: what was voted, without a name, a time or an order."""

import re
import zlib
from collections.abc import Sequence

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from allocation.errors import PbError
from allocation.rule_sheet import RuleSheet
from app.errors import ConflictError, InvalidError, NotFoundError
from app.results import count_file, instance, queries
from app.results.count_file import Refusal
from app.results.models import CountFileRow
from app.rounds import queries as rounds
from app.rounds.models import Origin, PotRow, RoundRow, RoundState

MEDIA_TYPE = "text/plain; charset=utf-8"

WHY_NOT = {
    Refusal.SMALL: lazy(
        "Fewer than 20 people voted here, so their ballots are not published: a rare "
        "combination could point at a person. Two observers may recount them."
    ),
    Refusal.FAULTY: lazy(
        "The file of these ballots does not keep the rules of its format, so it is not handed "
        "out. Ask whoever runs Minga to look into the log of the count."
    ),
}


def published_file(session: Session, round_row: RoundRow, pot: PotRow) -> bytes:
    """Return the file that was made with the published count: the same bytes every time.

    Raises NotFoundError before the publication, ConflictError for a pot that has no file.
    """
    run = queries.published_run(session, round_row)
    row = queries.count_file(session, run.id, pot.id) if run else None
    if row is None:
        raise NotFoundError(lazy("The ballots are published together with the result, not before."))
    if row.content is None:
        raise ConflictError(why_not(row))
    return zlib.decompress(row.content)


def why_not(row: CountFileRow) -> str:
    """Say why a pot has no file; empty if it has one."""
    return str(WHY_NOT[Refusal(row.refusal)]) if row.refusal else ""


def file_for_staff(session: Session, round_row: RoundRow, pot: PotRow) -> bytes:
    """Return the file of a closed round: the published one, or before that one of its own.

    Raises ConflictError before the close, and for a pot with too few ballots to hide a person.
    """
    if round_row.state == RoundState.PUBLISHED:
        return published_file(session, round_row, pot)
    election = instance.pot_instance(session, round_row, pot)
    try:
        if round_row.origin == Origin.IMPORTED:
            return count_file.write_again(election).encode()
        if len(election.ballots) < count_file.SMALL:
            raise ConflictError(WHY_NOT[Refusal.SMALL])
        sheet = RuleSheet.from_dict(round_row.rule)
        return count_file.write(election, sheet, imported=False).encode()
    except PbError as error:
        raise ConflictError(str(error)) from error


def chosen_pot(pots: Sequence[PotRow], wanted: str | None) -> PotRow:
    """Find a pot by identifier or name; without `wanted`, the only one.

    Raises InvalidError that names the choice, NotFoundError for a budget that is not there.
    """
    names = ", ".join(pot.name for pot in pots)
    if wanted is None and len(pots) > 1:
        raise InvalidError(
            lazy("This round has several budgets. Name one of them: %(names)s.", names=names)
        )
    for pot in pots:
        if wanted in (None, str(pot.id), pot.name):
            return pot
    raise NotFoundError(lazy("This round has no such budget. It has: %(names)s.", names=names))


def file_name(round_row: RoundRow, pot: PotRow, pots: Sequence[PotRow]) -> str:
    """Name the file after the round, and after the pot if there are several."""
    part = f"-{re.sub(r'[^a-z0-9]+', '-', pot.name.lower()).strip('-')}" if len(pots) > 1 else ""
    return f"{round_row.slug}{part}.pb"


def public_pot(session: Session, slug: str, wanted: str | None) -> tuple[RoundRow, PotRow, str]:
    """Return a public round, the pot asked for and the name of its file."""
    round_row = rounds.public_round(session, slug)
    pots = rounds.pots(session, round_row.id)
    pot = chosen_pot(pots, wanted)
    return round_row, pot, file_name(round_row, pot, pots)
