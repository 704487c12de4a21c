"""Which pictures a result gets: those that tell more than their table, as SVG in both widths."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from allocation.instance import Instance
from app.results.charts.flow import Funded, flow
from app.results.charts.sizes import SIZES
from app.results.charts.worth import Step

ROWS_MIN = 6
"""A picture of fewer projects says nothing that its table does not say at one glance."""

Picture = dict[str, str]


def pictures(instance: Instance, document: Mapping[str, Any]) -> dict[str, Picture]:
    """Draw the pictures of a pot's document: name -> width -> SVG. Empty for a small pot."""
    won = [one for one in document["projects"] if one["won"]]
    utility = str(document["allocation"]["rule"].get("utility"))
    grouped = _grouped(instance, [one["reference"] for one in won])
    rates = document["tariff"]["rates"] if document["tariff"] else []
    steps = _steps(won, rates, utility)
    if not grouped and not steps:
        return {}
    from app.results.charts import drawing  # noqa: PLC0415 (slow to load, and not always needed)

    drawn = {
        name: {size.name: drawing.flow_picture(flow(funded, size), size) for size in SIZES}
        for name, funded in grouped.items()
    }
    if steps:
        drawn["worth"] = {size.name: drawing.worth_picture(steps, size) for size in SIZES}
    return drawn


def _grouped(instance: Instance, winners: Sequence[str]) -> dict[str, tuple[Funded, ...]]:
    """Return what was funded under the first kind of label that parts it into groups, if any."""
    projects = [instance.project_by_id[id_] for id_ in winners]
    if len(projects) < ROWS_MIN:
        return {}
    for name, labels in (
        ("flow_area", [one.area for one in projects]),
        ("flow_category", [one.category for one in projects]),
    ):
        if 1 < len(set(labels)) < len(projects):
            pairs = zip(projects, labels, strict=True)
            return {name: tuple(Funded(one.name or one.id, of, one.cost) for one, of in pairs)}
    return {}


def _steps(
    won: Sequence[Mapping[str, Any]], rates: Sequence[Sequence[str]], utility: str
) -> list[Step]:
    """Return the steps of equal shares, where effective votes compare with votes."""
    if len(rates) < ROWS_MIN or utility not in ("cost", "points-cost"):
        return []
    by_reference = {one["reference"]: one for one in won}
    rows = [by_reference[reference] for reference, _rate in rates]
    return [
        Step(float(Fraction(row["votes"])), float(Fraction(row["reason"]["effective_votes"] or 0)))
        for row in rows
    ]
