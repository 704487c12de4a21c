"""Why a project won, in the words that fit the rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from flask_babel import gettext as _

from allocation.options import Rule, Utility
from app import i18n
from app.results.failures import listed

TITLE_MAX = 60
"""Characters of a title within a sentence."""


@dataclass(frozen=True)
class Reader:
    """What a sentence needs to name projects and money, and to speak of the rule."""

    titles: Mapping[str, str]
    currency: str
    minor_per_unit: int
    rule: Rule
    utility: Utility | None

    def money(self, exact: str | Fraction | int | None) -> str:
        """Write an amount, a fraction of the smallest unit as a whole one: never as nothing."""
        return i18n.money(ceil(Fraction(exact or 0)), self.currency, self.minor_per_unit)

    def title(self, reference: str) -> str:
        """Name a project within a sentence, which a very long title would bury."""
        title = self.titles.get(reference, reference)
        if len(title) <= TITLE_MAX:
            return title
        whole_words = title[:TITLE_MAX].rpartition(" ")[0]
        return f"{(whole_words or title[: TITLE_MAX - 1]).rstrip()}…"

    def names(self, rivals: list[list[str]]) -> str:
        """Name the projects that took the supporters' money, the largest first."""
        return listed([f"“{self.title(one)}”" for one, _paid in rivals])


def won(reason: Mapping[str, Any], reader: Reader) -> str:
    if reason["effective_votes"] is not None:
        return str(_WON_BY_SHARES[reader.utility or Utility.COST](reason, reader))
    if reader.rule is Rule.KNAPSACK:
        return str(
            _(
                "Funded: it belongs to the set of projects with the greatest total support that "
                "the budget can pay."
            )
        )
    if reader.rule is Rule.GREEDY:
        return str(
            _(
                "Funded: it was number %(place)s among the projects that the budget could pay, the "
                "one with the most support first.",
                place=reason["round"],
            )
        )
    return str(_("Funded: the rule chose it as number %(place)s.", place=reason["round"]))


def _most_effective_votes(reason: Mapping[str, Any], _reader: Reader) -> str:
    return str(
        _(
            "Funded in step %(round)s: its supporters had enough left to pay for it. Among all "
            "such projects its support counted most, as much as %(votes)s full votes.",
            round=reason["round"],
            votes=i18n.number(round(Fraction(reason["effective_votes"]))),
        )
    )


def _most_effective_points(reason: Mapping[str, Any], _reader: Reader) -> str:
    return str(
        _(
            "Funded in step %(round)s: its supporters had enough left to pay for it. Among all "
            "such projects its support counted most, as much as %(points)s full points.",
            round=reason["round"],
            points=i18n.number(round(Fraction(reason["effective_votes"]))),
        )
    )


def _least_per_voter(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Funded in step %(round)s: of all projects that their supporters could still pay for, "
            "it asked the least of each of them (%(amount)s at most).",
            round=reason["round"],
            amount=reader.money(_price(reason, reader)),
        )
    )


def _least_per_point(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Funded in step %(round)s: of all projects that their supporters could still pay for, "
            "it asked the least for each point (%(amount)s at most).",
            round=reason["round"],
            amount=reader.money(_price(reason, reader)),
        )
    )


def _price(reason: Mapping[str, Any], reader: Reader) -> Fraction:
    """Turn support per unit of money into money per unit of support, in the smallest unit."""
    return reader.minor_per_unit / Fraction(reason["effective_votes"])


_WON_BY_SHARES: Mapping[Utility, Callable[[Mapping[str, Any], Reader], str]] = {
    Utility.COST: _most_effective_votes,
    Utility.POINTS_COST: _most_effective_points,
    Utility.CARDINALITY: _least_per_voter,
    Utility.POINTS: _least_per_point,
    Utility.BORDA: _least_per_point,
    Utility.BORDA0: _least_per_point,
}
