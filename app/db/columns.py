"""Short names for the columns that most tables have."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, Uuid
from sqlmodel import Field

from app.db.types import Instant, Json, uuid7


def new_id() -> Any:
    """A primary key that rises in time; for rows whose time of making may be known."""
    return Field(default_factory=uuid7, primary_key=True, sa_type=Uuid)


def random_id() -> Any:
    """A primary key that tells nothing about time, for whatever touches votes."""
    return Field(default_factory=uuid.uuid4, primary_key=True, sa_type=Uuid)


def link(target: str, *, key: bool = False, index: bool = True, optional: bool = False) -> Any:
    """A foreign key to `table.column`; `optional` allows NULL, `key` makes it part of the key."""
    options: dict[str, Any] = {"default": None} if optional else {}
    return Field(
        foreign_key=target,
        primary_key=key,
        index=index and not key,
        nullable=optional,
        sa_type=Uuid,
        **options,
    )


def instant(*, optional: bool = False, index: bool = False) -> Any:
    """An aware instant in UTC; `optional` allows NULL."""
    options: dict[str, Any] = {"default": None} if optional else {}
    return Field(sa_type=Instant, nullable=optional, index=index, **options)


def json_column(*, optional: bool = False, empty: type = dict) -> Any:
    """A JSON value; `optional` allows NULL, otherwise it starts as `empty()`."""
    if optional:
        return Field(default=None, sa_type=Json, nullable=True)
    return Field(default_factory=empty, sa_type=Json, nullable=False)


def binary(*, key: bool = False, optional: bool = False) -> Any:
    options: dict[str, Any] = {"default": None} if optional else {}
    return Field(sa_type=LargeBinary, primary_key=key, nullable=optional, **options)


def one_of(column: str, values: type[Any]) -> CheckConstraint:
    """A CHECK that `column` holds a value of the StrEnum `values`."""
    names = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({names})", name=column)
