"""Reading what staff type: percentages, lists of amounts, groups of residents. Pure."""

import re
from fractions import Fraction

from app.forms.money import parse_money
from app.programmes.population import PER_WHOLE

GROUPS_MAX = 400
PEOPLE_MAX = 10_000_000
INCOME_MINOR_MAX = 10_000_000
COLUMNS = 3
_PERCENT = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?")


def read_percent(text: str) -> Fraction | None:
    """Read a percentage from 0 to 100 as a part of one; None for anything else.

    >>> read_percent("7,5 %"), read_percent("101"), read_percent("x")
    (Fraction(3, 40), None, None)
    """
    plain = text.strip().removesuffix("%").strip()
    if not _PERCENT.fullmatch(plain):
        return None
    part = Fraction(plain.replace(",", ".")) / 100
    return part if part <= 1 else None


def read_amounts(text: str) -> tuple[int, ...]:
    """Read amounts parted by spaces or semicolons, in the smallest unit. Raises ValueError.

    >>> read_amounts("0; 800 1200.50")
    (0, 80000, 120050)
    """
    return tuple(parse_money(one) for one in re.split(r"[;\s]+", text.strip()) if one)


def write_amounts(amounts_minor: tuple[int, ...]) -> str:
    return " ".join(f"{one / 100:g}" if one % 100 else str(one // 100) for one in amounts_minor)


def read_groups(text: str) -> list[list[int]] | int:
    """Read lines of "income; people; take-up in percent"; the number of the first wrong line.

    >>> read_groups("600; 100; 34.5")
    [[60000, 100, 345000]]
    >>> read_groups("600; 100; 34\\n900; many; 34")
    2
    """
    groups: list[list[int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        group = _group(line)
        if group is None or number > GROUPS_MAX:
            return number
        groups.append(group)
    return groups


def write_groups(groups: list[list[int]]) -> str:
    return "\n".join(
        f"{write_amounts((income,))}; {people}; {float(Fraction(use, PER_WHOLE // 100)):g}"
        for income, people, use in groups
    )


def _group(line: str) -> list[int] | None:
    cells = [cell.strip() for cell in line.split(";")]
    if len(cells) != COLUMNS:
        return None
    people, use = cells[1], read_percent(cells[2])
    try:
        income = parse_money(cells[0])
    except ValueError:
        return None
    if not re.fullmatch(r"[0-9]{1,8}", people) or use is None:
        return None
    if not 0 < int(people) <= PEOPLE_MAX or income > INCOME_MINOR_MAX:
        return None
    return [income, int(people), int(use * PER_WHOLE)]
