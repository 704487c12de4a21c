"""Changing the town and its areas."""

import uuid
from typing import Any

from sqlmodel import Session

from app.town.models import AreaKind, AreaRow


def add_area(
    session: Session,
    *,
    code: str,
    name: str,
    kind: AreaKind,
    parent: AreaRow | None = None,
    round_id: uuid.UUID | None = None,
    geometry: dict[str, Any] | None = None,
    position: int = 0,
) -> AreaRow:
    """Add an area; `round_id` for those that an imported election brought along."""
    row = AreaRow(
        code=code,
        name=name,
        kind=kind,
        parent_id=parent.id if parent else None,
        round_id=round_id,
        geometry=geometry,
        position=position,
    )
    session.add(row)
    session.flush()
    return row
