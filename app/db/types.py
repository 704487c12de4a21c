"""Column types that keep their promise on both engines."""

import json
import os
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC. SQLite alone would forget the zone and store local time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value as text, keys sorted: the same bytes on both engines. NULL stays None."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


_TICKS_PER_MILLISECOND = 1 << 12
_turn = threading.Lock()
_newest_tick = [0]


def uuid7() -> uuid.UUID:
    """Make a version 7 identifier: above all that this process made before (RFC 9562, 6.2).

    So rows in the order of their identifiers are in the order in which they were made. Never for
    ballots or roll entries: there the time must not show, use `uuid.uuid4`.
    """
    with _turn:
        tick = max(time.time_ns() * _TICKS_PER_MILLISECOND // 1_000_000, _newest_tick[0] + 1)
        _newest_tick[0] = tick
    milliseconds, part = divmod(tick, _TICKS_PER_MILLISECOND)
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | part << 64 | 0x2 << 62 | chance)
