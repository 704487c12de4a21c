"""The limits that META sets for every single ballot."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from allocation.instance import VoteType
from allocation.pabulib import numbers
from allocation.pabulib.ballot_limits import CATEGORY_SUFFIX, BallotLimits, Limit
from allocation.pabulib.meta import Meta
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.projects import ProjectRow

# What a limit can measure, and how its bound is read; money is compared in cents.
READERS = {
    "length": numbers.count,
    "sum_cost": numbers.amount_in_cents,
    "points": numbers.points,
    "sum_points": numbers.points,
}


def read_limits(
    meta: Meta, projects: Mapping[str, ProjectRow], categories_max: int, report: Report
) -> BallotLimits:
    """Gather the limits; those that META writes wrongly have been reported and do not count."""
    written = dict(meta.values)
    if meta.vote_type is VoteType.CHOOSE_1:
        written |= {"min_length": "1", "max_length": "1"}
    # Each limit is compared with each ballot: hundreds of them take no time, thousands would.
    line = meta.line_of("categories")
    if meta.values.get("categories", "").count(",") >= categories_max:
        message = f"META has more than {categories_max} categories."
        report.error(line, "too_many_categories", message, "Give fewer, or none.")
        written = {key: text for key, text in written.items() if CATEGORY_SUFFIX not in key}
    limits = [limit for key in written for limit in _read_limit(key, written, meta, report)]
    _check_max_length(meta, len(projects), report)
    return BallotLimits(limits, projects)


def _read_limit(
    key: str, written: Mapping[str, str], meta: Meta, report: Report
) -> Iterator[Limit]:
    measure = key[len("min_") :].removesuffix(CATEGORY_SUFFIX)
    if key[: len("min_")] not in {"min_", "max_"} or measure not in READERS:
        return
    if key.endswith(CATEGORY_SUFFIX):
        yield from _read_limits_per_category(key, measure, meta, report)
        return
    bound = READERS[measure](written[key])
    if bound is not None:
        yield Limit(key, written[key], Fraction(bound))


def _read_limits_per_category(
    key: str, measure: str, meta: Meta, report: Report
) -> Iterator[Limit]:
    """Read one bound for every category, or a list of one for each in the order of META."""
    categories = meta.values.get("categories", "").split(",")
    written = meta.values[key].split(",")
    bounds = [READERS[measure](bound) for bound in written]
    if None in bounds or len(bounds) not in {1, len(categories)}:
        message = f"META gives {key} as {shown(meta.values[key])}."
        hint = "Enter one number, or one for each of the categories."
        report.fault(meta.line_of(key), "meta_value", message, hint, "Ignored it.")
        return
    if len(bounds) == 1:
        bounds, written = bounds * len(categories), written * len(categories)
    for category, bound, text in zip(categories, bounds, written, strict=True):
        yield Limit(key, text, Fraction(bound or 0), category)


def _check_max_length(meta: Meta, projects_count: int, report: Report) -> None:
    max_length = numbers.count(meta.values.get("max_length", ""))
    if max_length is not None and max_length > projects_count:
        message = f"META allows {max_length} projects on a ballot, but there are {projects_count}."
        hint = "Lower max_length, or leave it out."
        report.fault(meta.line_of("max_length"), "meta_value", message, hint, "Read all the same.")
