"""The section META: its keys, and those of their values that the counting needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from allocation.instance import VoteType
from allocation.pabulib import numbers
from allocation.pabulib.fields import META_HEADER, META_ORDER, meta_required
from allocation.pabulib.meta_values import check_value
from allocation.pabulib.problems import Report, shown
from allocation.pabulib.sections import Section
from allocation.pabulib.tables import Columns, Table, read_table

COLUMNS = Columns(required=META_HEADER, known=META_HEADER)


@dataclass(frozen=True)
class Meta:
    """The values by key, and where each stands, for what is found out only later.

    `vote_type` is None and `budget_cents` 0 when an error has been reported for them.
    """

    title_line: int
    values: Mapping[str, str]
    lines: Mapping[str, int]
    vote_type: VoteType | None
    budget_cents: int
    default_score: Fraction

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.title_line)


def read_meta(section: Section, report: Report) -> Meta | None:
    """Read and check every key; None if the section's header is unusable."""
    table = read_table(section, COLUMNS, report)
    if table is None:
        return None
    values, lines = _read_pairs(table, report)
    vote_type = _read_vote_type(values, lines.get("vote_type", table.line), report)
    _report_missing(values, vote_type, table.line, report)
    return Meta(
        title_line=table.line,
        values=values,
        lines=lines,
        vote_type=vote_type,
        budget_cents=_read_budget(values, lines.get("budget", table.line), report),
        default_score=_read_default_score(values, lines, report),
    )


def _read_pairs(table: Table, report: Report) -> tuple[dict[str, str], dict[str, int]]:
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    columns = table.columns()
    cells = zip(table.lines, *(columns[name] for name in META_HEADER), strict=True)
    for line, key, value in cells:
        if key not in META_ORDER:
            message = f"META has {shown(key)}, which is not part of the format."
            report.fault(line, "unknown_key", message, "Remove or rename it.", "Ignored it.")
        elif key in lines:
            message = f"META has {key} twice, first on line {lines[key]}."
            report.error(line, "key_twice", message, "Remove one of the two.")
        else:
            lines[key] = line
            if value:
                values[key] = value
                check_value(key, value, line, report)
    return values, lines


def _read_vote_type(values: Mapping[str, str], line: int, report: Report) -> VoteType | None:
    written = values.get("vote_type", "")
    try:
        return VoteType(written)
    except ValueError:
        message = f"META gives the vote_type {shown(written)}."
        report.error(line, "vote_type", message, f"Enter one of {', '.join(VoteType)}.")
        return None


def _report_missing(
    values: Mapping[str, str], vote_type: VoteType | None, line: int, report: Report
) -> None:
    """Report what is absent or empty; of budget and vote_type their own readers speak."""
    for key in meta_required(vote_type):
        if key not in values and key not in {"budget", "vote_type"}:
            message = f"META has no {key}."
            report.fault(line, "meta_missing", message, "Add it.", "Read without it.")


def _read_budget(values: dict[str, str], line: int, report: Report) -> int:
    subject = "META gives the budget"
    written = values.get("budget", "")
    return numbers.read_amount(written, line=line, code="budget", subject=subject, report=report)


def _read_default_score(
    values: Mapping[str, str], lines: Mapping[str, int], report: Report
) -> Fraction:
    written = values.get("default_score", "0")
    score = numbers.points(written)
    if score is None:
        message = f"META gives the default_score {shown(written)}."
        report.error(lines["default_score"], "points", message, "Enter a number such as 0 or 2.5.")
    return score or Fraction(0)
