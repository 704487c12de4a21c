"""Rules to try on ballots, each with what it means for voters and for the budget."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as lazy

from allocation.errors import RuleOptionError
from allocation.rule_sheet import DEFAULT_TIES, RuleSheet
from app.rounds import rule_words
from app.rounds.rules import counting_rule
from voting.limits import BallotType


@dataclass(frozen=True)
class Candidate:
    """`rule` holds only what differs from the usual setting; `consequence` is for the council."""

    key: str
    label: Any
    consequence: Any
    rule: Mapping[str, Any]

    def fits(self, ballot_type: BallotType) -> bool:
        """Say whether the ballots carry what the rule counts."""
        try:
            counting_rule(self.rule, ballot_type)
        except RuleOptionError:
            return False
        return True


CANDIDATES = (
    Candidate(
        "equal-shares",
        lazy("Equal shares, completed (the usual setting)"),
        lazy(
            "Every group gets a say over its part of the money. Shares are raised until nothing "
            "more fits, what is left goes to the projects with the most votes that still fit."
        ),
        {},
    ),
    Candidate(
        "equal-shares-to-the-end",
        lazy("Equal shares, steps never end early"),
        lazy(
            "Shares are raised even when nothing more fits, until the next step would cost more "
            "than the budget. Now and then a winner is exchanged for another one by the last "
            "steps."
        ),
        {"exhaustive_stop": False},
    ),
    Candidate(
        "equal-shares-utilitarian",
        lazy("Equal shares, the rest to the projects with the most votes"),
        lazy(
            "Shares are divided once. What is left, often much, goes to the projects with the most "
            "votes, so that large groups decide about it."
        ),
        {"completion": "utilitarian"},
    ),
    Candidate(
        "equal-shares-plain",
        lazy("Equal shares without completion: money may be left over"),
        lazy("The strictest reading of equal shares. Often a third or more is not spent."),
        {"completion": "none"},
    ),
    Candidate(
        "equal-shares-number",
        lazy("Equal shares, every chosen project counts the same"),
        lazy(
            "Voters are to get equally many projects, not equally much money: small projects win "
            "more easily, large ones rarely."
        ),
        {"utility": "cardinality"},
    ),
    Candidate(
        "equal-shares-points-cost",
        lazy("Equal shares, points times cost"),
        lazy("Points for a large project weigh more than the same points for a small one."),
        {"utility": "points-cost"},
    ),
    Candidate(
        "equal-shares-compared",
        lazy("Equal shares, unless more ballots fare better by most votes first"),
        lazy("A safeguard that some councils want. A large group can thereby undo equal shares."),
        {"comparison": "satisfaction"},
    ),
    Candidate(
        "greedy",
        lazy("Most votes first"),
        lazy(
            "Easy to follow, and what most towns do. A large group that agrees decides about all "
            "of the money; others may get nothing."
        ),
        {"rule": "greedy"},
    ),
    Candidate(
        "knapsack",
        lazy("Most support within the budget"),
        lazy("Uses the budget as fully as votes allow. Large groups decide, as by most votes."),
        {"rule": "knapsack"},
    ),
    Candidate(
        "phragmen",
        lazy("Phragmén’s method"),
        lazy("Fair to groups like equal shares; harder to explain, and seldom used for budgets."),
        {"rule": "phragmen"},
    ),
    Candidate(
        "maximin",
        lazy("Maximin support"),
        lazy("Spreads the cost over supporters as evenly as it can. Slow for large elections."),
        {"rule": "maximin"},
    ),
)
BY_KEY: Mapping[str, Candidate] = {one.key: one for one in CANDIDATES}


def fitting(ballot_type: BallotType) -> list[Candidate]:
    return [one for one in CANDIDATES if one.fits(ballot_type)]


def label(sheet: RuleSheet, ballot_type: BallotType) -> str:
    """Name a rule as it is offered to be tried, or by its kind if it has other settings."""
    known = _bare(sheet)
    for one in fitting(ballot_type):
        if _bare(counting_rule(one.rule, ballot_type)) == known:
            return str(one.label)
    return rule_words.name(sheet.rule)


def _bare(sheet: RuleSheet) -> RuleSheet:
    """Leave out what decides ties and how long a solver may take: it is no other rule."""
    return replace(sheet, ties=DEFAULT_TIES, lot_seed=None, time_limit=None)
