"""A round's life as plain functions: each joins the session of whoever acts, none commits.

Changes of state are one conditional UPDATE each, so of two officers pressing at once one is told
that the round has moved on.
"""

import uuid
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import lazy_gettext as lazy
from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select

from app import clock
from app.errors import ConflictError, Lead
from app.jobs import service as jobs
from app.rounds import queries
from app.rounds.models import CategoryRow, Origin, PotRow, ProjectRow, RoundRow, RoundState

Row = TypeVar("Row", bound=SQLModel)

FIXED = frozenset({RoundState.FROZEN, RoundState.VOTING, RoundState.CLOSED, RoundState.PUBLISHED})
"""In these states rules, pots and projects stay as they are (the database guards it too)."""


def add_round(session: Session, *, slug: str, title: str, **values: Any) -> RoundRow:
    """Add a round in preparation; `values` are further columns of RoundRow."""
    row = RoundRow(slug=slug, title=title, created_at=clock.now(), **values)
    return _add(session, row)


def add_pot(
    session: Session,
    round_row: RoundRow,
    *,
    area_id: uuid.UUID,
    name: str,
    budget_minor: int,
    position: int | None = None,
) -> PotRow:
    """Give an area a budget; without `position` it comes after the others."""
    if position is None:
        position = len(queries.pots(session, round_row.id))
    row = PotRow(
        round_id=round_row.id,
        area_id=area_id,
        name=name,
        budget_minor=budget_minor,
        position=position,
    )
    return _add(session, row)


def add_category(
    session: Session, round_row: RoundRow, *, name: str, position: int | None = None
) -> CategoryRow:
    if position is None:
        position = len(queries.categories(session, round_row.id))
    return _add(session, CategoryRow(round_id=round_row.id, name=name, position=position))


def add_project(
    session: Session,
    round_row: RoundRow,
    *,
    pot_id: uuid.UUID,
    reference: str,
    title: str,
    cost_minor: int,
    description: str = "",
    category_id: uuid.UUID | None = None,
    area_id: uuid.UUID | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    picture_id: uuid.UUID | None = None,
    proposal_id: uuid.UUID | None = None,
    position: int | None = None,
) -> ProjectRow:
    """Put a project on the ballot. Raises FrozenError once the round is frozen."""
    check_open_to_change(round_row)
    if position is None:
        position = len(queries.projects(session, round_row.id))
    row = ProjectRow(
        round_id=round_row.id,
        pot_id=pot_id,
        reference=reference,
        title=title,
        description=description,
        cost_minor=cost_minor,
        category_id=category_id,
        area_id=area_id,
        latitude=latitude,
        longitude=longitude,
        picture_id=picture_id,
        proposal_id=proposal_id,
        position=position,
    )
    return _add(session, row)


class FrozenError(ConflictError):
    """An attempt to change what is fixed; whoever answers for a change writes it down."""

    code = "frozen"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "The rules and projects of this round are fixed and published, so nothing was "
                "changed. See the rule sheet for what holds."
            ),
            lead=Lead(lazy("The rule sheet"), "rounds.rules"),
        )


def check_open_to_change(round_row: RoundRow) -> None:
    """Raise FrozenError once rules, budgets and projects are fixed."""
    if round_row.state in FIXED:
        raise FrozenError


def release_prices(session: Session, round_row: RoundRow, now: datetime) -> None:
    """Note that all verdicts and prices of the round became public together. Once."""
    done = session.exec(
        update(RoundRow)
        .where(col(RoundRow.id) == round_row.id, col(RoundRow.prices_released_at).is_(None))
        .values(prices_released_at=now, version=RoundRow.version + 1)
    )
    if done.rowcount != 1:
        raise ConflictError(lazy("The prices of this round are already public."))
    session.refresh(round_row)


def mark_roll_approved(session: Session, round_row: RoundRow, now: datetime) -> None:
    """Note that two persons stand behind the voter roll; a later addition keeps the first date."""
    session.exec(
        update(RoundRow)
        .where(col(RoundRow.id) == round_row.id, col(RoundRow.roll_approved_at).is_(None))
        .values(roll_approved_at=now)
    )
    session.refresh(round_row)


def enter_lot_seed(session: Session, round_row: RoundRow, seed: str) -> None:
    """Keep the seed that decides ties, drawn after the close. Once."""
    done = session.exec(
        update(RoundRow)
        .where(col(RoundRow.id) == round_row.id, col(RoundRow.lot_seed).is_(None))
        .values(lot_seed=seed, version=RoundRow.version + 1)
    )
    if done.rowcount != 1:
        raise ConflictError(lazy("The draw of this round is already entered."))
    session.refresh(round_row)


def mark_published(session: Session, round_row: RoundRow, run_no: int, now: datetime) -> None:
    """Make the result of an approved run the public one."""
    move(
        session,
        round_row,
        RoundState.CLOSED,
        RoundState.PUBLISHED,
        published_at=now,
        published_run_no=run_no,
    )


def close(session: Session, round_row: RoundRow, now: datetime) -> None:
    """End the voting: one event, once. Ballots in flight wait for it or come before it."""
    move(session, round_row, RoundState.VOTING, RoundState.CLOSED, closed_at=now)
    jobs.add(
        session,
        "results.seal_count",
        dedupe_key=f"seal:{round_row.id}",
        args={"round_id": str(round_row.id)},
    )
    jobs.add(
        session,
        "ballots.forget_drafts",
        dedupe_key=f"forget-drafts:{round_row.id}",
        args={"round_id": str(round_row.id)},
    )


def finish_import(session: Session, round_row: RoundRow, *, closed_at: datetime) -> None:
    """Make a round that an importer has filled a closed one."""
    if round_row.origin != Origin.IMPORTED:
        raise ValueError("only an imported round is closed without having been open")
    move(session, round_row, RoundState.DRAFT, RoundState.CLOSED, closed_at=closed_at)


def move(
    session: Session, round_row: RoundRow, old: RoundState, new: RoundState, **values: Any
) -> None:
    """Change the state from `old` to `new`, or raise ConflictError if it is not `old` any more."""
    done = session.exec(
        update(RoundRow)
        .where(col(RoundRow.id) == round_row.id, col(RoundRow.state) == old)
        .values(state=new, version=RoundRow.version + 1, **values)
    )
    if done.rowcount != 1:
        raise _moved_on()
    session.refresh(round_row)


def held(session: Session, slug: str) -> RoundRow:
    """Load a round by its name in addresses, and hold it."""
    return hold(session, queries.round_by_slug(session, slug).id)


def check_state(round_row: RoundRow, state: RoundState) -> None:
    """Raise ConflictError if a round is not where an act begins."""
    if round_row.state != state:
        raise _moved_on()


def hold(session: Session, round_id: uuid.UUID) -> RoundRow:
    """Load a round and keep others from changing its row until this transaction ends."""
    query = select(RoundRow).where(RoundRow.id == round_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def _moved_on() -> ConflictError:
    return ConflictError(
        lazy(
            "This round has moved on since you opened the page. Nothing was changed. "
            "Look at its page to see where it stands."
        ),
        lead=Lead(lazy("The round"), "rounds.manage"),
    )


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
