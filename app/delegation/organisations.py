"""Helper organisations: accredited ones whose users hold the majority of the board."""

import uuid
from datetime import date
from typing import Any

from sqlmodel import Session

from app.delegation import rules
from app.providers import queries as providers
from app.providers.criteria import Point, State
from app.providers.models import ProviderRow
from app.providers.queries import Listed


def all_of(session: Session, on: date) -> list[ProviderRow]:
    """Return the organisations that may act for residents on a day, by name."""
    return [one.provider for one in providers.register(session, on) if _may_help(one)]


def may_help(session: Session, provider_id: uuid.UUID, on: date) -> bool:
    """Say whether an organisation may act for residents on a day."""
    return any(_may_help(one) for one in providers.register(session, on, provider_id))


def _may_help(one: Listed) -> bool:
    if one.accreditation.state != State.ACCREDITED:
        return False
    return rules.is_run_by_users(_whole_numbers(one.answers.get(Point.BOARD, {})))


def _whole_numbers(answers: dict[str, Any]) -> list[tuple[str, int]]:
    return [(name, value) for name, value in answers.items() if isinstance(value, int)]
