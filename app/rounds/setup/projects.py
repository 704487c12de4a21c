"""Projects that staff enter, correct or remove before the freeze."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, select

from app.errors import NotFoundError
from app.policy import Actor
from app.rounds import pictures, queries, service
from app.rounds.models import ProjectProgrammeRow, ProjectRow, RoundRow
from app.rounds.setup.changes import FieldRefusedError, change


def add(actor: Actor, slug: str, values: Mapping[str, Any]) -> ProjectRow:
    """Enter a project. Two officers may do so at once: their projects do not clash."""

    def added(session: Session, row: RoundRow) -> ProjectRow:
        _check_reference_is_free(session, row, values["reference"])
        return service.add_project(session, row, **_checked(session, row, values))

    return change(actor, slug, added, what="add_project")


def edit(
    actor: Actor, slug: str, project_id: uuid.UUID, values: Mapping[str, Any], *, version: int
) -> None:
    """Correct a project; what came from a proposal keeps its picture and its author's words."""

    def edited(session: Session, row: RoundRow) -> None:
        project = of_round(session, row, project_id)
        if project.reference != values["reference"]:
            _check_reference_is_free(session, row, values["reference"])
        for name, value in _checked(session, row, values).items():
            setattr(project, name, value)
        session.add(project)

    change(actor, slug, edited, what="edit_project", version=version)


def remove(actor: Actor, slug: str, project_id: uuid.UUID) -> None:
    """Take a project off the ballot."""

    def removed(session: Session, row: RoundRow) -> None:
        project = of_round(session, row, project_id)
        _forget_programme(session, project)
        session.delete(project)
        session.flush()
        if project.proposal_id is None:
            pictures.remove(session, project.picture_id)

    change(actor, slug, removed, what="remove_project")


def make_programme(
    actor: Actor, slug: str, project_id: uuid.UUID, values: Mapping[str, Any]
) -> None:
    """Make a project a voucher programme, or change its terms. `values`: columns of the terms."""

    def made(session: Session, row: RoundRow) -> None:
        project = of_round(session, row, project_id)
        terms = session.get(ProjectProgrammeRow, project.id)
        terms = terms or ProjectProgrammeRow(project_id=project.id, round_id=row.id, **values)
        for name, value in values.items():
            setattr(terms, name, value)
        session.add(terms)

    change(actor, slug, made, what="make_programme")


def unmake_programme(actor: Actor, slug: str, project_id: uuid.UUID) -> None:
    """Make a voucher programme a project like any other."""

    def unmade(session: Session, row: RoundRow) -> None:
        _forget_programme(session, of_round(session, row, project_id))

    change(actor, slug, unmade, what="unmake_programme")


def _forget_programme(session: Session, project: ProjectRow) -> None:
    terms = session.get(ProjectProgrammeRow, project.id)
    if terms is not None:
        session.delete(terms)
        session.flush()


def of_round(session: Session, row: RoundRow, project_id: uuid.UUID) -> ProjectRow:
    """Load a project of this round; NotFoundError for one of another round."""
    found = session.get(ProjectRow, project_id)
    if found is None or found.round_id != row.id:
        raise NotFoundError(_("This round has no such project. It may have been removed."))
    return found


def next_reference(session: Session, row: RoundRow) -> str:
    """Propose a number for the next project."""
    taken = {project.reference for project in queries.projects(session, row.id)}
    number = len(taken) + 1
    while str(number) in taken:
        number += 1
    return str(number)


def _checked(session: Session, row: RoundRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """Refuse a budget that was removed meanwhile; without an area it is that of the budget."""
    pots = {pot.id: pot for pot in queries.pots(session, row.id)}
    if values["pot_id"] not in pots:
        raise FieldRefusedError(_("This budget was removed. Choose another."), field="pot")
    area_id = values["area_id"] or pots[values["pot_id"]].area_id
    return {**values, "area_id": area_id}


def _check_reference_is_free(session: Session, row: RoundRow, reference: str) -> None:
    query = select(ProjectRow.id).where(
        ProjectRow.round_id == row.id, ProjectRow.reference == reference
    )
    if session.exec(query).first():
        raise FieldRefusedError(
            _("Another project of this round has this number. Choose another."), field="reference"
        )
