"""The META section of a file that Minga writes."""

import re
from collections.abc import Sequence
from fractions import Fraction

from allocation.amounts import amount_text
from allocation.errors import PbError
from allocation.instance import Instance, VoteType
from allocation.pabulib import numbers
from allocation.pabulib.fields import META_ORDER, meta_required
from allocation.pabulib.meta_values import is_right
from allocation.pabulib.tally import content_sums

REMARK_NUMBER = re.compile(r"#[0-9]+: ")


def written_meta(instance: Instance, *, rule: str, remarks: Sequence[str]) -> dict[str, str]:
    """Return the keys in the order of the format: what is counted anew, the rest as it was.

    Raises PbError if a key that the format demands is absent or wrongly written.
    """
    values = {key: value for key, value in instance.meta.items() if is_right(key, value)}
    values |= _counted(instance) | {"rule": rule}
    values |= _comment(values.get("comment", ""), remarks) | _limits(instance, values)
    values["fully_funded"] = "1" if _everything_is_affordable(instance) else ""
    meta = {key: values[key] for key in META_ORDER if values.get(key)}
    for key in meta_required(instance.vote_type):
        if key not in meta:
            message = f"META would have no {key}, or a wrong one."
            raise PbError(0, "meta_missing", message, "Give the round one, then export again.")
    return meta


def amount(amount_minor: int, instance: Instance) -> str:
    """Write an amount in currency units; raises PbError if it needs more than two decimals."""
    cents = Fraction(amount_minor * 100, instance.minor_per_unit)
    if cents.denominator != 1:
        message = f"the amount {cents / 100} has more than two decimals."
        raise PbError(0, "cost", message, "Round it to hundredths of the currency.")
    return amount_text(cents.numerator, 100)


def _counted(instance: Instance) -> dict[str, str]:
    return {
        "num_projects": str(len(instance.projects)),
        "num_votes": str(len(instance.ballots)),
        "budget": amount(instance.budget, instance),
        "vote_type": instance.vote_type.value,
    }


def _comment(earlier: str, remarks: Sequence[str]) -> dict[str, str]:
    """Append remarks to the comment, each under the next number."""
    texts = [earlier] if earlier else []
    first = len(REMARK_NUMBER.findall(earlier)) + 1
    texts += [f"#{number}: {remark}" for number, remark in enumerate(remarks, start=first)]
    return {"comment": " ".join(texts)}


def _limits(instance: Instance, values: dict[str, str]) -> dict[str, str]:
    """Add or lower what the format demands of limits, without changing what they allow."""
    limits = {}
    if instance.default_score:
        limits["default_score"] = numbers.points_text(instance.default_score)
    if int(values.get("max_length", 0)) > len(instance.projects):
        limits["max_length"] = str(len(instance.projects))
    if instance.vote_type is VoteType.CUMULATIVE and "max_sum_points" not in values:
        table = instance.table
        sums = content_sums(table.points, table.starts)
        largest = Fraction(int(sums.max()), table.point_scale) if len(sums) else Fraction(1)
        limits["max_sum_points"] = numbers.points_text(largest)
    return limits


def _everything_is_affordable(instance: Instance) -> bool:
    return sum(project.cost for project in instance.projects) <= instance.budget
