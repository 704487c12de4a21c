"""The municipality of this deployment and its areas. One database, one municipality."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, json_column, link, new_id, one_of


class TownRow(SQLModel, table=True):
    """One row, made at set-up. `demo` is set at birth and cannot be changed (trigger)."""

    __tablename__ = "town"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=120)
    country: str = Field(default="", max_length=60)
    """In English, as `.pb` files name it."""
    currency: str = Field(default="EUR", max_length=3)
    minor_per_unit: int = 100
    time_zone: str = Field(default="Europe/Madrid", max_length=60)
    demo: bool = False
    contact: str = Field(default="", max_length=400)
    """Where people get help: shown on error and sign-in pages."""
    created_at: datetime = instant()


class AreaKind(StrEnum):
    TOWN = "town"
    DISTRICT = "district"
    NEIGHBOURHOOD = "neighbourhood"


class AreaRow(SQLModel, table=True):
    """A node of the tree town, districts, neighbourhoods. `round_id` is set for the areas that an
    imported election brought along; the town's own have None."""

    __tablename__ = "area"
    __table_args__ = (one_of("kind", AreaKind), UniqueConstraint("round_id", "code"))

    id: uuid.UUID = new_id()
    round_id: uuid.UUID | None = link("round.id", optional=True)
    parent_id: uuid.UUID | None = link("area.id", optional=True)
    code: str = Field(max_length=40)
    """Short and stable: what the voter roll's `district` column says."""
    name: str = Field(max_length=120)
    kind: str = Field(max_length=20)
    geometry: dict[str, Any] | None = json_column(optional=True)
    """A GeoJSON Polygon or MultiPolygon in WGS 84, from the town."""
    position: int = 0
