"""What a person on the voter roll looks like, and what is wrong with a row of an upload."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

AGE_DEFAULT = 16
AGE_UNLIKELY = 105
"""Older people exist, but on a roll a mistyped year of birth is the likelier reason."""

LENGTH_MAX: Mapping[str, int] = {
    "register_number": 40,
    "district": 40,
    "name": 120,
    "address": 300,
    "birth_date": 20,
}
_SEPARATORS = re.compile(r"[\s.,/_\-\u2010-\u2015]+")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_EUROPEAN = re.compile(r"(?P<day>[0-9]{1,2})[./](?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})")


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the roll that was read without a fault. Held sealed until the letters are made."""

    line: int
    register_number: str
    district: str
    name: str
    address: tuple[str, ...]
    birth_date: date | None = None


class ProblemKind(StrEnum):
    """Why a row cannot be taken."""

    CELLS = "cells"
    QUOTES = "quotes"
    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL = "control"
    UNKNOWN_DISTRICT = "unknown_district"
    DUPLICATE = "duplicate"
    BIRTH_DATE = "birth_date"
    UNDER_AGE = "under_age"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault with its line in the file; `found` is what stands there, cut short."""

    line: int
    kind: ProblemKind
    column: str = ""
    found: str = ""
    limit: int | None = None
    other_line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """What rows are held against. Age counts on `age_on`, the last day of voting."""

    districts: frozenset[str]
    age_min: int = AGE_DEFAULT
    age_on: date


@dataclass(slots=True)
class RowReader:
    """Turns rows into people, one after the other; remembers what must be unique."""

    requirements: Requirements
    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _lines: dict[str, int] = field(default_factory=dict)

    def take(self, line: int, cells: Mapping[str, str]) -> None:
        """Add a person, or every problem of the row."""
        found = [*_problems_of_cells(line, cells)]
        if not found:
            found = [*self._problems_of_values(line, cells)]
        if found:
            self.problems += found
            return
        self.people.append(
            Person(
                line=line,
                register_number=cells["register_number"],
                district=cells["district"],
                name=cells["name"],
                address=tuple(part for part in cells["address"].split("\n") if part.strip()),
                birth_date=parse_date(cells.get("birth_date", "")),
            )
        )

    def _problems_of_values(self, line: int, cells: Mapping[str, str]) -> list[Problem]:
        found = []
        same = comparable(cells["register_number"])
        first = self._lines.setdefault(same, line)
        if first != line:
            found.append(
                Problem(
                    line,
                    ProblemKind.DUPLICATE,
                    "register_number",
                    cells["register_number"],
                    other_line=first,
                )
            )
        if cells["district"] not in self.requirements.districts:
            found.append(Problem(line, ProblemKind.UNKNOWN_DISTRICT, "district", cells["district"]))
        return found + self._problems_of_age(line, cells.get("birth_date", ""))

    def _problems_of_age(self, line: int, typed: str) -> list[Problem]:
        if not typed:
            return []
        born = parse_date(typed)
        if born is None or born > self.requirements.age_on:
            return [Problem(line, ProblemKind.BIRTH_DATE, "birth_date", typed)]
        age_min = self.requirements.age_min
        if age(born, self.requirements.age_on) < age_min:
            return [Problem(line, ProblemKind.UNDER_AGE, "birth_date", typed, limit=age_min)]
        return []


def _problems_of_cells(line: int, cells: Mapping[str, str]) -> list[Problem]:
    found = []
    for column, text in cells.items():
        if not text and column != "birth_date":
            found.append(Problem(line, ProblemKind.MISSING, column))
        elif len(text) > LENGTH_MAX[column]:
            limit = LENGTH_MAX[column]
            found.append(Problem(line, ProblemKind.TOO_LONG, column, text[:20], limit=limit))
        elif any(unicodedata.category(c) in ("Cc", "Cs") for c in text.replace("\n", "")):
            found.append(Problem(line, ProblemKind.CONTROL, column))
        elif not any(c.isalnum() for c in text) and text:
            found.append(Problem(line, ProblemKind.MISSING, column, text[:20]))
    return found


def comparable(register_number: str) -> str:
    """Reduce a register number to what tells people apart: no case, gaps, dots or hyphens.

    >>> comparable(" 12.345.678-z ") == comparable("12345678Z")
    True
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", register_number)).upper()


def parse_date(text: str) -> date | None:
    """Read a date as registers write it; None if it is none.

    >>> parse_date("1980-03-17") == parse_date("17/03/1980") == parse_date("17.3.1980")
    True
    """
    match = _ISO.fullmatch(text) or _EUROPEAN.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def age(born: date, on: date) -> int:
    """Return the years completed on a day; who is born on 29 February ages on 1 March.

    >>> age(date(2000, 3, 18), date(2018, 3, 17)), age(date(2000, 3, 17), date(2018, 3, 17))
    (17, 18)
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
