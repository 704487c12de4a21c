"""Why money of a budget stays unspent although projects lost, in one or two sentences."""

from collections.abc import Sequence

from flask_babel import gettext as _

from allocation.options import Completion, Rule
from allocation.rule_sheet import RuleSheet
from app.results.winning import Reader

_PAID_BY_SHARES_ONLY = frozenset({Completion.NONE, Completion.ADD1})


def why_unspent(
    left_minor: int, lost_minor: Sequence[int], sheet: RuleSheet, reader: Reader
) -> str:
    """Say why; empty where nothing is left, or nothing lost. `lost_minor`: costs of what lost."""
    if not left_minor or not lost_minor:
        return ""
    left = reader.money(left_minor)
    cheapest = min(lost_minor)
    if cheapest > left_minor:
        return _too_little(left, reader.money(cheapest), only=len(lost_minor) == 1)
    if sheet.rule is Rule.EQUAL_SHARES and sheet.completion in _PAID_BY_SHARES_ONLY:
        return str(
            _(
                "%(left)s of the budget is not spent. A project that lost may cost less than that; "
                "but by the rule sheet only the shares of voters pay, and what is left in the end "
                "goes to no project.",
                left=left,
            )
        )
    return str(
        _(
            "%(left)s of the budget is not spent. A project that lost may cost less than that, but "
            "it could not be funded by the rule sheet; the reason stands with each.",
            left=left,
        )
    )


def _too_little(left: str, cheapest: str, *, only: bool) -> str:
    if only:
        return str(
            _(
                "%(left)s of the budget is not spent: the project that was not funded costs more, "
                "%(cheapest)s.",
                left=left,
                cheapest=cheapest,
            )
        )
    return str(
        _(
            "%(left)s of the budget is not spent: every project that was not funded costs more, "
            "the cheapest of them %(cheapest)s.",
            left=left,
            cheapest=cheapest,
        )
    )
