"""The outcome of one pot as a page shows it: amounts, titles and sentences put together."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from allocation.options import Rule, TieCriterion
from allocation.rule_sheet import RuleSheet
from app import i18n
from app.results import export, left_over
from app.results.failures import listed
from app.results.models import CountFileRow
from app.results.pot_figures import PotFigures, pot_figures
from app.results.sentences import reason_sentence
from app.results.winning import Reader
from app.results.words import percent, votes
from app.rounds.models import PotRow, ProjectRow, RoundRow

_SAFE_IN_ID = re.compile(r"[A-Za-z0-9_.-]+")


Labels = tuple[str, str]
"""The names of a project's area and category, empty where it has none."""


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
    spending_width: str
    votes_width: str
    """Per cent of the longest bar."""


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
    figures: PotFigures
    flow: Sequence[tuple[str, str, int]]
    """Area or category, title and cost of what was funded: the table of the picture."""
    share: str
    """What every ballot had, in words, so that a voter can ask what theirs paid for; or empty."""
    unspent: str
    """Why money is left although projects lost; or empty."""
    recount: str
    """The command by which anybody gets the same winners, where the ballots are published."""

    @property
    def has_shares(self) -> bool:
        return bool(self.share)

    @property
    def left_minor(self) -> int:
        return self.pot.budget_minor - self.spent_minor

    @property
    def file_refusal(self) -> str:
        return export.why_not(self.file) if self.file else ""

    @property
    def by_shares(self) -> bool:
        """Whether sentences speak of effective votes, which need a word of explanation."""
        return any(" full " in line.reason for line in self.winners)


def pot_result(
    round_row: RoundRow,
    pot: PotRow,
    document: Mapping[str, Any],
    projects: Mapping[str, ProjectRow],
    file: CountFileRow | None,
    labels: Mapping[str, Labels] | None = None,
    recount: str = "",
) -> PotResult:
    """Put the document of a pot together with what it is about.

    `labels`: area and category of each project by reference. `recount`: see `recounting`.
    """
    sheet = RuleSheet.from_dict(document["allocation"]["rule"])
    titles = {reference: row.title for reference, row in projects.items()}
    reader = Reader(titles, round_row.currency, round_row.minor_per_unit, sheet.rule, sheet.utility)
    lines = [_line(one, projects, reader) for one in document["projects"]]
    figures = document["representation"]
    lost = [line.project.cost_minor for line in lines if not line.won]
    left = pot.budget_minor - document["spent_minor"]
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
        figures=pot_figures(document, projects, reader),
        flow=_flow(document, projects, labels or {}),
        share=_share(document.get("tariff"), reader),
        recount=recount if file and not file.refusal else "",
        unspent=left_over.why_unspent(left, lost, _applied(document, sheet), reader),
    )


def _share(tariff: Mapping[str, Any] | None, reader: Reader) -> str:
    if not tariff:
        return ""
    endowment = int(Fraction(tariff["endowment_minor"]))  # never more than it was
    return i18n.money(endowment, reader.currency, reader.minor_per_unit)


def _applied(document: Mapping[str, Any], sheet: RuleSheet) -> RuleSheet:
    """Return the rule whose outcome it is: after a comparison it may be most votes first."""
    comparison = document["allocation"].get("comparison")
    greedy = comparison is not None and comparison["taken"] == Rule.GREEDY
    return replace(sheet, rule=Rule.GREEDY) if greedy else sheet


def _flow(
    document: Mapping[str, Any],
    projects: Mapping[str, ProjectRow],
    labels: Mapping[str, Labels],
) -> list[tuple[str, str, int]]:
    """List what was funded in the order of the picture: the group with the most money first."""
    which = 0 if "flow_area" in document.get("pictures", {}) else 1
    rows = [
        (labels.get(one["reference"], ("", ""))[which], projects[one["reference"]])
        for one in document["projects"]
        if one["won"]
    ]
    totals: Counter[str] = Counter()
    for label, project in rows:
        totals[label] += project.cost_minor
    rows.sort(key=lambda row: (-totals[row[0]], row[0], -row[1].cost_minor, row[1].title))
    return [(label, project.title, project.cost_minor) for label, project in rows]


def _line(
    one: Mapping[str, Any], projects: Mapping[str, ProjectRow], reader: Reader
) -> ProjectLine:
    return ProjectLine(
        project=projects[one["reference"]],
        won=one["won"],
        votes=votes(Fraction(one["votes"])),
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
    parts = [(row, Fraction(row["spending_share"]), Fraction(row["vote_share"])) for row in rows]
    longest = max(max(spending, given) for _row, spending, given in parts) or 1
    shares = [
        Share(
            row["label"],
            row["spent_minor"],
            percent(spending),
            percent(given),
            f"{float(100 * spending / longest):.2f}",
            f"{float(100 * given / longest):.2f}",
        )
        for row, spending, given in parts
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
