"""The document `minga-explanation/1`: why a project won or lost, for programs."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from allocation.amounts import amount_text, decimal_text, fraction_text
from allocation.margins import Bracket, LoserMargins, Margin, WinnerMargins
from app.cli.explain_words import Account, sentences


def explanation_document(account: Account, identity: Mapping[str, Any]) -> dict[str, Any]:
    """Describe an account; `identity` is the file's name, digest and warnings."""
    instance, explained = account.instance, account.explained
    return {
        "format": "minga-explanation/1",
        "instance": {
            "file": identity["file"],
            "sha256": identity["sha256"],
            "projects": len(instance.projects),
            "ballots": len(instance.ballots),
            "budget": _whole(account, instance.budget),
        },
        "rule": account.outcome.sheet.to_dict(),
        "project": {
            "id": explained.id,
            "name": account.project.name,
            "cost": _whole(account, account.project.cost),
            "votes": fraction_text(explained.votes),
            "supporters": explained.supporters,
        },
        "won": account.won,
        "reason": _reason(account),
        "sentences": sentences(account),
        "endowment": _money(account, account.outcome.endowment),
        "rounds": _rounds(account),
        "dropped_out": explained.dropped_out,
        "shortfall": _money(account, explained.shortfall),
        "support": _number(explained.support),
        "missing": _money(account, explained.missing),
        "paid_for": _payments(account, explained.paid_for),
        "margins": _margins(account),
        "passed_over": _passed_over(account),
        "warnings": identity["warnings"],
    }


def _reason(account: Account) -> dict[str, Any]:
    reason = account.explained.reason
    return {
        "why": reason.why.value,
        "round": reason.round,
        "effective_votes": _number(reason.effective_votes),
        "shortfall": _money(account, reason.shortfall),
        "rivals": _payments(account, reason.rivals),
    }


def _payments(account: Account, paid: tuple[tuple[str, Fraction], ...]) -> list[dict[str, Any]]:
    return [{"project": id_, "paid": _money(account, amount)} for id_, amount in paid]


def _rounds(account: Account) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    for place, figures in enumerate(account.explained.rounds):
        bought = account.bought[place] if place < len(account.bought) else None
        listed.append(
            {
                "round": place + 1,
                "bought": bought.project if bought else None,
                "effective_votes_of_bought": _number(bought.effective_votes if bought else None),
                "money_behind": _money(account, figures.money_behind),
                "effective_votes": _number(figures.effective_votes),
                "cover": _money(account, figures.cover),
            }
        )
    return listed


def _margins(account: Account) -> dict[str, Any] | None:
    margins = account.margins
    if isinstance(margins, LoserMargins):
        return {
            "cost_red": _margin(margins.cost_red, lambda cost: _whole(account, cost)),
            "optimist_add": _margin(margins.optimist_add),
            "pessimist_add": _bracket(margins.pessimist_add),
            "singleton_add": _margin(margins.singleton_add),
            "rivalry": _margin(margins.rivalry),
        }
    if isinstance(margins, WinnerMargins):
        return {
            "cost": _margin(margins.cost, lambda cost: _whole(account, cost)),
            "losable": _margin(margins.losable),
            "losable_any": _bracket(margins.losable_any),
        }
    return None


def _margin(margin: Margin | None, write: Any = int) -> dict[str, Any] | None:
    if margin is None:
        return None
    figures = {"in_last_count": margin.in_last_count, "confirmed": margin.confirmed}
    return {name: None if figure is None else write(figure) for name, figure in figures.items()}


def _bracket(bracket: Bracket | None) -> list[int | None] | None:
    return None if bracket is None else [bracket.low, bracket.high]


def _passed_over(account: Account) -> dict[str, Any] | None:
    group = account.passed_over
    if group is None:
        return None
    return {"ballots": group.ballots, "money": _money(account, group.money)}


def _whole(account: Account, amount_minor: int) -> str:
    return amount_text(amount_minor, account.instance.minor_per_unit)


def _money(account: Account, amount_minor: Fraction | None) -> dict[str, str] | None:
    if amount_minor is None:
        return None
    return _number(Fraction(amount_minor) / account.instance.minor_per_unit)


def _number(number: Fraction | None) -> dict[str, str] | None:
    if number is None:
        return None
    return {"exact": fraction_text(number), "decimal": decimal_text(number)}
