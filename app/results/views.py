"""Runs as pages show them: in a list, and each with what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlmodel import Session

from allocation.rule_sheet import RuleSheet
from app import i18n
from app.results import queries, recounting
from app.results.models import AllocationRunRow
from app.results.pot_view import Labels, PotResult, pot_result
from app.results.queries import Standing
from app.rounds import queries as rounds
from app.rounds import rule_words
from app.rounds.models import ProjectRow, RoundRow


@dataclass(frozen=True)
class RunLine:
    """A run in a list: that it was made, by which rule and why, and what came of it."""

    run: AllocationRunRow
    standing: Standing
    rule: str
    outcome: str

    @property
    def reason(self) -> str:
        return self.run.reason


@dataclass(frozen=True)
class RunView:
    """A run with what came of it; `pots` empty while it is not finished or has no outcome."""

    run: AllocationRunRow
    standing: Standing
    rule: RuleSheet
    finished_at: datetime | None = None
    failure: str | None = None
    pots: Sequence[PotResult] = field(default_factory=list)

    @property
    def rule_answers(self) -> list[rule_words.Answer]:
        sheet = self.pots[0].rule if self.pots else self.rule
        return rule_words.answers(sheet)

    @property
    def under_way(self) -> bool:
        return self.standing is Standing.UNDER_WAY


def run_lines(session: Session, round_row: RoundRow, *, details: bool) -> list[RunLine]:
    """Return all runs of a round. Without `details` nothing tells what a count has given."""
    return [_run_line(session, row, details=details) for row in queries.runs(session, round_row.id)]


def run_view(session: Session, round_row: RoundRow, run: AllocationRunRow) -> RunView:
    """Put a run and its result together for a page."""
    sheet = RuleSheet.from_dict(run.rule)
    standing = queries.standing(session, run)
    result = queries.result(session, run.id)
    if result is None or result.outcome is None:
        finished_at = result.finished_at if result else None
        return RunView(run, standing, sheet, finished_at, queries.failure(session, run))
    projects = {row.reference: row for row in rounds.projects(session, round_row.id)}
    pots = {str(pot.id): pot for pot in rounds.pots(session, round_row.id)}
    files = queries.count_files(session, run.id)
    labels = _labels(session, round_row, projects.values())
    views = []
    for one in result.outcome["pots"]:
        pot = pots[one["pot"]]
        command = recounting.allocate_command(round_row, pot, list(pots.values()))
        file = files.get(pot.id)
        views.append(pot_result(round_row, pot, one, projects, file, labels, command))
    return RunView(run, standing, sheet, result.finished_at, None, views)


def _labels(
    session: Session, round_row: RoundRow, projects: Iterable[ProjectRow]
) -> dict[str, Labels]:
    areas = {row.id: row.name for row in rounds.areas(session, round_row)}
    categories = {row.id: row.name for row in rounds.categories(session, round_row.id)}
    return {
        row.reference: (
            areas.get(row.area_id, "") if row.area_id else "",
            categories.get(row.category_id, "") if row.category_id else "",
        )
        for row in projects
    }


def _run_line(session: Session, row: AllocationRunRow, *, details: bool) -> RunLine:
    standing = queries.standing(session, row)
    rule = rule_words.name(RuleSheet.from_dict(row.rule).rule)
    if standing is Standing.UNDER_WAY:
        outcome = _("Under way")
    elif standing is Standing.NO_OUTCOME:
        why = queries.failure(session, row) if details else ""
        outcome = _("No outcome. %(why)s", why=why).strip()
    else:
        outcome = _outcome_in_words(session, row) if details else _("Counted")
    return RunLine(row, standing, rule, str(outcome))


def _outcome_in_words(session: Session, row: AllocationRunRow) -> str:
    result = queries.result(session, row.id)
    pots = result.outcome["pots"] if result and result.outcome else []
    number = sum(len(pot["allocation"]["winners"]) for pot in pots)
    return str(_("Funded projects: %(number)s", number=i18n.number(number)))
