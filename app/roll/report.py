"""What two officers read before they approve a roll: counts, oddities, changes. No names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.roll.rules import AGE_UNLIKELY, Person, Requirements, age, comparable

LINES_SHOWN_MAX = 20


def make_report(
    people: Sequence[Person],
    requirements: Requirements,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
    columns_ignored: Sequence[str] = (),
) -> dict[str, Any]:
    """Describe a file that was read without a fault.

    `before` and `after`: hashed register number -> district, in the roll as it stands and as it
    would become.
    """
    on = requirements.age_on
    old = [p.line for p in people if p.birth_date and age(p.birth_date, on) > AGE_UNLIKELY]
    alike = _alike(people)
    return {
        "people": len(people),
        "districts": dict(sorted(Counter(p.district for p in people).items())),
        "age_min": requirements.age_min,
        "age_on": on.isoformat(),
        "without_birth_date": sum(p.birth_date is None for p in people),
        "old": len(old),
        "old_lines": old[:LINES_SHOWN_MAX],
        "alike": len(alike),
        "alike_lines": alike[:LINES_SHOWN_MAX],
        "added": len(after.keys() - before.keys()),
        "gone": len(before.keys() - after.keys()),
        "moved": sum(after[key] != before[key] for key in after.keys() & before.keys()),
        "columns_ignored": list(columns_ignored),
    }


def _alike(people: Iterable[Person]) -> list[list[int]]:
    """Pair lines with the same name that share a birth date or an address: perhaps one person."""
    seen: dict[tuple[str, object], list[int]] = defaultdict(list)
    for person in people:
        name = comparable(person.name)
        place = comparable("".join(person.address))
        for also in filter(None, (person.birth_date, place)):
            seen[name, also].append(person.line)
    return sorted(
        {tuple(lines[:2]): list(lines[:2]) for lines in seen.values() if len(lines) > 1}.values()
    )
