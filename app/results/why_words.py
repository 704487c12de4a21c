"""Why a project won or lost, in two or three sentences for somebody who never heard of the rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import flask_babel

from allocation.options import APPROVALS, Completion, Rule, Utility
from app import i18n
from app.results.failures import listed
from app.results.winning import Reader

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

NAMED_MAX = 3


@dataclass(frozen=True)
class Case:
    """One project of a result document, with what its sentences are made of.

    `share_minor` is what every ballot started with, None where nobody has a share. `place` is the
    rank by votes or points, 1 the first. `left_minor` is what was left of the budget in the end.
    `rate_minor` is what a winner took for a cross or point from whoever had enough.
    """

    project: Mapping[str, Any]
    cost_minor: int
    share_minor: Fraction | None
    place: int
    left_minor: int
    completion: Completion
    reader: Reader
    rate_minor: Fraction | None = None

    @property
    def why(self) -> str:
        return str(self.project["reason"]["why"])

    @property
    def supporters(self) -> int:
        return int(self.project["supporters"])

    @property
    def share(self) -> str:
        """What every ballot started with, in words; empty where nobody has a share."""
        return "" if self.share_minor is None else _at_hand(self, self.share_minor)

    def money(self, amount_minor: Fraction | int) -> str:
        return self.reader.money(Fraction(amount_minor))


def story(case: Case) -> list[str]:
    """Tell how it came about, the plainest fact first; the reason in one sentence is not in it."""
    if not case.supporters:
        return [_("Nobody chose this project, so nobody's share of the money could go to it.")]
    tell = _by_shares if case.share_minor is not None and "by_round" in case.project else _by_place
    return [_chosen_by(case), *tell(case), *closeness(case)]


def _chosen_by(case: Case) -> str:
    return ngettext(
        "%(number)s person chose this project. It costs %(cost)s.",
        "%(number)s people chose this project. It costs %(cost)s.",
        case.supporters,
        number=i18n.number(case.supporters),
        cost=case.money(case.cost_minor),
    )


def _by_shares(case: Case) -> Iterator[str]:
    share = case.share_minor or Fraction(0)
    together = _at_hand(case, case.supporters * share)
    if case.why == "too-few-votes":
        yield from _too_few(case, share, together)
        yield _left_of_the_budget(case)
        return
    yield _(
        "Everybody who voted had the same share of the money, %(share)s. The shares of those "
        "who chose it came to %(together)s.",
        share=case.share,
        together=together,
    )
    spent = _went_to(case)
    if spent:
        yield spent
    if case.why == "won":
        yield _paid(case, share)
    else:
        yield from _what_was_left(case)


def _paid(case: Case, share: Fraction) -> str:
    """Say what each supporter of a winner paid; results of the first format do not know it."""
    rate = case.rate_minor
    if rate is None:
        return _("Then they paid the whole cost together.")
    if case.reader.utility not in APPROVALS:
        return _(
            "Then they paid the whole cost together: %(most)s for each point, and whoever had "
            "less left gave all of it.",
            most=case.money(rate),
        )
    most = case.money(min(rate, share))
    if rate * case.supporters == case.cost_minor:
        return _("Then they paid the whole cost together: each %(most)s.", most=most)
    return _(
        "Then they paid the whole cost together: each at most %(most)s, and whoever had less left "
        "gave all of it.",
        most=most,
    )


def _too_few(case: Case, share: Fraction, together: str) -> Iterator[str]:
    yield _(
        "Everybody who voted had the same share of the money, %(share)s. The shares of those who "
        "chose it came to %(together)s, so %(missing)s was missing from the start.",
        share=case.share,
        together=together,
        missing=case.money(Fraction(case.project["reason"]["shortfall_minor"])),
    )
    needed = ceil(case.cost_minor / share) if share else 0
    if needed > case.supporters:
        yield _(
            "A project of this cost needed the whole shares of at least %(needed)s people.",
            needed=i18n.number(needed),
        )


def _went_to(case: Case) -> str:
    """Name the largest payments of its supporters for other projects that they chose."""
    paid: Sequence[Sequence[Any]] = case.project.get("paid_for", ())
    if not paid:
        return ""
    named = [
        _(
            "%(amount)s to “%(project)s”",
            amount=case.money(amount),
            project=case.reader.title(reference),
        )
        for reference, amount in paid[:NAMED_MAX]
    ]
    rest = sum(amount for _reference, amount in paid[NAMED_MAX:])
    rest += case.project.get("paid_rest_minor", 0)
    if rest:
        named.append(_("%(amount)s to others", amount=case.money(rest)))
    return _(
        "The same people had chosen other projects too, and part of their shares went to those "
        "first: %(payments)s.",
        payments=listed(named),
    )


def _what_was_left(case: Case) -> Iterator[str]:
    money: Sequence[int] = case.project["by_round"]["money_minor"]
    dropped: int | None = case.project.get("dropped_out")
    if case.why == "won-by-fill":
        yield _(
            "What was left of their shares did not suffice. But in the end money of the budget "
            "was left over, and of the projects that still fitted this one had the most support."
        )
    elif dropped is not None:
        left = money[dropped - 1]
        yield _(
            "Then %(left)s of their shares was left, and %(missing)s was missing.",
            left=case.money(left),
            missing=case.money(case.cost_minor - left),
        )
        if money[-1] < left:
            yield _(
                "In later steps still more of their shares went to other projects: down to "
                "%(end)s.",
                end=case.money(money[-1]),
            )
    if case.why != "won-by-fill":
        yield _left_of_the_budget(case)


def _left_of_the_budget(case: Case) -> str:
    """Say why what was left of the whole budget did not pay for a project that lost."""
    if not case.left_minor:
        return _("In the end nothing was left of the whole budget.")
    left = case.money(case.left_minor)
    if case.cost_minor > case.left_minor:
        return _(
            "In the end %(left)s was left of the whole budget, too little for this project.",
            left=left,
        )
    if case.completion in {Completion.NONE, Completion.ADD1}:
        return _(
            "In the end %(left)s was left of the whole budget. By the rule sheet it goes to no "
            "project, even if one would fit: only the shares of voters pay.",
            left=left,
        )
    return _("In the end %(left)s was left of the whole budget.", left=left)


def _by_place(case: Case) -> Iterator[str]:
    """Tell of a rule that takes one project after the other, or all at once."""
    if case.reader.rule is Rule.GREEDY:
        yield _(
            "By votes it was number %(place)s of all projects. The money went to the projects in "
            "this order, as long as it lasted.",
            place=i18n.number(case.place),
        )
    missing = case.project["reason"]["shortfall_minor"]
    if case.why == "did-not-fit" and missing:
        left = case.cost_minor - Fraction(missing)
        yield _(
            "When its turn came, %(left)s of the budget was left, and %(missing)s was missing.",
            left=_at_hand(case, left),
            missing=case.money(Fraction(missing)),
        )


def closeness(case: Case) -> Iterator[str]:
    """Say how close it was; only what a recount of all ballots confirmed is stored at all."""
    margins: Mapping[str, int] = case.project.get("close", {})
    if "supporters" in margins:
        yield ngettext(
            "If %(number)s more of those who voted had chosen it as well, it could have been "
            "funded: a recount confirmed this.",
            "If %(number)s more of those who voted had chosen it as well, it could have been "
            "funded: a recount confirmed this.",
            margins["supporters"],
            number=i18n.number(margins["supporters"]),
        )
    if "cost_minor" in margins:
        yield _(
            "With the same votes and a cost of %(cost)s instead of %(own)s it would have been "
            "funded: a recount confirmed this.",
            cost=_at_hand(case, Fraction(margins["cost_minor"])),
            own=case.money(case.cost_minor),
        )
    if 0 < margins.get("losable", 0) < case.supporters:
        yield ngettext(
            "Even without %(number)s of its supporters it could still have been funded: a recount "
            "confirmed this.",
            "Even without %(number)s of its supporters it could still have been funded: a recount "
            "confirmed this.",
            margins["losable"],
            number=i18n.number(margins["losable"]),
        )
    if margins.get("cost_max_minor", 0) > case.cost_minor:
        yield _(
            "It would have been funded even at a cost of %(cost)s.",
            cost=case.money(margins["cost_max_minor"]),
        )


def _at_hand(case: Case, amount: Fraction) -> str:
    """Write money that people had: never more than it was."""
    return i18n.money(int(amount), case.reader.currency, case.reader.minor_per_unit)


def worth_head(utility: Utility | None) -> str:
    """Name what the rule compares in each step, for the head of a column."""
    if utility is Utility.COST:
        return _("Effective votes")
    if utility is Utility.POINTS_COST:
        return _("Effective points")
    if utility is Utility.CARDINALITY:
        return _("Asked of each supporter")
    return _("Asked for each point")
