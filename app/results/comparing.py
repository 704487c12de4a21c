"""The counted runs of a round side by side: who wins under which rule, and who gets something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from allocation.rule_sheet import RuleSheet
from app import i18n
from app.results import candidates, queries
from app.results.models import AllocationRunRow, RunKind
from app.results.pot_figures import Spread, spread_table
from app.results.queries import Standing
from app.results.words import percent
from app.rounds import queries as rounds
from app.rounds.models import PotRow, ProjectRow, RoundRow
from voting.limits import BallotType


@dataclass(frozen=True)
class Counted:
    """A run with an outcome, under the name of its rule."""

    run: AllocationRunRow
    name: str
    documents: Mapping[str, Mapping[str, Any]]
    """Pot identifier -> document of its outcome."""

    @property
    def official(self) -> bool:
        return self.run.kind == RunKind.OFFICIAL


@dataclass(frozen=True)
class RuleLine:
    """A rule in the comparison of one pot; `added`, `missing`: winners against the first line."""

    run_no: int
    name: str
    funded: str
    spent: str
    represented: str
    passed_over: str
    added: Sequence[str]
    missing: Sequence[str]


@dataclass(frozen=True)
class Differing:
    """A project that wins under some of the rules: for each rule whether it does."""

    project: ProjectRow
    wins: Sequence[bool]


@dataclass(frozen=True)
class PotComparison:
    pot: PotRow
    lines: Sequence[RuleLine]
    differing: Sequence[Differing]
    spread_labels: Sequence[str]
    spreads: Sequence[Spread]


@dataclass(frozen=True)
class Comparison:
    """All pots, and the runs that are still under way or have no outcome."""

    pots: Sequence[PotComparison]
    waiting: Sequence[int] = field(default_factory=list)
    failed: Sequence[int] = field(default_factory=list)


def comparison(session: Session, round_row: RoundRow) -> Comparison:
    """Compare every counted rule once, the official count first, else the oldest."""
    runs = queries.runs(session, round_row.id)
    standings = {row.run_no: queries.standing(session, row) for row in runs}
    counted = _once_per_rule(session, round_row, runs)
    projects = {row.reference: row for row in rounds.projects(session, round_row.id)}
    return Comparison(
        pots=[
            _pot(pot, counted, projects, round_row)
            for pot in rounds.pots(session, round_row.id)
            if counted
        ],
        waiting=[n for n, one in standings.items() if one is Standing.UNDER_WAY],
        failed=[n for n, one in standings.items() if one is Standing.NO_OUTCOME],
    )


def _once_per_rule(
    session: Session, round_row: RoundRow, runs: Sequence[AllocationRunRow]
) -> list[Counted]:
    ballot_type = BallotType(round_row.ballot["ballot_type"])
    found: dict[str, Counted] = {}
    for run in sorted(runs, key=lambda row: (row.kind != RunKind.OFFICIAL, row.run_no)):
        result = queries.result(session, run.id)
        if result is None or result.outcome is None:
            continue
        pots = {one["pot"]: one for one in result.outcome["pots"]}
        sheet = RuleSheet.from_dict(next(iter(pots.values()))["allocation"]["rule"])
        found.setdefault(
            str(sheet.to_dict()), Counted(run, candidates.label(sheet, ballot_type), pots)
        )
    return list(found.values())


def _pot(
    pot: PotRow,
    counted: Sequence[Counted],
    projects: Mapping[str, ProjectRow],
    round_row: RoundRow,
) -> PotComparison:
    documents = [one.documents[str(pot.id)] for one in counted]
    winners = [list(document["allocation"]["winners"]) for document in documents]
    names = [_name(one) for one in counted]
    labels, spreads = spread_table(
        [
            (name, document["representation"]["funded_per_ballot"])
            for name, document in zip(names, documents, strict=True)
        ]
    )
    return PotComparison(
        pot=pot,
        lines=[
            _line(one, name, document, winners[0], projects, round_row)
            for one, name, document in zip(counted, names, documents, strict=True)
        ],
        differing=_differing(winners, projects),
        spread_labels=labels,
        spreads=spreads,
    )


def _name(one: Counted) -> str:
    if one.official:
        return str(_("%(rule)s: the rule of this round", rule=one.name))
    return str(_("%(rule)s (count %(number)s)", rule=one.name, number=one.run.run_no))


def _line(
    one: Counted,
    name: str,
    document: Mapping[str, Any],
    first: Sequence[str],
    projects: Mapping[str, ProjectRow],
    round_row: RoundRow,
) -> RuleLine:
    won = document["allocation"]["winners"]
    return RuleLine(
        run_no=one.run.run_no,
        name=name,
        funded=i18n.number(len(won)),
        spent=i18n.money(document["spent_minor"], round_row.currency, round_row.minor_per_unit),
        represented=percent(Fraction(document["representation"]["share_represented"])),
        passed_over=_passed_over(document.get("proportionality")),
        added=[projects[reference].title for reference in won if reference not in set(first)],
        missing=[projects[reference].title for reference in first if reference not in set(won)],
    )


def _passed_over(found: Mapping[str, Any] | None) -> str:
    """Write how many projects a group could have claimed and did not get."""
    if found is None:
        return str(_("not checked"))
    return i18n.number(found["passed_over"]) if found["passed_over"] else str(_("none"))


def _differing(
    winners: Sequence[Sequence[str]], projects: Mapping[str, ProjectRow]
) -> list[Differing]:
    """List what wins under some rules and not under all, what wins most often first."""
    sets = [set(one) for one in winners]
    every = set().union(*sets)
    differing = [
        Differing(projects[reference], [reference in one for one in sets])
        for reference in every
        if not all(reference in one for one in sets)
    ]
    return sorted(differing, key=lambda one: (-sum(one.wins), one.project.title))
