"""Changing the town and its areas. The functions join a session; who may, the caller asks."""

import uuid
from zoneinfo import available_timezones

from babel.numbers import get_currency_precision, list_currencies
from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app import clock
from app.errors import ConflictError, InvalidError, NotFoundError
from app.town import queries
from app.town.models import AreaKind, AreaRow, TownRow
from app.town.shapes import Geometry

PARENT_KINDS = {
    AreaKind.TOWN: (),
    AreaKind.DISTRICT: (AreaKind.TOWN,),
    AreaKind.NEIGHBOURHOOD: (AreaKind.TOWN, AreaKind.DISTRICT),
}
AREAS_MAX = 500


def save_town(
    session: Session, *, name: str, contact: str, currency: str, time_zone: str
) -> TownRow:
    """Set the town up, or change it. Rounds keep the currency with which they were made."""
    if currency not in list_currencies():
        raise InvalidError(lazy("This is no currency. Enter its three letters, such as EUR."))
    if time_zone not in available_timezones():
        raise InvalidError(lazy("This is no time zone. Choose one such as Europe/Madrid."))
    row = queries.town(session) or TownRow(name=name, created_at=clock.now())
    row.name = name
    row.contact = contact
    row.currency = currency
    row.minor_per_unit = 10 ** get_currency_precision(currency)
    row.time_zone = time_zone
    session.add(row)
    session.flush()
    return row


def make_demo(session: Session, *, country: str, **values: str) -> TownRow:
    """Set up an invented town. Only at its birth: a real town never becomes a demonstration, and
    a demonstration never becomes real (the database guards it too).
    """
    row = TownRow(name="", country=country, demo=True, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise ConflictError(
            lazy("This town is set up already, so it cannot be a demonstration.")
        ) from None
    return save_town(session, **values)


def add_area(
    session: Session, *, code: str, name: str, kind: AreaKind, parent_id: uuid.UUID | None
) -> AreaRow:
    """Add an area below its parent, after its siblings. Raises InvalidError, ConflictError."""
    areas = queries.areas(session)
    if len(areas) >= AREAS_MAX:
        raise ConflictError(lazy("There are 500 areas, which is the most. Remove one first."))
    if any(area.code == code for area in areas):
        raise ConflictError(lazy("Another area has this code. Choose a different one."))
    _check_place(areas, kind, parent_id, moved=None)
    row = AreaRow(code=code, name=name, kind=kind, parent_id=parent_id, position=len(areas))
    session.add(row)
    session.flush()
    return row


def add_imported_area(
    session: Session,
    round_id: uuid.UUID,
    *,
    code: str,
    name: str,
    kind: AreaKind,
    parent: AreaRow | None = None,
) -> AreaRow:
    """Add an area that an imported election brings along; the town's own are not touched."""
    row = AreaRow(
        round_id=round_id,
        code=code,
        name=name,
        kind=kind,
        parent_id=parent.id if parent else None,
    )
    session.add(row)
    session.flush()
    return row


def change_area(
    session: Session, area_id: uuid.UUID, *, name: str, parent_id: uuid.UUID | None
) -> AreaRow:
    """Rename an area, or hang it below another one. Its code stays: the voter roll names it."""
    row = area(session, area_id)
    _check_place(queries.areas(session), AreaKind(row.kind), parent_id, moved=row)
    row.name = name
    row.parent_id = parent_id
    session.add(row)
    return row


def move_area(session: Session, area_id: uuid.UUID, *, up: bool) -> None:
    """Change places with the sibling before or after; at the end of the list nothing happens."""
    row = area(session, area_id)
    siblings = [one for one in queries.areas(session) if one.parent_id == row.parent_id]
    here = siblings.index(row)
    there = here - 1 if up else here + 1
    if 0 <= there < len(siblings):
        siblings[here], siblings[there] = siblings[there], siblings[here]
    for position, one in enumerate(siblings):
        one.position = position
        session.add(one)


def remove_area(session: Session, area_id: uuid.UUID) -> AreaRow:
    """Remove an area that nothing uses; raises ConflictError otherwise."""
    row = area(session, area_id)
    try:
        with session.begin_nested():
            session.delete(row)
    except IntegrityError:
        raise ConflictError(
            lazy("This area is in use by another area or by a round, so it stays.")
        ) from None
    return row


def set_shapes(session: Session, shapes: dict[str, Geometry]) -> None:
    """Give areas their shapes; areas that are not named keep theirs."""
    for row in queries.areas(session):
        if row.code in shapes:
            row.geometry = shapes[row.code]
            session.add(row)


def area(session: Session, area_id: uuid.UUID) -> AreaRow:
    """Load one of the town's own areas; raises NotFoundError."""
    row = session.exec(
        select(AreaRow).where(AreaRow.id == area_id, AreaRow.round_id == None)  # noqa: E711 (SQL)
    ).first()
    if row is None:
        raise NotFoundError(lazy("There is no such area. Choose one from the list."))
    return row


def _check_place(
    areas: list[AreaRow], kind: AreaKind, parent_id: uuid.UUID | None, *, moved: AreaRow | None
) -> None:
    """An area hangs below a larger one; there is one town, at the top."""
    if kind is AreaKind.TOWN:
        others = [area for area in areas if area.kind == kind and area is not moved]
        if others or parent_id is not None:
            raise InvalidError(lazy("There is one town, and it stands above all other areas."))
        return
    parent = next((area for area in areas if area.id == parent_id), None)
    if parent is None or parent.kind not in PARENT_KINDS[kind]:
        raise InvalidError(
            lazy(
                "A district lies in the town, a neighbourhood in a district or in the town. "
                "Choose the area above."
            )
        )
