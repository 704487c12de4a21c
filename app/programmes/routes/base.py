from dataclasses import dataclass

from flask import Blueprint
from sqlmodel import Session

from app.programmes import queries, schedule, service, words
from app.programmes.households import Scale
from app.programmes.models import ParameterRow, ProgrammeRow, ScheduleRow
from app.programmes.services import Service
from app.programmes.views import ScheduleView, schedule_view

blueprint = Blueprint("programmes", __name__)


@dataclass(frozen=True)
class Shown:
    """A programme as its pages show it."""

    row: ProgrammeRow
    stored: ScheduleRow | None
    parameters: list[ParameterRow]

    @property
    def state(self) -> tuple[str, str]:
        name, tone = words.STATES[self.row.state]  # type: ignore[index]  # a StrEnum is its text
        return str(name), tone

    @property
    def services(self) -> list[str]:
        return [str(words.SERVICES[Service(one)]) for one in self.row.services]

    @property
    def schedule(self) -> ScheduleView | None:
        if self.stored is None:
            return None
        made = schedule.from_document(self.stored.document)
        scale = Scale(self.stored.scale)
        people, row = service.people_of(self.row), self.row
        return schedule_view(made, scale, people, row.unit, row.budget_minor)


def shown(session: Session, slug: str) -> Shown:
    row = queries.by_slug(session, slug)
    return Shown(row, queries.schedule_row(session, row), queries.parameter_rows(session, row.id))
