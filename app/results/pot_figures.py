"""Figures and pictures about the outcome of a pot, beyond its list of projects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flask_babel
from flask_babel import gettext as _
from markupsafe import Markup

from allocation.options import Comparison, Rule
from allocation.rule_sheet import RuleSheet
from app import i18n
from app.results.failures import listed
from app.results.winning import Reader
from app.results.words import percent
from app.rounds import rule_words
from app.rounds.models import ProjectRow

MANY = 8
"""Ballots with so many funded projects or more are one line."""
NAMED_MAX = 3


@dataclass(frozen=True)
class Picture:
    """An SVG in two widths: a style sheet shows the one that fits the screen."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True)
class StepLine:
    """A step of equal shares: what was chosen, by how many, and at which price."""

    number: int
    project: ProjectRow
    supporters: str
    effective: str
    most: str


@dataclass(frozen=True)
class Spread:
    """How many ballots got how many of their projects under a rule; `parts` are per cent."""

    rule: str
    represented: str
    ballots: Sequence[int]
    parts: Sequence[str]


@dataclass(frozen=True)
class PotFigures:
    """`spread_labels` name the columns of `spreads`, which begin with the rule that was counted."""

    spread_labels: Sequence[str]
    spreads: Sequence[Spread]
    steps: Sequence[StepLine]
    pictures: Mapping[str, Picture]
    proportionality: Sequence[str]
    comparison: str


def pot_figures(
    document: Mapping[str, Any], projects: Mapping[str, ProjectRow], reader: Reader
) -> PotFigures:
    """Read what the document of a pot has; a result of the first format has only the spread."""
    sheet = RuleSheet.from_dict(document["allocation"]["rule"])
    labels, spreads = _spreads(document, sheet)
    return PotFigures(
        spread_labels=labels,
        spreads=spreads,
        steps=_steps(document, projects, reader),
        pictures={
            name: Picture(Markup(drawn["wide"]), Markup(drawn["narrow"]))  # noqa: S704 (see svg.py)
            for name, drawn in document.get("pictures", {}).items()
        },
        proportionality=_proportionality(document.get("proportionality"), reader),
        comparison=_comparison(document["allocation"].get("comparison")),
    )


def spread_table(
    histograms: Sequence[tuple[str, Sequence[Sequence[int]]]],
) -> tuple[list[str], list[Spread]]:
    """Put histograms (rule, pairs of funded projects and ballots) side by side."""
    most = max((n for _rule, pairs in histograms for n, _ballots in pairs), default=0)
    last = min(most, MANY)
    labels = [i18n.number(n) for n in range(last + 1)]
    if most > MANY:
        labels[-1] = _("%(number)s or more", number=i18n.number(MANY))
    return labels, [_spread(rule, pairs, last) for rule, pairs in histograms]


def _spread(rule: str, pairs: Sequence[Sequence[int]], last: int) -> Spread:
    ballots = [0] * (last + 1)
    for number, count in pairs:
        ballots[min(number, last)] += count
    total = sum(ballots)
    return Spread(
        rule=rule,
        represented=percent(Fraction(total - ballots[0], total or 1)),
        ballots=ballots,
        parts=[f"{100 * one / total if total else 0:.2f}" for one in ballots],
    )


def _spreads(document: Mapping[str, Any], sheet: RuleSheet) -> tuple[list[str], list[Spread]]:
    own = document["representation"]["funded_per_ballot"]
    histograms = [(rule_words.name(sheet.rule), own)]
    other = document.get("most_votes_first")
    if other:
        histograms.append((rule_words.name(Rule.GREEDY), other["funded_per_ballot"]))
    return spread_table(histograms)


def _steps(
    document: Mapping[str, Any], projects: Mapping[str, ProjectRow], reader: Reader
) -> list[StepLine]:
    tariff = document.get("tariff")
    if not tariff:
        return []
    by_reference = {one["reference"]: one for one in document["projects"]}
    found = []
    for number, (reference, rate) in enumerate(tariff["rates"], 1):
        one = by_reference[reference]
        worth = one["reason"]["effective_votes"]
        found.append(
            StepLine(
                number=number,
                project=projects[reference],
                supporters=i18n.number(one["supporters"]),
                effective=i18n.number(round(Fraction(worth))) if worth else "",
                most=reader.money(min(Fraction(rate), Fraction(tariff["endowment_minor"]))),
            )
        )
    return found


def _proportionality(found: Mapping[str, Any] | None, reader: Reader) -> list[str]:
    """Say whether a group was passed over, what that means, and which one it was."""
    if found is None:
        return []
    if not found["passed_over"]:
        return [
            _(
                "Checked: no group of voters that agrees on a project, and is large enough to "
                "claim its cost from the budget, was passed over."
            )
        ]
    named = listed([f"“{reader.title(one['reference'])}”" for one in found["largest"][:NAMED_MAX]])
    largest = found["largest"][0]
    return [
        flask_babel.ngettext(
            "Checked: voters who agree on %(named)s are a group that is large enough to claim its "
            "cost from the budget, and they were passed over.",
            "Checked: for %(number)s projects there is a group of voters that is large enough to "
            "claim their cost from the budget, and was passed over; the largest groups agree on "
            "%(named)s.",
            found["passed_over"],
            number=i18n.number(found["passed_over"]),
            named=named,
        ),
        _(
            "The largest group is %(ballots)s voters who chose “%(project)s”. Their equal part of "
            "the budget is %(money)s, and little or nothing that they chose was funded.",
            ballots=i18n.number(largest["ballots"]),
            project=reader.title(largest["reference"]),
            money=i18n.money(largest["money_minor"], reader.currency, reader.minor_per_unit),
        ),
    ]


def _comparison(report: Mapping[str, Any] | None) -> str:
    """Tell how the comparison step of the rule sheet came out; empty without one."""
    if report is None:
        return ""
    ours, theirs = report["prefer_equal_shares"], report["prefer_greedy"]
    figures = {"ours": i18n.number(ours), "theirs": i18n.number(theirs)}
    if report["measure"] == Comparison.EXCLUSION_RATIO:
        figures_said = _(
            "The rule sheet asks for a comparison with most votes first. %(ours)s ballots have "
            "something funded by equal shares only, %(theirs)s by most votes first only.",
            **figures,
        )
    else:
        figures_said = _(
            "The rule sheet asks for a comparison with most votes first. %(ours)s ballots fare "
            "better by equal shares, %(theirs)s by most votes first.",
            **figures,
        )
    taken = (
        _("So the result of most votes first was taken.")
        if report["taken"] == "greedy"
        else _("So the result of equal shares stands.")
    )
    return f"{figures_said} {taken}"
