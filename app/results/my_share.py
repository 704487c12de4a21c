"""What one voter's share paid for, from choices entered again. Nothing of it is stored or logged.

It needs what is public of a result, not the ballots: so it is quick however many there were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from allocation.ballot_account import BallotAccount, Rate, Tariff, account_of, ballot_shares
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.rule_sheet import RuleSheet
from allocation.utilities import read_as_approval
from voting.choices import Choices
from voting.rules import BallotRules
from voting.votes import VOTE_TYPE, to_vote


@dataclass(frozen=True)
class Chosen:
    """A project that the voter chose; `paid` in minor units."""

    reference: str
    funded: bool
    from_the_rest: bool
    paid: Fraction


@dataclass(frozen=True)
class MyShare:
    share: Fraction
    rest: Fraction
    chosen: Sequence[Chosen]

    @property
    def paid(self) -> Fraction:
        return self.share - self.rest


def my_share(document: Mapping[str, Any], rules: BallotRules, choices: Choices) -> MyShare | None:
    """Work out a ballot's account under a result document; None where nobody had a share.

    Exact. The choices come in the order of the ballot; funded ones first.
    """
    if not document.get("tariff"):
        return None
    account = account_of(_tariff(document), _shares(document, rules, choices))
    paid = {one.project: one for one in account.payments}
    won = {one["reference"] for one in document["projects"] if one["won"]}
    chosen = [_chosen(reference, won, account, paid) for reference in choices.ids]
    chosen.sort(key=lambda one: (not one.funded, -one.paid))
    return MyShare(account.endowment, account.rest, chosen)


def _chosen(
    reference: str, won: set[str], account: BallotAccount, paid: Mapping[str, Any]
) -> Chosen:
    one = paid.get(reference)
    return Chosen(
        reference=reference,
        funded=reference in won,
        from_the_rest=reference in account.added,
        paid=one.paid if one else Fraction(0),
    )


def _tariff(document: Mapping[str, Any]) -> Tariff:
    # What a project cost plays no part in what a ballot paid, only in which part of it that was.
    costs = {one["reference"]: int(one["cost_minor"]) for one in document["projects"]}
    return Tariff(
        endowment=Fraction(document["tariff"]["endowment_minor"]),
        rates=tuple(
            Rate(reference, Fraction(rate), costs[reference])
            for reference, rate in document["tariff"]["rates"]
        ),
        added=tuple(document["allocation"]["completion"]["added"]),
    )


def _shares(
    document: Mapping[str, Any], rules: BallotRules, choices: Choices
) -> dict[str, Fraction | int]:
    """Return what the ballot gives each project, as the count read it."""
    sheet = RuleSheet.from_dict(document["allocation"]["rule"])
    vote = to_vote(choices)
    ballot = Ballot(vote.ids, tuple(Fraction(points) for points in vote.points))
    election = Instance(
        vote_type=VoteType(VOTE_TYPE[rules.ballot_type]),
        budget=1,
        projects=tuple(
            Project(one["reference"], int(one["cost_minor"])) for one in document["projects"]
        ),
        ballots=(ballot,),
        default_score=Fraction(rules.limits.score_default or 0),
    )
    if sheet.read_as_approval:
        election = read_as_approval(election)
        ballot = election.ballots[0]
    utility = sheet.resolved(election.vote_type).utility
    if utility is None:
        raise ValueError("a result with shares names its utility")
    return ballot_shares(ballot, election, utility)
