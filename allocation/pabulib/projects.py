"""The section PROJECTS."""

from collections.abc import Mapping
from dataclasses import dataclass

from allocation.pabulib import numbers
from allocation.pabulib.fields import (
    AREA_COLUMNS,
    OLD_PROJECT_COLUMNS,
    PROJECT_ORDER,
    PROJECT_REQUIRED,
    WITHDRAWN_COST,
    id_fault,
)
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.sections import Section
from allocation.pabulib.tables import Columns, read_table

COLUMNS = Columns(
    required=PROJECT_REQUIRED,
    known=PROJECT_ORDER,
    renamed=OLD_PROJECT_COLUMNS,
    kept_as_written=("project_id",),
)


@dataclass(frozen=True)
class ProjectRow:
    """A project with its line; `cost_cents` is 0 when an error has been reported for it."""

    line: int
    id: str
    cost_cents: int
    cells: Mapping[str, str]

    @property
    def is_withdrawn(self) -> bool:
        return self.cells["cost"] == WITHDRAWN_COST

    @property
    def area(self) -> str:
        return next((self.cells[name] for name in AREA_COLUMNS if self.cells.get(name)), "")


def read_projects(
    section: Section, projects_max: int, report: Report
) -> dict[str, ProjectRow] | None:
    """Read all projects in the order of the file; None if the section cannot be used."""
    if len(section.rows) > projects_max + 1:
        line = section.rows.line(projects_max + 1)
        message = f"the file has more than {projects_max} projects."
        hint = "Split it, or ask for a higher limit."
        report.error(line, "too_many_projects", message, hint)
        return None
    table = read_table(section, COLUMNS, report)
    if table is None:
        return None
    projects: dict[str, ProjectRow] = {}
    for line, *cells in zip(table.lines, *table.columns().values(), strict=True):
        project = _read_project(line, dict(zip(table.place, cells, strict=True)), report)
        if project.id in projects:
            message = f"project {shown(project.id)} is there twice, first on line "
            message += f"{projects[project.id].line}."
            report.error(line, "duplicate_project", message, "Give each project its own id.")
        else:
            projects[project.id] = project
    if not projects:
        report.error(table.line, "no_projects", "PROJECTS has no rows.", "Add the projects.")
    return projects


def _read_project(line: int, cells: Mapping[str, str], report: Report) -> ProjectRow:
    id_ = cells["project_id"]
    fault = id_fault(id_)
    if fault:
        message = f"the project id {shown(id_)} {fault}."
        report.error(line, "project_id", message, "Enter a short id such as 17 or A-3.")
    subject = f"project {shown(id_)} has cost"
    cents = numbers.read_amount(
        cells["cost"], line=line, code="cost", subject=subject, report=report
    )
    return ProjectRow(line, id_, cents, cells)
