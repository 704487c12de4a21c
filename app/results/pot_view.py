"""The outcome of one pot as a page shows it: amounts, titles and sentences put together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import format_percent
from flask_babel import gettext as _

from allocation.options import TieCriterion
from allocation.rule_sheet import RuleSheet
from app import i18n
from app.results import export
from app.results.failures import listed
from app.results.models import CountFileRow
from app.results.sentences import reason_sentence
from app.results.winning import Reader
from app.rounds.models import PotRow, ProjectRow, RoundRow

_SAFE_IN_ID = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class ProjectLine:
    project: ProjectRow
    won: bool
    votes: str
    reason: str

    @property
    def anchor(self) -> str:
        """Where the page can be entered: `#project-17`."""
        reference = self.project.reference
        return f"project-{reference if _SAFE_IN_ID.fullmatch(reference) else self.project.id.hex}"


@dataclass(frozen=True)
class Share:
    """What an area or category got, beside its part of the votes."""

    label: str
    spent_minor: int
    spending: str
    votes: str


@dataclass(frozen=True)
class TieLine:
    chosen: str
    between: str
    decided_by: str


@dataclass(frozen=True)
class PotResult:
    pot: PotRow
    winners: Sequence[ProjectLine]
    others: Sequence[ProjectLine]
    spent_minor: int
    ballots: int
    represented: str
    by_area: Sequence[Share]
    by_category: Sequence[Share]
    ties: Sequence[TieLine]
    file: CountFileRow | None
    rule: RuleSheet

    @property
    def left_minor(self) -> int:
        return self.pot.budget_minor - self.spent_minor

    @property
    def file_refusal(self) -> str:
        return export.why_not(self.file) if self.file else ""

    @property
    def by_shares(self) -> bool:
        """Whether sentences speak of effective votes, which need a word of explanation."""
        return any("effective" in line.reason for line in self.winners)


def pot_result(
    round_row: RoundRow,
    pot: PotRow,
    document: Mapping[str, Any],
    projects: Mapping[str, ProjectRow],
    file: CountFileRow | None,
) -> PotResult:
    """Put the document of a pot together with what it is about."""
    sheet = RuleSheet.from_dict(document["allocation"]["rule"])
    titles = {reference: row.title for reference, row in projects.items()}
    reader = Reader(titles, round_row.currency, round_row.minor_per_unit, sheet.rule, sheet.utility)
    lines = [_line(one, projects, reader) for one in document["projects"]]
    figures = document["representation"]
    return PotResult(
        pot=pot,
        winners=[line for line in lines if line.won],
        others=_most_votes_first(document, lines),
        spent_minor=document["spent_minor"],
        ballots=figures["ballots"],
        represented=percent(Fraction(figures["share_represented"])),
        by_area=_shares(figures["by_area"]),
        by_category=_shares(figures["by_category"]),
        ties=[_tie(one, titles) for one in document["allocation"]["ties"]],
        file=file,
        rule=sheet,
    )


def _line(
    one: Mapping[str, Any], projects: Mapping[str, ProjectRow], reader: Reader
) -> ProjectLine:
    return ProjectLine(
        project=projects[one["reference"]],
        won=one["won"],
        votes=_in_words(Fraction(one["votes"])),
        reason=reason_sentence(one, reader),
    )


def _most_votes_first(
    document: Mapping[str, Any], lines: Sequence[ProjectLine]
) -> list[ProjectLine]:
    """Return what was not funded; equal ones stay in the order of the list."""
    votes = {one["reference"]: Fraction(one["votes"]) for one in document["projects"]}
    lost = (line for line in lines if not line.won)
    return sorted(lost, key=lambda line: -votes[line.project.reference])


def _shares(rows: Sequence[Mapping[str, Any]]) -> list[Share]:
    """Return the parts, the largest first; nothing if all projects have the same label."""
    if len(rows) < 2:  # noqa: PLR2004 (one part is no comparison)
        return []
    shares = [
        Share(
            row["label"],
            row["spent_minor"],
            percent(Fraction(row["spending_share"])),
            percent(Fraction(row["vote_share"])),
        )
        for row in rows
    ]
    return sorted(shares, key=lambda share: (-share.spent_minor, share.label))


def _tie(tie: Mapping[str, Any], titles: Mapping[str, str]) -> TieLine:
    words = {
        TieCriterion.MIN_COST: _("the lower cost"),
        TieCriterion.MAX_COST: _("the higher cost"),
        TieCriterion.MAX_VOTES: _("more votes"),
        TieCriterion.MIN_ID: _("the lower number"),
        TieCriterion.LISTED: _("the place in the list"),
        TieCriterion.LOT: _("the lot"),
    }
    return TieLine(
        chosen=titles[tie["chosen"]],
        between=listed([titles[one] for one in tie["between"]]),
        decided_by=str(words[TieCriterion(tie["decided_by"])]),
    )


def percent(share: Fraction) -> str:
    """Write a share in whole per cent; what is not all or nothing is not rounded to it."""
    rounded = round(share * 100)
    if 0 < share < 1:
        rounded = min(max(rounded, 1), 99)
    return str(format_percent(rounded / 100))


def _in_words(number: Fraction) -> str:
    """Write votes or points; a fraction of a point with one decimal."""
    return i18n.number(int(number) if number.denominator == 1 else round(float(number), 1))
