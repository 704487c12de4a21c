"""An outcome as it is stored and published: per pot the allocation document, a reason for every
project, and who got something out of it. JSON without floats: fractions are written "p/q".

`minga-result/2` adds `tariff`, `pictures`, `close`, what `details` says of a project and `measures`
of the whole; results stored in the first format lack these, and their pages show what they have.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from allocation.explanation import ProjectExplanation, Reason, explain
from allocation.instance import Instance
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.report import allocation_report
from allocation.representation import LabelFigures, Representation, represent
from allocation.rule_sheet import RuleSheet
from app.results import details, measures

FORMAT = "minga-result/2"


def pot_document(
    pot_id: str,
    name: str,
    sha256: str,
    instance: Instance,
    outcome: Outcome,
    close: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Any]:
    """Describe the outcome of one pot; `sha256` is the digest of what was counted.

    `close`: what `closeness` found, by project.
    """
    allocation = allocation_report(instance, outcome, file=name, sha256=sha256, timing={})
    del allocation["timing"]  # the same count gives the same document
    # Without ballots equal shares has nothing to explain: as with any rule, nobody chose anything.
    seen = outcome if instance.ballots else replace(outcome, sheet=RuleSheet(rule=Rule.GREEDY))
    reasons = explain(instance, seen)
    return {
        "pot": pot_id,
        "name": name,
        "budget_minor": instance.budget,
        "minor_per_unit": instance.minor_per_unit,
        "spent_minor": outcome.total_cost,
        "allocation": allocation,
        "projects": [
            _project(instance, reasons[id_], outcome, (close or {}).get(id_, {}))
            for id_ in _in_order(instance, outcome)
        ],
        "representation": _representation(represent(instance, seen)),
        "proportionality": measures.proportionality_document(instance, seen),
        "most_votes_first": measures.most_votes_first(instance, seen),
        "tariff": details.tariff(instance, seen),
    }


def _in_order(instance: Instance, outcome: Outcome) -> list[str]:
    """Winners as they were chosen, then the others as they are listed."""
    won = set(outcome.winners)
    return [*outcome.winners, *(p.id for p in instance.projects if p.id not in won)]


def _project(
    instance: Instance,
    explained: ProjectExplanation,
    outcome: Outcome,
    close: Mapping[str, int],
) -> dict[str, Any]:
    more = details.project_details(instance, explained, outcome)
    return {
        "reference": explained.id,
        "won": explained.id in outcome.winners,
        "cost_minor": instance.project_by_id[explained.id].cost,
        "votes": str(explained.votes),
        "supporters": explained.supporters,
        "reason": _reason(explained.reason) | details.rivals(explained.reason, more),
        "support": None if explained.support is None else str(explained.support),
        "missing_minor": None if explained.missing is None else str(explained.missing),
        **more,
        "close": dict(close),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "why": reason.why.value,
        "round": reason.round,
        "effective_votes": _text(reason.effective_votes),
        "shortfall_minor": _text(reason.shortfall),
        "rivals": [[id_, str(paid)] for id_, paid in reason.rivals],
    }


def _representation(figures: Representation) -> dict[str, Any]:
    return {
        "ballots": figures.ballots,
        "share_represented": str(figures.share_represented),
        "mean_funded_per_ballot": str(figures.mean_funded_per_ballot),
        "funded_per_ballot": [list(pair) for pair in figures.funded_per_ballot],
        "by_area": [_label(row) for row in figures.by_area],
        "by_category": [_label(row) for row in figures.by_category],
        "endowment_minor": _text(figures.endowment),
        "plain_endowment_minor": _text(figures.plain_endowment),
    }


def _label(row: LabelFigures) -> dict[str, Any]:
    return {
        "label": row.label,
        "votes": row.votes,
        "vote_share": str(row.vote_share),
        "spent_minor": row.spent,
        "spending_share": str(row.spending_share),
    }


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
