"""A stored result as a page shows it: amounts, titles and sentences put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlmodel import Session

from app.results import runs
from app.results.models import AllocationRunRow
from app.results.sentences import Reader, reason_sentence
from app.rounds import queries as rounds
from app.rounds.models import PotRow, ProjectRow, RoundRow


@dataclass(frozen=True)
class ProjectLine:
    project: ProjectRow
    won: bool
    votes: str
    reason: str


@dataclass(frozen=True)
class Share:
    """What an area or category got, beside its part of the votes; per cent rounded for the eye."""

    label: str
    spent_minor: int
    spending_percent: int
    vote_percent: int


@dataclass(frozen=True)
class PotResult:
    pot: PotRow
    winners: Sequence[ProjectLine]
    others: Sequence[ProjectLine]
    spent_minor: int
    ballots: int
    represented_percent: int
    by_area: Sequence[Share]
    by_category: Sequence[Share]
    document: Mapping[str, Any]

    @property
    def left_minor(self) -> int:
        return self.pot.budget_minor - self.spent_minor

    @property
    def ties(self) -> Sequence[Mapping[str, Any]]:
        return list(self.document["allocation"]["ties"])


@dataclass(frozen=True)
class RunView:
    """A run with what came of it; `pots` empty while it is not finished or has failed."""

    run: AllocationRunRow
    finished_at: datetime | None
    failure: str | None
    pots: Sequence[PotResult]

    @property
    def finished(self) -> bool:
        return self.finished_at is not None


def run_view(session: Session, round_row: RoundRow, run: AllocationRunRow) -> RunView:
    """Put a run and its result together for a page."""
    result = runs.result(session, run.id)
    if result is None or result.outcome is None:
        return RunView(
            run,
            result.finished_at if result else None,
            result.failure if result else None,
            pots=(),
        )
    projects = {row.reference: row for row in rounds.projects(session, round_row.id)}
    reader = Reader(
        {reference: row.title for reference, row in projects.items()},
        round_row.currency,
        round_row.minor_per_unit,
    )
    pots = {str(pot.id): pot for pot in rounds.pots(session, round_row.id)}
    documents = result.outcome["pots"]
    views = [_pot(pots[one["pot"]], one, projects, reader) for one in documents]
    return RunView(run, result.finished_at, None, views)


def _pot(
    pot: PotRow, document: Mapping[str, Any], projects: Mapping[str, ProjectRow], reader: Reader
) -> PotResult:
    lines = [
        ProjectLine(
            project=projects[one["reference"]],
            won=one["won"],
            votes=_plain_number(one["votes"]),
            reason=reason_sentence(one, reader),
        )
        for one in document["projects"]
    ]
    figures = document["representation"]
    return PotResult(
        pot=pot,
        winners=[line for line in lines if line.won],
        others=sorted(
            (line for line in lines if not line.won),
            key=lambda line: (-Fraction(line.votes), line.project.reference),
        ),
        spent_minor=document["spent_minor"],
        ballots=figures["ballots"],
        represented_percent=_percent(figures["share_represented"]),
        by_area=_shares(figures["by_area"]),
        by_category=_shares(figures["by_category"]),
        document=document,
    )


def _shares(rows: Sequence[Mapping[str, Any]]) -> list[Share]:
    """Return the parts, the largest first; nothing if all projects have the same label."""
    if len(rows) < 2:  # noqa: PLR2004 (one part is no comparison)
        return []
    shares = [
        Share(
            row["label"],
            row["spent_minor"],
            _percent(row["spending_share"]),
            _percent(row["vote_share"]),
        )
        for row in rows
    ]
    return sorted(shares, key=lambda share: (-share.spent_minor, share.label))


def _percent(share: str) -> int:
    return round(Fraction(share) * 100)


def _plain_number(exact: str) -> str:
    number = Fraction(exact)
    return str(number) if number.denominator == 1 else f"{float(number):.1f}"
