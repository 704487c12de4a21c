"""An outcome as a JSON document, `minga-allocation/1`: for files, bundles and scripts."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from allocation.amounts import amount_text, decimal_text, fraction_text
from allocation.instance import Instance
from allocation.options import Comparison
from allocation.outcome import ComparisonReport, Outcome
from allocation.tie_breaking import Tie

FORMAT = "minga-allocation/1"


def allocation_report(
    instance: Instance,
    outcome: Outcome,
    *,
    file: str,
    sha256: str,
    timing: dict[str, float],
    warnings: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Build the document; all but `timing` depends on the input and the rule sheet alone."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "instance": {
            "file": file,
            "sha256": sha256,
            "projects": len(instance.projects),
            "ballots": len(instance.ballots),
            "budget": amount_text(instance.budget, instance.minor_per_unit),
        },
        "rule": outcome.sheet.to_dict(),
        "exact": outcome.exact,
        "winners": list(outcome.winners),
        "total_cost": amount_text(outcome.total_cost, instance.minor_per_unit),
        "endowment": _endowment(outcome.endowment, instance.minor_per_unit),
        "completion": {"added": list(outcome.added)},
        "ties": [_tie(tie) for tie in outcome.ties],
        "runs": outcome.runs,
        "decided_exactly": outcome.decided_exactly,
        "timing": timing,
        "warnings": list(warnings),
    }
    if outcome.costs is not None:
        document["costs"] = {
            id_: amount_text(cost, instance.minor_per_unit) for id_, cost in outcome.costs.items()
        }
    if outcome.comparison is not None:
        document["comparison"] = _comparison(outcome.comparison)
    if outcome.objective is not None:
        document |= _knapsack(outcome, outcome.objective)
    return document


def _endowment(endowment: Fraction | None, minor_per_unit: int) -> dict[str, str] | None:
    if endowment is None:
        return None
    in_currency = endowment / minor_per_unit
    return {"exact": fraction_text(in_currency), "decimal": decimal_text(in_currency)}


def _tie(tie: Tie) -> dict[str, Any]:
    return {
        "round": tie.round,
        "between": list(tie.between),
        "decided_by": tie.decided_by.value,
        "chosen": tie.chosen,
    }


def _comparison(report: ComparisonReport) -> dict[str, Any]:
    return {
        "measure": Comparison(report.measure).value,
        "prefer_equal_shares": report.prefer_completed,
        "prefer_greedy": report.prefer_greedy,
        "only_equal_shares": list(report.only_completed),
        "only_greedy": list(report.only_greedy),
        "taken": "greedy" if report.greedy_taken else "equal-shares",
    }


def _knapsack(outcome: Outcome, objective: Fraction) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "objective": fraction_text(objective),
        "proven_optimal": outcome.proven_optimal,
        "unique": outcome.unique,
    }
    if outcome.bound is not None:
        figures["bound"] = fraction_text(outcome.bound)
    return figures
