"""What other features and the pages read about programmes."""

import uuid
from datetime import date

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app.errors import ConflictError, NotFoundError
from app.programmes import parameters, schedule
from app.programmes.households import Household, Scale
from app.programmes.models import ParameterRow, ProgrammeRow, ProgrammeState, ScheduleRow
from app.programmes.parameters import ParameterSet
from app.programmes.schedule import Value

PUBLIC_STATES = (ProgrammeState.APPROVED, ProgrammeState.OPEN, ProgrammeState.CLOSED)


def all_programmes(session: Session) -> list[ProgrammeRow]:
    """Return all programmes, the newest first."""
    return list(session.exec(select(ProgrammeRow).order_by(col(ProgrammeRow.id).desc())).all())


def public_programmes(session: Session) -> list[ProgrammeRow]:
    return [row for row in all_programmes(session) if row.state in PUBLIC_STATES]


def by_slug(session: Session, slug: str) -> ProgrammeRow:
    """Raises NotFoundError."""
    row = session.exec(select(ProgrammeRow).where(ProgrammeRow.slug == slug)).first()
    if row is None:
        raise NotFoundError(lazy("There is no such programme. Check the address."))
    return row


def of_project(session: Session, round_id: uuid.UUID, reference: str) -> ProgrammeRow | None:
    """Return the programme that a project of a round has become; None before it is funded."""
    return of_round(session, round_id).get(reference)


def of_round(session: Session, round_id: uuid.UUID) -> dict[str, ProgrammeRow]:
    """Return the programmes that a round's result has opened, by the reference of the project."""
    query = select(ProgrammeRow).where(ProgrammeRow.round_id == round_id)
    return {str(row.project_reference): row for row in session.exec(query).all()}


def schedule_row(session: Session, row: ProgrammeRow) -> ScheduleRow | None:
    """Return the schedule in force, or the one that is proposed or saved last."""
    if row.schedule_no is None:
        return None
    return session.get_one(ScheduleRow, (row.id, row.schedule_no))


def parameter_rows(session: Session, programme_id: uuid.UUID) -> list[ParameterRow]:
    """Return all values there ever were, by name, the newest first."""
    query = (
        select(ParameterRow)
        .where(ParameterRow.programme_id == programme_id)
        .order_by(col(ParameterRow.name), col(ParameterRow.valid_from).desc())
    )
    return list(session.exec(query).all())


def parameter_set(session: Session, programme_id: uuid.UUID, on: date) -> ParameterSet:
    return parameters.in_force(parameter_rows(session, programme_id), on)


def value_of(
    session: Session, programme_id: uuid.UUID, income_minor: int | None, household: Household
) -> Value:
    """Return what each member of a household gets, with the equivalised income it follows from.

    `income_minor`: of the household, per month; None: not declared, which gives the floor.
    The scale is the one that the schedule was made with. Raises ConflictError before approval.
    """
    row = session.get_one(ProgrammeRow, programme_id)
    stored = schedule_row(session, row)
    if stored is None or row.state not in PUBLIC_STATES:
        raise ConflictError(
            lazy("This programme has no approved schedule yet. Two officers have to approve one.")
        )
    made = schedule.from_document(stored.document)
    return schedule.value_of(made, income_minor, household, Scale(stored.scale))


def value_minor(
    session: Session, programme_id: uuid.UUID, income_minor: int | None, household: Household
) -> int:
    """Return the value alone: see `value_of`."""
    return value_of(session, programme_id, income_minor, household).value_minor
