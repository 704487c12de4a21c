"""One sentence per project: why it won or lost, in the reader's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from flask_babel import gettext as _

from allocation.options import Rule, Utility
from app import i18n
from app.results.failures import listed


@dataclass(frozen=True)
class Reader:
    """What a sentence needs to name projects and money, and to speak of the rule."""

    titles: Mapping[str, str]
    currency: str
    minor_per_unit: int
    rule: Rule
    utility: Utility | None

    def money(self, exact: str | Fraction | None) -> str:
        """Write an amount, a fraction of the smallest unit as a whole one: never as nothing."""
        return i18n.money(ceil(Fraction(exact or 0)), self.currency, self.minor_per_unit)

    def names(self, rivals: list[list[str]]) -> str:
        """Name the projects that took the supporters' money, the largest first."""
        return listed([f"“{self.titles.get(one, one)}”" for one, _paid in rivals])


def reason_sentence(project: Mapping[str, Any], reader: Reader) -> str:
    """Say why this project of a result document was or was not funded."""
    reason = project["reason"]
    return str(_SENTENCES[reason["why"]](reason, reader))


def _won(reason: Mapping[str, Any], reader: Reader) -> str:
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
            "Funded in step %(round)s: of all projects that their supporters could still pay for, "
            "it had the most effective votes (%(votes)s).",
            round=reason["round"],
            votes=i18n.number(round(Fraction(reason["effective_votes"]))),
        )
    )


def _most_effective_points(reason: Mapping[str, Any], _reader: Reader) -> str:
    return str(
        _(
            "Funded in step %(round)s: of all projects that their supporters could still pay for, "
            "it had the most effective points (%(points)s).",
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


def _too_few_votes(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: too few people chose it for what it costs. Even before anything was "
            "spent, their shares together were %(missing)s short.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _money_went_to_others(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: those who chose it had already spent much of their shares on other "
            "projects that they chose, most of it on %(rivals)s. In the end %(missing)s was "
            "missing.",
            rivals=reader.names(reason["rivals"]),
            missing=reader.money(reason["shortfall_minor"]),
        )
        if reason["rivals"]
        else _(
            "Not funded: those who chose it had %(missing)s too little left to pay for it.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _did_not_fit(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: when its turn came, the money left in the budget was %(missing)s short of "
            "its cost.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _over_budget(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: by itself it costs %(missing)s more than the whole budget.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _lost_tie(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: it was exactly tied with %(rivals)s, and the published order for ties "
            "decided against it.",
            rivals=reader.names(reason["rivals"]),
        )
    )


def _shut_out(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: it cannot be carried out together with %(rivals)s, which was funded.",
            rivals=reader.names(reason["rivals"]),
        )
    )


def _plain(sentence: Callable[[], str]) -> Callable[[Mapping[str, Any], Reader], str]:
    return lambda _reason, _reader: sentence()


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Reader], str]] = {
    "won": _won,
    "won-by-fill": _plain(
        lambda: _(
            "Funded with money that was left at the end: of the projects that still fitted, it had "
            "the most support."
        )
    ),
    "no-votes": _plain(lambda: _("Not funded: nobody chose it.")),
    "over-budget": _over_budget,
    "shut-out": _shut_out,
    "too-few-votes": _too_few_votes,
    "lost-tie": _lost_tie,
    "money-went-to-others": _money_went_to_others,
    "did-not-fit": _did_not_fit,
    "below-threshold": _plain(
        lambda: _("Not funded: it has less support than the rule sheet asks for.")
    ),
    "after-stop": _plain(
        lambda: _(
            "Not funded: the list ended at a project with more support that the budget could not "
            "pay."
        )
    ),
    "not-in-best-set": _plain(
        lambda: _(
            "Not funded: it does not belong to the set of projects with the greatest total support "
            "that the budget can pay."
        )
    ),
    "not-chosen": _plain(
        lambda: _("Not funded: the rule chose other projects, and then the money was used up.")
    ),
}
