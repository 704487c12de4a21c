"""What each step of the set-up writes."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.rounds import announcing, queries, service
from app.rounds.models import CategoryRow, RoundRow, RoundState
from app.rounds.setup.changes import FieldRefusedError, StepRefusedError, check_slug_is_free
from app.rounds.setup.steps import Step


def save(session: Session, row: RoundRow, step: Step, values: Mapping[str, Any]) -> None:
    """Take what a step's form holds."""
    _SAVERS.get(step, _save_columns)(session, row, values)


def _save_columns(_session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _save_basics(session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    if values["slug"] != row.slug:
        if row.state != RoundState.DRAFT:
            raise FieldRefusedError(
                _(
                    "The round is announced, so its address has to stay as it is: %(slug)s.",
                    slug=row.slug,
                ),
                field="slug",
            )
        check_slug_is_free(session, values["slug"])
    _save_columns(session, row, values)


def _save_areas(session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    """Give budgets to areas, and take them away where the field was emptied."""
    row.proposal_budget_max_minor = values["proposal_budget_max_minor"]
    budgets: Mapping[uuid.UUID, int] = values["budgets"]
    there = {pot.area_id: pot for pot in queries.pots(session, row.id)}
    for area_id, old in there.items():
        if area_id not in budgets:
            _check_no_projects(session, row, old.id, old.name)
            session.delete(old)
    for position, area in enumerate(a for a in queries.areas(session, row) if a.id in budgets):
        pot = there.get(area.id)
        if not pot:
            service.add_pot(
                session,
                row,
                area_id=area.id,
                name=area.name,
                budget_minor=budgets[area.id],
                position=position,
            )
        else:
            pot.budget_minor, pot.name, pot.position = budgets[area.id], area.name, position
            session.add(pot)


def _check_no_projects(session: Session, row: RoundRow, pot_id: uuid.UUID, name: str) -> None:
    count = len(queries.projects(session, row.id, pot_id))
    if count:
        raise StepRefusedError(
            _(
                "%(area)s has %(count)s projects on the ballot, so its budget has to stay. "
                "Move or remove them first.",
                area=name,
                count=count,
            )
        )


def _save_categories(session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    """Keep the categories that are still named, in the order in which they are named."""
    names: list[str] = values["names"]
    there = {category.name: category for category in queries.categories(session, row.id)}
    for name in there.keys() - set(names):
        _remove_category(session, there[name])
    for position, name in enumerate(names):
        if name in there:
            there[name].position = position
            session.add(there[name])
        else:
            service.add_category(session, row, name=name, position=position)


def _remove_category(session: Session, category: CategoryRow) -> None:
    try:
        with session.begin_nested():
            session.delete(category)
    except IntegrityError:
        raise FieldRefusedError(
            _(
                "Projects or proposals are in the category “%(name)s”, so it has to stay.",
                name=category.name,
            ),
            field="names",
        ) from None


def _save_dates(session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    _save_columns(session, row, values)
    announcing.schedule_review(session, row)


def _save_rule(_session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    """Take the rule; its tie order belongs to another page and stays."""
    kept = {"ties": row.rule["ties"]} if "ties" in row.rule else {}
    row.rule = {**values["rule"], **kept}


def _save_ties(_session: Session, row: RoundRow, values: Mapping[str, Any]) -> None:
    row.rule = {**row.rule, "ties": values["ties"]}
    row.lot_source = values["lot_source"]


_SAVERS: dict[Step, Callable[[Session, RoundRow, Mapping[str, Any]], None]] = {
    Step.BASICS: _save_basics,
    Step.AREAS: _save_areas,
    Step.CATEGORIES: _save_categories,
    Step.DATES: _save_dates,
    Step.RULE: _save_rule,
    Step.TIES: _save_ties,
}
