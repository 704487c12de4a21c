"""Reading the town and its areas."""

import uuid
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.town.models import AreaRow, TownRow


def town(session: Session) -> TownRow | None:
    """Return the municipality; None before set-up."""
    return session.get(TownRow, 1)


def zone(session: Session) -> ZoneInfo:
    """Return the town's time zone; UTC before set-up."""
    row = town(session)
    return ZoneInfo(row.time_zone if row else "UTC")


def areas(session: Session, *, round_id: uuid.UUID | None = None) -> list[AreaRow]:
    """Return the town's areas, or those that an imported election brought along, in tree order:
    a parent before its children, siblings by position and name.
    """
    rows = session.exec(
        select(AreaRow)
        .where(AreaRow.round_id == round_id)
        .order_by(col(AreaRow.position), col(AreaRow.name))
    ).all()
    return _in_tree_order(list(rows))


def _in_tree_order(rows: list[AreaRow]) -> list[AreaRow]:
    children: dict[uuid.UUID | None, list[AreaRow]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    ordered: list[AreaRow] = []
    open_rows = list(reversed(children.get(None, [])))
    while open_rows:
        row = open_rows.pop()
        ordered.append(row)
        open_rows.extend(reversed(children.get(row.id, [])))
    return ordered
