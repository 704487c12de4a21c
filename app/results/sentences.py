"""One sentence per project: why it won or lost, in the reader's words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.results.winning import Reader, won


def reason_sentence(project: Mapping[str, Any], reader: Reader) -> str:
    """Say why this project of a result document was or was not funded."""
    reason = project["reason"]
    return str(_SENTENCES[reason["why"]](reason, reader))


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
            "Not funded: those who chose it had already spent part of their shares on other "
            "projects that they chose, most of it on %(rivals)s. That left them %(missing)s short "
            "of its cost.",
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
    "won": won,
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
