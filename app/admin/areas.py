"""Changes of the tree of areas: none that alters who votes on what once a round is fixed."""

import uuid
from collections.abc import Callable

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import audit
from app.db import run_tx
from app.errors import ConflictError
from app.policy import Actor
from app.roll import queries as roll
from app.rounds import queries as rounds
from app.rounds import service as rounds_service
from app.rounds.models import Origin, RoundRow, RoundState
from app.town import service
from app.town.models import AreaRow

UNDER_WAY = frozenset({RoundState.FROZEN, RoundState.VOTING, RoundState.CLOSED})
"""From the freeze to the result the areas stay as they stand in the published rule sheet."""


class AreasFixedError(ConflictError):
    """The areas stand in the published rules of a round that is not over."""

    code = "areas_fixed"

    def __init__(self, round_row: RoundRow) -> None:
        super().__init__(
            lazy(
                "The areas stand in the published rules of “%(round)s”, so nothing was changed. "
                "Change them once its result is public.",
                round=round_row.title,
            )
        )


def change(actor: Actor, area_id: uuid.UUID, *, name: str, parent_id: uuid.UUID | None) -> None:
    """Rename an area or hang it elsewhere. Raises AreasFixedError, InvalidError, NotFoundError."""
    _act(
        actor,
        area_id,
        "area.changed",
        lambda session, row: service.change_area(session, row.id, name=name, parent_id=parent_id),
    )


def remove(actor: Actor, area_id: uuid.UUID) -> None:
    """Remove an area that nothing uses and nobody on a roll lives in; ConflictError otherwise."""
    _act(actor, area_id, "area.removed", _remove)


def _remove(session: Session, row: AreaRow) -> None:
    for round_row in rounds.all_rounds(session):
        if row.code in roll.counts_by_district(session, round_row.id):
            raise ConflictError(
                lazy(
                    "People on the voter roll of “%(round)s” live in this area, so it stays.",
                    round=round_row.title,
                )
            )
    service.remove_area(session, row.id)


def _act(
    actor: Actor, area_id: uuid.UUID, action: str, work: Callable[[Session, AreaRow], object]
) -> None:
    """Change an area with a line in the trail; an attempt on fixed ones leaves a line as well."""

    def done(session: Session) -> None:
        row = service.area(session, area_id)
        _check_not_fixed(session)
        work(session, row)
        audit.record(session, actor, action, row.code)

    try:
        run_tx(done)
    except AreasFixedError:
        refused = "area.change_refused"
        run_tx(lambda session: audit.record(session, actor, refused, str(area_id)))
        raise


def _check_not_fixed(session: Session) -> None:
    """Hold the rounds that may be fixed at this moment, so that none is while areas change."""
    for known in rounds.all_rounds(session):
        if known.origin == Origin.OWN and known.state != RoundState.PUBLISHED:
            row = rounds_service.hold(session, known.id)
            if row.state in UNDER_WAY:
                raise AreasFixedError(row)
