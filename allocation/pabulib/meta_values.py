"""What the values of single META keys must look like."""

import re
from collections.abc import Callable
from datetime import datetime

from allocation.pabulib import numbers
from allocation.pabulib.problems import Report, shown

YEAR = re.compile(r"[0-9]{4}")
DAY = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}")


def _is_date(value: str) -> bool:
    if YEAR.fullmatch(value):
        return True
    try:
        datetime.strptime(value, "%d.%m.%Y")  # noqa: DTZ007 (a day of the calendar has no zone)
    except ValueError:
        return False
    return DAY.fullmatch(value) is not None


def _is_count(value: str) -> bool:
    return numbers.count(value) is not None


def _is_amount(value: str) -> bool:
    return numbers.amount_in_cents(value) is not None


def _is_points(value: str) -> bool:
    return numbers.points(value) is not None


Check = tuple[Callable[[str], bool], str]

DATE: Check = (_is_date, "Enter a date such as 31.12.2026, or a year.")
COUNT: Check = (_is_count, "Enter a whole number.")
AMOUNT: Check = (_is_amount, "Enter an amount such as 500 or 500.50.")
POINTS: Check = (_is_points, "Enter a number such as 3 or 2.5.")
FLAG: Check = (lambda value: value == "1", "Enter 1, or leave the whole line out.")
COMMENT: Check = (lambda value: value.startswith("#1: "), "Number the remarks: #1: … #2: …")

CHECKS: dict[str, Check] = {
    "date_begin": DATE,
    "date_end": DATE,
    "min_length": COUNT,
    "max_length": COUNT,
    "min_sum_cost": AMOUNT,
    "max_sum_cost": AMOUNT,
    "min_points": POINTS,
    "max_points": POINTS,
    "min_sum_points": POINTS,
    "max_sum_points": POINTS,
    "min_project_cost": AMOUNT,
    "max_project_cost": AMOUNT,
    "fully_funded": FLAG,
    "experimental": FLAG,
    "comment": COMMENT,
}


def is_right(key: str, value: str) -> bool:
    """Tell whether a value is written as its key demands; most keys take any text."""
    return key not in CHECKS or CHECKS[key][0](value)


def check_value(key: str, value: str, line: int, report: Report) -> None:
    """Report a value that is not written as its key demands; it then limits nothing."""
    if not is_right(key, value):
        message = f"META gives {key} as {shown(value)}."
        report.fault(line, "meta_value", message, CHECKS[key][1], "Ignored it.")
