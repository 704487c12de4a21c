"""Why a project won or lost, in plain sentences and a table by round."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from allocation.amounts import amount_text
from allocation.explanation import BoughtInRound, ProjectExplanation, Why
from allocation.instance import Instance, Project
from allocation.margins import LoserMargins, Margin, WinnerMargins
from allocation.options import APPROVALS, Rule
from allocation.outcome import Outcome
from allocation.proportionality import PassedOver, Proportionality
from app.cli.counting import table

RIVALS_NAMED = 3


@dataclass(frozen=True)
class Account:
    """Everything that there is to say about one project of an outcome.

    `bought` and `margins` belong to equal shares: empty and None for other rules.
    """

    instance: Instance
    outcome: Outcome
    explained: ProjectExplanation
    bought: tuple[BoughtInRound, ...]
    margins: LoserMargins | WinnerMargins | None
    proportionality: Proportionality

    @property
    def project(self) -> Project:
        return self.instance.project_by_id[self.explained.id]

    @property
    def won(self) -> bool:
        return self.explained.id in self.outcome.winners

    @property
    def by_shares(self) -> bool:
        """Whether the rule gave every ballot a share and the outcome came of that."""
        return bool(self.explained.rounds)

    @property
    def passed_over(self) -> PassedOver | None:
        """The group that could have claimed the project, if there is one."""
        groups = self.proportionality.passed_over
        return next((group for group in groups if group.project == self.explained.id), None)

    def money(self, amount_minor: Fraction | int) -> str:
        """Write an amount in the currency of the file, the smallest unit rounded to the nearest."""
        per_unit = self.instance.minor_per_unit
        return f"{amount_text(round(amount_minor), per_unit)}{self._currency}"

    @property
    def _currency(self) -> str:
        currency = self.instance.meta.get("currency", "")
        return f" {currency}" if currency.isprintable() and currency else ""

    def named(self, id_: str) -> str:
        name = self.instance.project_by_id[id_].name
        printable = "".join(letter if letter.isprintable() else " " for letter in name)
        return f"{id_} ({printable})" if printable.strip() else id_


def as_text(account: Account) -> str:
    """Write the account for people: sentences, then the rounds."""
    blocks = [account.named(account.explained.id), "\n".join(sentences(account))]
    if account.by_shares:
        blocks.append(_rounds(account))
    return "\n\n".join(blocks)


def sentences(account: Account) -> list[str]:
    """Say why, for somebody who never heard of the rule, and how close it was."""
    verdict = "was funded" if account.won else "was not funded"
    cost = account.money(account.project.cost)
    said = [f"It costs {cost} and {verdict}."]
    if account.by_shares:
        said += [*_shares(account), *_why_by_shares(account)]
    else:
        said.append(_plain(account))
    if isinstance(account.margins, LoserMargins):
        said += _could_have_won(account, account.margins)
    elif account.margins is not None:
        said += _could_have_lost(account, account.margins)
    return [*said, *_claim(account)]


def _shares(account: Account) -> list[str]:
    endowment = account.outcome.endowment
    if endowment is None:
        return []
    supporters = account.explained.supporters
    share, together = account.money(endowment), account.money(endowment * supporters)
    everybody = (
        "Every ballot got the same share of the money to spend on the projects that it names"
    )
    return [
        f"{everybody}: {share}.",
        f"{_ballots(supporters)} support this one; their shares together are {together}.",
    ]


def _why_by_shares(account: Account) -> list[str]:
    explained, reason = account.explained, account.explained.reason
    if reason.why is Why.WON and reason.round is not None:
        paid = account.bought[reason.round - 1].most_paid
        per = "" if account.outcome.sheet.utility in APPROVALS else " for each point"
        cheapest = "it was the one that cost its supporters least for what they get, and they"
        paying = f"each paid {account.money(paid)}{per}, or all that was left"
        return [f"In round {reason.round} {cheapest} bought it: {paying}."]
    said = []
    if explained.dropped_out and explained.dropped_out > 1 and not account.won:
        said.append(_spent_elsewhere(account))
        said.append(_no_longer_enough(account, explained.dropped_out))
    said.append(_plain(account))
    return said


def _no_longer_enough(account: Account, dropped_out: int) -> str:
    left = account.explained.rounds[dropped_out - 1].money_behind
    return (
        f"From round {dropped_out} on they no longer had enough: {account.money(floor(left))} of "
        f"their shares was left, {account.money(ceil(account.project.cost - left))} less than it "
        "costs."
    )


def _spent_elsewhere(account: Account) -> str:
    paid_for = sorted(account.explained.paid_for, key=lambda entry: -entry[1])
    largest = [
        f"{account.money(paid)} on {account.named(id_)}" for id_, paid in paid_for[:RIVALS_NAMED]
    ]
    total = account.money(sum((paid for _, paid in paid_for), Fraction(0)))
    number = f"{len(paid_for)} other projects" if len(paid_for) > 1 else "another project"
    most = "most of it " if len(paid_for) > RIVALS_NAMED else ""
    return (
        f"But they also support {number} that were funded, and spent {total} on them: "
        f"{most}{', '.join(largest)}."
    )


def _plain(account: Account) -> str:
    """Give the reason in one sentence, whatever the rule."""
    return _SENTENCES[account.explained.reason.why](account)


def _shortfall(account: Account) -> str:
    return account.money(account.explained.reason.shortfall or 0)


def _rivals(account: Account) -> str:
    return " and ".join(account.named(id_) for id_, _ in account.explained.reason.rivals)


_SENTENCES: dict[Why, Callable[[Account], str]] = {
    Why.WON: lambda a: f"It was chosen as number {a.explained.reason.round}.",
    Why.WON_BY_FILL: lambda a: (
        "It was added at the end with money that was left: of the projects that still fitted, it "
        f"had the most votes ({a.explained.votes})."
    ),
    Why.NO_VOTES: lambda _: "Nobody voted for it.",
    Why.OVER_BUDGET: lambda a: f"It costs {_shortfall(a)} more than the whole budget.",
    Why.SHUT_OUT: lambda a: f"It cannot be funded together with {_rivals(a)}, which was funded.",
    Why.TOO_FEW_VOTES: lambda a: (
        "That is too little for what it costs: even before anything was spent, "
        f"{_shortfall(a)} were missing."
    ),
    Why.LOST_TIE: lambda a: (
        f"It was exactly tied with {_rivals(a)} in round {a.explained.reason.round}, and the order "
        "for ties decided against it."
    ),
    Why.MONEY_WENT_TO_OTHERS: lambda a: (
        "In each round another project asked its supporters for less. At the price of those "
        "projects, the supporters of this one would have given "
        f"{float(a.explained.support or 0):.1%} of its cost at best, which is "
        f"{a.money(ceil(a.explained.missing or 0))} less than it costs."
    ),
    Why.DID_NOT_FIT: lambda a: (
        f"After {a.explained.reason.round} projects with more votes the money left was "
        f"{_shortfall(a)} short of its cost."
    ),
    Why.BELOW_THRESHOLD: lambda _: "It has fewer votes than the rule asks for.",
    Why.AFTER_STOP: lambda _: "Funding ended before it, at a project that no longer fitted.",
    Why.NOT_IN_BEST_SET: lambda _: (
        "It is not in the set with the greatest total support that the budget can pay."
    ),
    Why.NOT_CHOSEN: lambda _: "The rule chose other projects, and then the money was used up.",
}


def _could_have_won(account: Account, margins: LoserMargins) -> list[str]:
    said = []
    if margins.cost_red is not None:
        said.append(_cheaper(account, margins.cost_red))
    if margins.optimist_add is not None:
        said.append(_more_supporters(margins.optimist_add))
    new = margins.singleton_add
    if new is not None and new.confirmed is not None:
        said.append(f"{_ballots(new.confirmed)} more for this project alone would have funded it.")
    rivalry = margins.rivalry
    if rivalry is not None and rivalry.confirmed is not None:
        said.append(
            f"It would have been funded if {rivalry.confirmed} of its supporters had voted for "
            "nothing else."
        )
    return said


def _cheaper(account: Account, margin: Margin) -> str:
    if margin.confirmed is not None:
        less = Fraction(account.project.cost - margin.confirmed, account.project.cost)
        return (
            f"It would have been funded at a cost of {account.money(margin.confirmed)} "
            f"({float(less):.1%} less); a recount confirmed it."
        )
    if margin.in_last_count is None:
        return "No lower cost would have changed the last count."
    return (
        f"In the last count its cost was {account.money(_above(account, margin))} too high; no "
        "recount with a lower cost that was tried funded it, because the other shares change too."
    )


def _above(account: Account, margin: Margin) -> int:
    return account.project.cost - (margin.in_last_count or 0)


def _more_supporters(margin: Margin) -> str:
    if margin.confirmed is not None:
        return (
            f"{_ballots(margin.confirmed)} more naming it beside what they name, those with most "
            "money left, would have been enough; a recount confirmed it."
        )
    if margin.in_last_count is None:
        return "Even if every ballot had named it, the last count would not have funded it."
    return (
        f"In the last count it lacked at least {_supporters(margin.in_last_count)}; no recount "
        "with more that was tried funded it, because the other shares change too."
    )


def _could_have_lost(account: Account, margins: WinnerMargins) -> list[str]:
    said = []
    cost = None if margins.cost is None else margins.cost.confirmed
    if cost is not None and cost > account.project.cost:
        said.append(
            f"It would still be funded at a cost of {account.money(cost)}; a recount confirmed it."
        )
    if margins.losable is not None and margins.losable.in_last_count == 0:
        said.append("In the last count it could not have lost a single supporter.")
    elif margins.losable is not None and margins.losable.confirmed:
        said.append(
            f"It would still be funded without {_supporters(margins.losable.confirmed)}, those who "
            "paid least; a recount confirmed it."
        )
    if margins.losable_any is not None and margins.losable_any.low:
        said.append(
            f"In the last count it could lose any {_supporters(margins.losable_any.low)}, whoever "
            "they are."
        )
    return said


def _claim(account: Account) -> list[str]:
    group = account.passed_over
    if group is None:
        return []
    supporting = f"{_ballots(group.ballots)} that support it"
    part = f"whose part of the budget is {account.money(group.money)}"
    return [f"{supporting}, {part}, got so little else that they could have claimed it."]


def _ballots(number: int) -> str:
    return "1 ballot" if number == 1 else f"{number} ballots"


def _supporters(number: int) -> str:
    return "1 supporter" if number == 1 else f"{number} supporters"


def _rounds(account: Account) -> str:
    header = [
        "Round",
        "Bought",
        "Effective votes",
        "Money behind it",
        "Its effective votes",
        "Part",
    ]
    rows = []
    for place, figures in enumerate(account.explained.rounds):
        bought = account.bought[place] if place < len(account.bought) else None
        rows.append(
            [
                str(place + 1),
                bought.project if bought else "nothing",
                _number(bought.effective_votes) if bought else "",
                account.money(figures.money_behind),
                "too little money"
                if figures.effective_votes is None
                else _number(figures.effective_votes),
                f"{float(figures.cover / account.project.cost):.1%}",
            ]
        )
    note = (
        "Effective votes: how many supporters who pay in full would bear the cost. Part: how much "
        "of its cost its supporters would give at the price of the project bought."
    )
    if account.outcome.sheet.rule is Rule.EQUAL_SHARES and account.outcome.sheet.utility not in (
        APPROVALS
    ):
        note = note.replace(
            "how many supporters who pay in full would bear the cost",
            "how many points a supporter who pays in full gets for each unit of money",
        )
    return f"{table(header, rows, right=[0, 2, 3, 4, 5])}\n\n{note}"


def _number(number: Fraction) -> str:
    return f"{float(number):.2f}"
