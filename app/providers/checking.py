"""What the dates and figures of an application say of each point, before anybody reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from app.providers import criteria, queries
from app.providers.criteria import Board, Control, ControlForm, Finding, Met, Point
from app.providers.days import today
from app.providers.models import AccreditationRow, ProviderRow


def findings(session: Session, row: AccreditationRow) -> dict[Point, Finding]:
    """Check every point of an application as of today."""
    known = queries.evidence(session, row.id)
    answers = {point: (known[point].answers if point in known else {}) for point in Point}
    provider = session.get_one(ProviderRow, row.provider_id)
    priced = {one.service for one in queries.tariffs(session, row.provider_id)}
    found = {point: check(point, answers[point], kind=provider.kind, on=today()) for point in Point}
    found[Point.TARIFFS] = criteria.covers(queries.services_of(session, row.id), priced)
    return found


def is_complete(session: Session, row: AccreditationRow) -> bool:
    return all(isinstance(one, Met) for one in findings(session, row).values())


def check(point: Point, said: Mapping[str, Any], *, kind: str, on: date) -> Finding:
    """Check the answers to one point; tariffs, which have rows of their own, are always met."""
    match point:
        case Point.USER_CONTROL:
            found = criteria.user_control(_control(said), on)
        case Point.BOARD:
            found = criteria.board(_board(said), kind)
        case Point.RESERVE | Point.OPEN_BOOKS:
            found = criteria.declaration(_day(said.get("signed_on")), on)
        case Point.COMPLAINTS:
            route, outside_body = said.get("route", ""), said.get("outside_body", "")
            found = criteria.complaints(route, said.get("answer_days"), outside_body)
        case Point.LICENCES:
            found = criteria.present(*(said.get(name) for name in LICENCE_FIELDS))
        case Point.BANK:
            found = criteria.present(*(said.get(name) for name in BANK_FIELDS))
        case Point.TARIFFS:
            found = Met()
    return found


LICENCE_FIELDS = ("licences", "insurance", "guarding")
BANK_FIELDS = (
    "iban",
    "legal_name",
    "street_name",
    "building_number",
    "postcode",
    "town",
    "country",
)


def _control(said: Mapping[str, Any]) -> Control | None:
    if not said:
        return None
    return Control(
        form=ControlForm(said["form"]),
        clause=said["clause"],
        in_force_on=_day(said.get("in_force_on")),
        minutes_on=_day(said.get("minutes_on")),
    )


def _board(said: Mapping[str, Any]) -> Board | None:
    if not said:
        return None
    return Board(said["total"], said["user_members"], said["non_members"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
