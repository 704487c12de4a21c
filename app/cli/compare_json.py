"""The document `minga-comparison/1`: all rules on one election, for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from allocation.amounts import amount_text, decimal_text, fraction_text
from allocation.instance import Instance
from allocation.proportionality import Proportionality
from allocation.representation import LabelFigures, Payments
from allocation.side_by_side import Line
from app.cli.counting import Election


def comparison_document(election: Election, lines: Sequence[Line]) -> dict[str, Any]:
    first = next((line for line in lines if line.outcome), None)
    identity = election.identity()
    return {
        "format": "minga-comparison/1",
        "instance": {"file": identity["file"], "sha256": identity["sha256"]},
        "rules": [_line_as_json(election.instance, line, first) for line in lines],
        "warnings": identity["warnings"],
    }


def _line_as_json(instance: Instance, line: Line, first: Line | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": line.name, "rule": line.sheet.to_dict()}
    if line.outcome is None or line.figures is None or first is None:
        return entry | {"refused": line.refusal}
    figures = line.figures
    return entry | {
        "winners": list(line.outcome.winners),
        "number_of_winners": len(line.outcome.winners),
        "total_cost": amount_text(figures.spent, instance.minor_per_unit),
        "unspent": amount_text(figures.unspent, instance.minor_per_unit),
        "represented": _number(figures.share_represented),
        "exclusion_ratio": _number(figures.exclusion_ratio),
        "mean_winners_per_ballot": _number(figures.mean_funded_per_ballot),
        "winners_per_ballot": [list(pair) for pair in figures.funded_per_ballot],
        "endowment_rise": None
        if figures.endowment_rise is None
        else _number(figures.endowment_rise),
        "payments": _payments(instance, figures.payments),
        "by_area": [_label(instance, row) for row in figures.by_area],
        "by_category": [_label(instance, row) for row in figures.by_category],
        "proportionality": _proportionality(instance, line.proportionality),
        "only_here": only_in(line, first),
        "missing_here": only_in(first, line),
    }


def _payments(instance: Instance, payments: Payments | None) -> dict[str, Any] | None:
    if payments is None:
        return None
    return {
        name: _number(amount / instance.minor_per_unit) for name, amount in asdict(payments).items()
    }


def _label(instance: Instance, row: LabelFigures) -> dict[str, Any]:
    return {
        "label": row.label,
        "votes": row.votes,
        "vote_share": _number(row.vote_share),
        "spent": amount_text(row.spent, instance.minor_per_unit),
        "spending_share": _number(row.spending_share),
    }


def _proportionality(instance: Instance, found: Proportionality | None) -> dict[str, Any] | None:
    if found is None:
        return None
    groups = [
        {
            "project": group.project,
            "ballots": group.ballots,
            "money": _number(group.money / instance.minor_per_unit),
        }
        for group in found.passed_over
    ]
    return {"utility": found.utility.value, "holds": found.holds, "passed_over": groups}


def _number(number: Fraction) -> dict[str, str]:
    return {"exact": fraction_text(number), "decimal": decimal_text(number)}


def only_in(line: Line, other: Line) -> list[str]:
    """List winners of one line that the other lacks, in order of choice."""
    if line.outcome is None or other.outcome is None:
        return []
    elsewhere = set(other.outcome.winners)
    return [id_ for id_ in line.outcome.winners if id_ not in elsewhere]
