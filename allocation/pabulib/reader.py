"""Reading a `.pb` file: the sections in turn, then what only all three together can tell."""

from collections.abc import Sequence

from allocation.ballot_table import BallotTable
from allocation.errors import PbError
from allocation.instance import Instance, Project, VoteType
from allocation.pabulib.cross_checks import cross_check
from allocation.pabulib.meta import Meta, read_meta
from allocation.pabulib.meta_limits import read_limits
from allocation.pabulib.parting import part
from allocation.pabulib.problems import Mode, Problem, Report
from allocation.pabulib.projects import ProjectRow, read_projects
from allocation.pabulib.sections import split
from allocation.pabulib.text import Limits, readable
from allocation.pabulib.votes import read_ballots

# The columns that have an attribute of their own, or are counted anew.
OWN_FIELDS = {"project_id", "cost", "votes", "score", "name", "category", "selected"}
NORMAL_LIMITS = Limits()


def parse(
    content: str | bytes, mode: Mode = "strict", limits: Limits = NORMAL_LIMITS
) -> tuple[Instance, list[Problem]]:
    """Read an election and the warnings about it, in line order.

    Strict for ballots that Minga counts officially. Lenient for published files: what the format
    forbids but has one plain meaning is mended and becomes a warning that says how.
    Raises PbError, the first error by line.
    """
    report = Report(mode, limits.problems_max)
    instance = _read(content, limits, report)
    problems = report.in_line_order()
    if instance is None:
        raise next(problem for problem in problems if problem.is_error).as_error()
    return instance, problems


def check(
    content: str | bytes, mode: Mode = "strict", limits: Limits = NORMAL_LIMITS
) -> list[Problem]:
    """List every error and warning that `parse` would meet, in line order."""
    report = Report(mode, limits.problems_max)
    _read(content, limits, report)
    return report.in_line_order()


def _read(content: str | bytes, limits: Limits, report: Report) -> Instance | None:
    """Read as far as the file allows; None if (and only if) an error was reported."""
    try:
        rows, unreadable = part(readable(content, limits), limits)
        meta_section, projects_section, votes_section = split(rows, unreadable, report)
    except PbError as error:
        report.error(error.line, error.code, error.message, error.hint)
        return None
    meta = read_meta(meta_section, report)
    projects = read_projects(projects_section, limits.projects_max, report)
    if meta is None or projects is None:
        return None
    ballot_limits = read_limits(meta, projects, limits.categories_max, report)
    ballots = read_ballots(votes_section, meta.vote_type, ballot_limits, report)
    if ballots is None:
        return None
    cross_check(meta, projects, ballots, report)
    if meta.vote_type is None or report.errors:
        return None
    return _instance(meta, meta.vote_type, list(projects.values()), ballots)


def _instance(
    meta: Meta, vote_type: VoteType, rows: Sequence[ProjectRow], ballots: BallotTable
) -> Instance:
    """Put the parts together, in whole currency units if all amounts are whole, else in cents."""
    amounts = [meta.budget_cents, *(row.cost_cents for row in rows)]
    cents_per_minor = 100 if all(amount % 100 == 0 for amount in amounts) else 1
    return Instance(
        vote_type=vote_type,
        budget=meta.budget_cents // cents_per_minor,
        projects=tuple(_project(row, cents_per_minor) for row in rows),
        ballots=ballots,
        minor_per_unit=100 // cents_per_minor,
        default_score=meta.default_score,
        meta=meta.values,
    )


def _project(row: ProjectRow, cents_per_minor: int) -> Project:
    return Project(
        id=row.id,
        cost=row.cost_cents // cents_per_minor,
        name=row.cells.get("name", ""),
        category=row.cells.get("category", ""),
        area=row.area,
        selected=row.cells.get("selected", ""),
        fields={name: cell for name, cell in row.cells.items() if name not in OWN_FIELDS},
    )
