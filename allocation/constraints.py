"""Side constraints on a set of winners, read from a TOML file or a canonical JSON object."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from allocation.amounts import exact_number, fraction_text
from allocation.errors import RuleOptionError

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Limit:
    """At least (`floor`) or at most (`ceiling`) so much for one area or category.

    `amount` is money in the currency, `number` a number of projects; one of them is None.
    """

    kind: str
    label_of: str
    label: str
    amount: Fraction | None = None
    number: int | None = None

    def __str__(self) -> str:
        what = f"{self.number} projects" if self.amount is None else fraction_text(self.amount)
        word = "at least" if self.kind == "floor" else "at most"
        return f"{word} {what} for the {self.label_of} {self.label}"

    def as_dict(self) -> dict[str, object]:
        if self.amount is None:
            return {self.label_of: self.label, "number": self.number}
        return {self.label_of: self.label, "amount": fraction_text(self.amount)}


@dataclass(frozen=True, slots=True)
class Exclusive:
    """Of these projects at most one."""

    projects: tuple[str, ...]

    def __str__(self) -> str:
        return f"only one of {', '.join(self.projects)}"

    def as_dict(self) -> dict[str, object]:
        return {"projects": list(self.projects)}


@dataclass(frozen=True, slots=True)
class Requires:
    """`project` only together with the project that it needs."""

    project: str
    needs: str

    def __str__(self) -> str:
        return f"{self.project} only together with {self.needs}"

    def as_dict(self) -> dict[str, object]:
        return {"project": self.project, "needs": self.needs}


@dataclass(frozen=True, slots=True)
class AtMost:
    """At most `k` of these projects; with no projects named, of all."""

    k: int
    projects: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"at most {self.k} of {', '.join(self.projects) or 'all projects'}"

    def as_dict(self) -> dict[str, object]:
        return {"k": self.k, "projects": list(self.projects)}


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A project that can be had for `min`, `min + step` and so on up to `max`, in the currency.

    The rule chooses the cost; the one in the file is what the project would cost by other rules.
    Raises ValueError unless min > 0, step > 0 and the steps lead from min to max exactly.
    """

    project: str
    min: Fraction
    max: Fraction
    step: Fraction

    def __post_init__(self) -> None:
        if self.min <= 0 or self.step <= 0:
            raise ValueError("min and step must be above 0")
        if self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        if (self.max - self.min) % self.step:
            raise ValueError(f"steps of {self.step} from {self.min} do not end at {self.max}")

    def __str__(self) -> str:
        least, most, step = map(fraction_text, (self.min, self.max, self.step))
        return f"{self.project} for {least} to {most} in steps of {step}"

    def as_dict(self) -> dict[str, object]:
        sizes = {name: fraction_text(getattr(self, name)) for name in ("min", "max", "step")}
        return {"project": self.project, **sizes}


@dataclass(frozen=True, slots=True)
class Constraints:
    """Everything that a constraints file may ask for, in the order in which it was written."""

    limits: tuple[Limit, ...] = ()
    exclusive: tuple[Exclusive, ...] = ()
    requires: tuple[Requires, ...] = ()
    at_most: tuple[AtMost, ...] = ()
    adjustable: tuple[Adjustable, ...] = ()

    def __bool__(self) -> bool:
        return any((self.limits, self.exclusive, self.requires, self.at_most, self.adjustable))

    def as_dict(self) -> dict[str, object] | None:
        """Give the canonical form for a rule sheet; None when nothing is asked for."""
        lists: dict[str, list[dict[str, object]]] = {
            "floor": [limit.as_dict() for limit in self.limits if limit.kind == "floor"],
            "ceiling": [limit.as_dict() for limit in self.limits if limit.kind == "ceiling"],
            "exclusive": [group.as_dict() for group in self.exclusive],
            "requires": [pair.as_dict() for pair in self.requires],
            "at_most": [limit.as_dict() for limit in self.at_most],
            "adjustable": [each.as_dict() for each in self.adjustable],
        }
        return {name: tables for name, tables in lists.items() if tables} or None


def parse_constraints(toml: str) -> Constraints:
    """Read a constraints file; RuleOptionError says which table is wrong and how to write it."""
    try:
        tables = tomllib.loads(toml, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleOptionError(f"The constraints file is not valid TOML: {error}.") from error
    return constraints_from_dict(tables)


def constraints_from_dict(lists: Mapping[str, object]) -> Constraints:
    """Read the canonical form; unknown tables and keys are refused, never ignored."""
    known = ("floor", "ceiling", "exclusive", "requires", "at_most", "adjustable")
    for name in lists:
        if name not in known:
            raise RuleOptionError(
                f"constraints: there is no table {name!r}. The tables are {', '.join(known)}."
            )
    return Constraints(
        limits=tuple(_limit(k, t) for k in ("floor", "ceiling") for t in _tables(lists, k)),
        exclusive=tuple(_exclusive(table) for table in _tables(lists, "exclusive")),
        requires=tuple(_requires(table) for table in _tables(lists, "requires")),
        at_most=tuple(_at_most(table) for table in _tables(lists, "at_most")),
        adjustable=_adjustable_projects(_tables(lists, "adjustable")),
    )


def _tables(lists: Mapping[str, object], name: str) -> list[Table]:
    tables = lists.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise RuleOptionError(f"constraints: write each {name} as its own table, [[{name}]].")
    return tables


def _limit(kind: str, table: Table) -> Limit:
    labels = [key for key in ("area", "category") if key in table]
    sizes = [key for key in ("amount", "number") if key in table]
    if len(labels) != 1 or len(sizes) != 1 or len(table) != 2:  # noqa: PLR2004 (a label, a size)
        raise RuleOptionError(
            f"constraints: a {kind} has either area or category, and either amount or number."
        )
    label = _text(table[labels[0]], f"{kind}: {labels[0]}")
    if sizes == ["number"]:
        return Limit(kind, labels[0], label, number=_whole(table["number"], f"{kind}: number"))
    amount = _amount(table["amount"], f"{kind}: amount")
    if amount < 0:
        raise RuleOptionError(f"constraints: {kind}: the amount is below 0.")
    return Limit(kind, labels[0], label, amount=amount)


def _exclusive(table: Table) -> Exclusive:
    _only_keys(table, "exclusive", {"projects"})
    return Exclusive(_ids(table.get("projects"), "exclusive"))


def _requires(table: Table) -> Requires:
    _only_keys(table, "requires", {"project", "needs"})
    return Requires(
        _text(table.get("project"), "requires: project"),
        _text(table.get("needs"), "requires: needs"),
    )


def _at_most(table: Table) -> AtMost:
    _only_keys(table, "at_most", {"k", "projects"})
    projects = _ids(table["projects"], "at_most") if table.get("projects") else ()
    return AtMost(_whole(table.get("k"), "at_most: k"), projects)


def _adjustable_projects(tables: Sequence[Table]) -> tuple[Adjustable, ...]:
    projects: dict[str, Adjustable] = {}
    for table in tables:
        adjustable = _adjustable(table)
        if adjustable.project in projects:
            raise RuleOptionError(
                f"constraints: adjustable: project {adjustable.project} is there twice. "
                "Write one table for each project."
            )
        projects[adjustable.project] = adjustable
    return tuple(projects.values())


def _adjustable(table: Table) -> Adjustable:
    _only_keys(table, "adjustable", {"project", "min", "max", "step"})
    project = _text(table.get("project"), "adjustable: project")
    sizes = {
        name: _amount(table.get(name), f"adjustable: project {project}: {name}")
        for name in ("min", "max", "step")
    }
    try:
        return Adjustable(project, **sizes)
    except ValueError as error:
        raise RuleOptionError(
            f"constraints: adjustable: project {project}: {error}. "
            "Choose min, max and step so that min and some steps make max."
        ) from error


def _only_keys(table: Table, name: str, known: set[str]) -> None:
    if unknown := sorted(set(table) - known):
        raise RuleOptionError(
            f"constraints: {name} has no {unknown[0]!r}. It has {', '.join(sorted(known))}."
        )


def _ids(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise RuleOptionError(f'constraints: {name} needs projects = ["id", "id"].')
    return tuple(_text(id_, f"{name}: projects") for id_ in value)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise RuleOptionError(f'constraints: {what} must be a text such as "12".')
    return value


def _amount(value: object, what: str) -> Fraction:
    try:
        return exact_number(value, f"constraints: {what}")
    except ValueError as error:
        raise RuleOptionError(str(error)) from error


def _whole(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise RuleOptionError(f"constraints: {what} must be a whole number, 0 or more.")
    return value
