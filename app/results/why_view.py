"""Why one project won or lost, as its page shows it: sentences, figures by round, payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from allocation.rule_sheet import RuleSheet
from app import i18n
from app.errors import Lead, NotFoundError
from app.results import queries, recounting, why_words
from app.results.models import AllocationRunRow
from app.results.pot_view import PotResult, ProjectLine, pot_result
from app.results.why_words import Case
from app.results.winning import Reader
from app.rounds import queries as rounds
from app.rounds.models import PotRow, ProjectRow, RoundRow


@dataclass(frozen=True)
class RoundLine:
    """A step before its purchase: what supporters had left, and which project was then chosen.

    `height` is the money in per cent of the chart. `chosen` None: nothing was, the steps had ended.
    """

    number: int
    money: str
    enough: bool
    worth: str
    chosen: ProjectRow | None
    height: str


@dataclass(frozen=True)
class Payment:
    """What supporters paid for another project, `project` None: for all further ones."""

    project: ProjectRow | None
    amount_minor: int
    amount: str


@dataclass(frozen=True)
class WhyView:
    line: ProjectLine
    pot: PotRow
    rule: RuleSheet
    story: Sequence[str]
    supporters: int
    rounds: Sequence[RoundLine]
    worth_head: str
    cost_height: str
    payments: Sequence[Payment]
    share: str
    plain_share: str
    """The budget divided by the ballots, where everybody's share was raised above that."""
    recount: str
    previous: ProjectLine | None
    next: ProjectLine | None

    @property
    def project(self) -> ProjectRow:
        return self.line.project

    @property
    def by_shares(self) -> bool:
        return bool(self.rounds)


def why_view(
    session: Session, round_row: RoundRow, run: AllocationRunRow, reference: str
) -> WhyView:
    """Put a project of a run's outcome together; NotFoundError if the run has no such project."""
    projects = {row.reference: row for row in rounds.projects(session, round_row.id)}
    result = queries.result(session, run.id)
    for document in result.outcome["pots"] if result and result.outcome else ():
        for one in document["projects"]:
            if one["reference"] == reference and reference in projects:
                pots = {str(row.id): row for row in rounds.pots(session, round_row.id)}
                pot = pot_result(round_row, pots[document["pot"]], document, projects, None)
                maker = _Maker(round_row, pot, document, projects)
                return maker.view(one, _recount(session, round_row, run, pot.pot, reference))
    raise NotFoundError(
        lazy("This count has no project with that number. See the list of its projects."),
        lead=Lead(lazy("The projects and the result"), "results.show"),
    )


class _Maker:
    """Holds what every part of the page needs."""

    def __init__(
        self,
        round_row: RoundRow,
        pot: PotResult,
        document: Mapping[str, Any],
        projects: Mapping[str, ProjectRow],
    ) -> None:
        titles = {reference: row.title for reference, row in projects.items()}
        self._pot = pot
        self._document = document
        self._projects = projects
        self._reader = Reader(
            titles,
            round_row.currency,
            round_row.minor_per_unit,
            pot.rule.rule,
            pot.rule.utility,
        )
        tariff = document.get("tariff")
        self._share = Fraction(tariff["endowment_minor"]) if tariff else None
        self._rates = {one: Fraction(rate) for one, rate in tariff["rates"]} if tariff else {}
        self._bought = list(self._rates)

    def view(self, one: Mapping[str, Any], command: str) -> WhyView:
        lines = [*self._pot.winners, *self._pot.others]
        here = next(n for n, line in enumerate(lines) if line.project.reference == one["reference"])
        project = lines[here].project
        case = Case(
            one,
            cost_minor=project.cost_minor,
            share_minor=self._share,
            place=self._place(one),
            left_minor=self._pot.left_minor,
            completion=self._pot.rule.completion,
            reader=self._reader,
            rate_minor=self._rates.get(one["reference"]),
        )
        return WhyView(
            line=lines[here],
            pot=self._pot.pot,
            rule=self._pot.rule,
            story=why_words.story(case),
            supporters=case.supporters,
            rounds=self._rounds(one, project),
            worth_head=why_words.worth_head(self._pot.rule.utility),
            cost_height=_per_cent(project.cost_minor, self._top(one, project)),
            payments=self._payments(one),
            share=case.share,
            plain_share=self._plain_share(),
            recount=command,
            previous=lines[here - 1] if here else None,
            next=lines[here + 1] if here + 1 < len(lines) else None,
        )

    def _plain_share(self) -> str:
        plain = self._document["representation"].get("plain_endowment_minor")
        if plain is None or self._share is None or self._share <= Fraction(plain):
            return ""
        return self._money(int(Fraction(plain)))

    def _place(self, one: Mapping[str, Any]) -> int:
        mine = Fraction(one["votes"])
        return 1 + sum(Fraction(other["votes"]) > mine for other in self._document["projects"])

    def _top(self, one: Mapping[str, Any], project: ProjectRow) -> int:
        money: list[int] = one.get("by_round", {}).get("money_minor", [0])
        return max(*money, project.cost_minor, 1)

    def _rounds(self, one: Mapping[str, Any], project: ProjectRow) -> list[RoundLine]:
        figures = one.get("by_round")
        if not figures or self._share is None:
            return []
        if "effective_tenths" in figures:
            worth = [one and self._effective(one) for one in figures["effective_tenths"]]
        else:
            worth = [one and self._money(one) for one in figures["asked_minor"]]
        pairs = zip(figures["money_minor"], worth, strict=True)
        return [
            RoundLine(
                number=number,
                money=self._money(money),
                enough=words is not None,
                worth=words or "",
                chosen=self._projects[self._bought[number - 1]]
                if number <= len(self._bought)
                else None,
                height=_per_cent(money, self._top(one, project)),
            )
            for number, (money, words) in enumerate(pairs, 1)
        ]

    def _payments(self, one: Mapping[str, Any]) -> list[Payment]:
        named = [
            Payment(self._projects[reference], amount, self._money(amount))
            for reference, amount in one.get("paid_for", ())
        ]
        rest = one.get("paid_rest_minor", 0)
        return [*named, Payment(None, rest, self._money(rest))] if rest else named

    def _effective(self, tenths: int) -> str:
        return i18n.number((tenths + 5) // 10 if tenths >= 100 else tenths / 10)  # noqa: PLR2004

    def _money(self, amount_minor: int) -> str:
        return i18n.money(amount_minor, self._reader.currency, self._reader.minor_per_unit)


def _recount(
    session: Session, round_row: RoundRow, run: AllocationRunRow, pot: PotRow, reference: str
) -> str:
    """Return the command by which anybody finds the same, where the ballots are published."""
    file = queries.count_file(session, run.id, pot.id)
    if file is None or file.refusal:
        return ""
    pots = rounds.pots(session, round_row.id)
    return recounting.explain_command(round_row, pot, pots, reference)


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}"
