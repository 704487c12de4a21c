"""What only all three sections together can tell: declared numbers, and odd projects."""

from collections.abc import Mapping
from fractions import Fraction

from allocation.ballot_table import BallotTable
from allocation.pabulib import numbers
from allocation.pabulib.fields import SCORE_TYPES
from allocation.pabulib.meta import Meta
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.projects import ProjectRow
from allocation.pabulib.tally import count_votes, sum_scores

COUNTED_WINS = "The counted number was used."


def cross_check(
    meta: Meta, projects: Mapping[str, ProjectRow], ballots: BallotTable, report: Report
) -> None:
    """Compare what the file declares with what it holds; the ballots are what counts."""
    _compare_length(meta, "num_projects", "projects", len(projects), report)
    _compare_length(meta, "num_votes", "ballots", len(ballots), report)
    for project, votes in zip(projects.values(), count_votes(ballots), strict=True):
        _compare(project, "votes", Fraction(votes), report)
        _warn_of_oddities(project, votes, meta.budget_cents, report)
    if meta.vote_type in SCORE_TYPES:
        scores = sum_scores(ballots, meta.vote_type)
        for project, score in zip(projects.values(), scores, strict=True):
            _compare(project, "score", score, report)


def _compare_length(meta: Meta, key: str, things: str, counted: int, report: Report) -> None:
    declared = meta.values.get(key)
    if declared is not None and numbers.count(declared) != counted:
        message = f"META gives {key} as {shown(declared)}, but there are {counted} {things}."
        hint = "Correct the number, or look for missing rows."
        report.fault(meta.line_of(key), key, message, hint, COUNTED_WINS)


def _compare(project: ProjectRow, column: str, counted: Fraction, report: Report) -> None:
    """Compare a declared tally with the counted one; an empty cell declares nothing."""
    declared = project.cells.get(column)
    if declared and numbers.points(declared) != counted:
        message = f"project {shown(project.id)} has {column} {shown(declared)}, "
        message += f"but the ballots give {numbers.points_text(counted)}."
        hint = "Correct the number, or look for missing ballots."
        report.fault(project.line, column, message, hint, COUNTED_WINS)


def _warn_of_oddities(project: ProjectRow, votes: int, budget_cents: int, report: Report) -> None:
    name = f"project {shown(project.id)}"
    if project.is_withdrawn:
        message = f"{name} has the cost that marks a project as withdrawn after the vote."
        report.warn(project.line, "withdrawn", message, "It cannot win.")
    elif budget_cents and project.cost_cents > budget_cents:
        message = f"{name} costs more than the whole budget."
        report.warn(project.line, "cost_above_budget", message, "It cannot win.")
    if not votes:
        message = f"{name} is on no ballot."
        report.warn(project.line, "no_votes", message, "It can win only if money is left over.")
