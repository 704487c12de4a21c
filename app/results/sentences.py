"""One sentence per project: why it won or lost, in the reader's words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from app import i18n


@dataclass(frozen=True)
class Reader:
    """What a sentence needs to name projects and money."""

    titles: Mapping[str, str]
    currency: str
    minor_per_unit: int

    def money(self, exact: str | None) -> str:
        """Write an amount rounded to the smallest unit; half goes up."""
        rounded = int(Fraction(exact or 0) + Fraction(1, 2))
        return i18n.money(rounded, self.currency, self.minor_per_unit)

    def names(self, rivals: list[list[str]]) -> str:
        """Name the projects that took the supporters' money, the largest first."""
        titles = [self.titles.get(reference, reference) for reference, _paid in rivals]
        if len(titles) <= 1:
            return "".join(titles)
        return str(_("%(most)s and %(last)s", most=", ".join(titles[:-1]), last=titles[-1]))


def reason_sentence(project: Mapping[str, Any], reader: Reader) -> str:
    """Say why this project of a result document was or was not funded."""
    reason = project["reason"]
    return str(_SENTENCES[reason["why"]](reason, reader))


def _won(reason: Mapping[str, Any], _reader: Reader) -> str:
    if reason["effective_votes"] is None:
        return str(_("Funded: it was choice number %(round)s.", round=reason["round"]))
    votes = i18n.number(round(Fraction(reason["effective_votes"])))
    return str(
        _(
            "Funded in round %(round)s: its supporters could pay for it, and of all projects left "
            "it had the most effective votes (%(votes)s).",
            round=reason["round"],
            votes=votes,
        )
    )


def _too_few_votes(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: even with nothing spent yet, the shares of all its supporters together "
            "were %(missing)s short of its cost.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _money_went_to_others(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: its supporters had spent their shares on projects that had more support "
            "for their cost, most of all on %(rivals)s; then %(missing)s was missing.",
            rivals=reader.names(reason["rivals"]),
            missing=reader.money(reason["shortfall_minor"]),
        )
        if reason["rivals"]
        else _(
            "Not funded: when its turn came, its supporters had %(missing)s too little left.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _did_not_fit(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: when its turn came, %(missing)s was missing in the budget.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _over_budget(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: alone it costs %(missing)s more than the whole budget.",
            missing=reader.money(reason["shortfall_minor"]),
        )
    )


def _lost_tie(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: it was tied with %(rivals)s and lost by the published order for ties.",
            rivals=reader.names(reason["rivals"]),
        )
    )


def _shut_out(reason: Mapping[str, Any], reader: Reader) -> str:
    return str(
        _(
            "Not funded: it excludes %(rivals)s, which had been funded before.",
            rivals=reader.names(reason["rivals"]),
        )
    )


def _plain(sentence: Callable[[], str]) -> Callable[[Mapping[str, Any], Reader], str]:
    return lambda _reason, _reader: sentence()


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], Reader], str]] = {
    "won": _won,
    "won-by-fill": _plain(
        lambda: _(
            "Funded at the end: money was left over, and of the projects that still fitted it had "
            "the most votes."
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
        lambda: _("Not funded: it has fewer votes than the rule sheet asks for.")
    ),
    "after-stop": _plain(
        lambda: _("Not funded: the count had ended at a project with more votes that did not fit.")
    ),
    "not-in-best-set": _plain(
        lambda: _(
            "Not funded: the set of projects with the greatest total support that the budget can "
            "pay does not contain it."
        )
    ),
    "not-chosen": _plain(
        lambda: _("Not funded: the budget was used up by projects that the rule chose before it.")
    ),
}
