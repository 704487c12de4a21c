"""Tables for a spreadsheet that cannot make it calculate: cells that look like formulas get '."""

import csv
from collections.abc import Iterable
from io import StringIO

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """Write rows as UTF-8 with the mark by which spreadsheets recognise it."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def safe_cell(value: object) -> str:
    """Return a cell as text that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("＝1"), safe_cell("Ana"), safe_cell(None)
    ("'=1+1", "'＝1", 'Ana', '')
    """
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
