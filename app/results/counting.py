"""Counting the pots of one run. Pure, and light to import: it works in a process of its own.

What comes out of it are the messages `Progress`, then `Counted` or `NoOutcome`.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from allocation import pabulib
from allocation.allocate import allocate
from allocation.errors import AllocationError, SolverFailedError, TieUnresolvedError
from allocation.instance import Instance
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.rule_sheet import RuleSheet
from app.results import count_file
from app.results.charts.pictures import pictures
from app.results.closeness import closeness
from app.results.count_file import CountFile
from app.results.documents import pot_document

SOLVER_SECONDS_MAX = 600
"""Of each step of an integer program, where the rule sheet states no limit of its own."""


@dataclass(frozen=True)
class StoredElection:
    """The file of an imported election, compressed: it is read where it is counted."""

    content: bytes
    lenient: bool

    def read(self) -> Instance:
        mode: pabulib.Mode = "lenient" if self.lenient else "strict"
        return pabulib.parse(zlib.decompress(self.content), mode)[0]


@dataclass(frozen=True)
class PotOrder:
    """One pot to be counted; `sha256` is the digest of what the ballots were fixed as."""

    pot_id: str
    name: str
    election: Instance | StoredElection
    sha256: str

    @property
    def imported(self) -> bool:
        return isinstance(self.election, StoredElection)

    def instance(self) -> Instance:
        return self.election.read() if isinstance(self.election, StoredElection) else self.election


@dataclass(frozen=True)
class Order:
    """A run: its pots, its rule, and whether files of the ballots are made with it."""

    pots: tuple[PotOrder, ...]
    rule: Mapping[str, Any]
    with_files: bool


@dataclass(frozen=True)
class Progress:
    """How far the pot of this place in the order is."""

    pot: int
    percent: int


@dataclass(frozen=True)
class Counted:
    """A document per pot, in their order, and the files by pot."""

    documents: tuple[dict[str, Any], ...]
    files: Mapping[str, CountFile] = field(default_factory=dict)


@dataclass(frozen=True)
class NoOutcome:
    """Why there is no outcome: the code of the error, its text, and the projects that are tied."""

    code: str
    text: str
    tied: tuple[str, ...] = ()


def count(order: Order, show: Callable[[Progress], None]) -> Counted | NoOutcome:
    """Count every pot; one pot without an outcome means that the run has none."""
    documents, files = [], {}
    try:
        sheet = _limited(RuleSheet.from_dict(order.rule))
        for place, pot in enumerate(order.pots):
            show(Progress(place, 0))
            instance = pot.instance()
            outcome = outcome_of(instance, sheet, _Steps(place, show))
            close = closeness(instance, outcome)
            document = pot_document(pot.pot_id, pot.name, pot.sha256, instance, outcome, close)
            documents.append(document | {"pictures": pictures(instance, document)})
            if order.with_files:
                files[pot.pot_id] = count_file.make(instance, outcome, imported=pot.imported)
    except TieUnresolvedError as error:
        return NoOutcome(error.code, str(error), error.projects)
    except AllocationError as error:
        return NoOutcome(error.code, str(error))
    return Counted(tuple(documents), files)


def outcome_of(
    instance: Instance, sheet: RuleSheet, progress: Callable[[int, Fraction], None]
) -> Outcome:
    """Run the rule. Nothing is funded where nobody voted, whatever the rule.

    Raises AllocationError, also for an optimum that was not proven in time.
    """
    if not instance.ballots:
        return Outcome(sheet=sheet.resolved(instance.vote_type), winners=(), total_cost=0)
    outcome = allocate(instance, sheet, progress=progress)
    if outcome.proven_optimal is False:
        raise SolverFailedError("The best set was not proven in time.")
    return outcome


def _limited(sheet: RuleSheet) -> RuleSheet:
    """Give an integer program an end. A limit never changes an outcome: it only prevents one."""
    if sheet.rule is Rule.KNAPSACK and sheet.time_limit is None:
        return replace(sheet, time_limit=SOLVER_SECONDS_MAX)
    return sheet


class _Steps:
    """Turns the rule's own measure, money spent by the last run, into per cent that only rise."""

    def __init__(self, pot: int, show: Callable[[Progress], None]) -> None:
        self._pot = pot
        self._show = show
        self._shown = 0

    def __call__(self, _runs: int, spent: Fraction) -> None:
        percent = int(100 * min(spent, Fraction(1)))
        if percent > self._shown:
            self._shown = percent
            self._show(Progress(self._pot, percent))
