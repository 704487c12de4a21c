"""The ballots of one pot as a `.pb` file, with the winners of a count marked in it."""

import random
import zlib
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from allocation import pabulib
from allocation.allocate import allocate
from allocation.errors import AllocationError, PbError
from allocation.instance import Instance, Project
from allocation.options import Comparison, Completion, Rule, Utility
from allocation.outcome import Outcome
from allocation.pabulib_label import pabulib_label
from allocation.rule_sheet import RuleSheet
from app.results.rules import is_repeatable, rule_of_label

UNKNOWN = "unknown"
"""The label of the format for a rule that it has no name for."""
SMALL = 20
"""Fewer ballots than this are not published by themselves: a combination may point at a person."""


class Refusal(StrEnum):
    """Why a pot has no file."""

    SMALL = "small"
    FAULTY = "faulty"  # what was written does not pass Minga's own strict reader


@dataclass(frozen=True)
class CountFile:
    """A file ready to be stored, or why there is none; `faults` is for the log."""

    sha256: str = ""
    content: bytes | None = None
    refusal: Refusal | None = None
    faults: tuple[str, ...] = ()


def make(instance: Instance, outcome: Outcome, *, imported: bool) -> CountFile:
    """Write the file of a count and read it again strictly: only what passes is handed out.

    The ballots of an imported election may break limits that its file states; they stay as they
    were published, and the check is left out.
    """
    if len(instance.ballots) < SMALL and not imported:
        return CountFile(refusal=Refusal.SMALL)
    try:
        named, comment = _label(instance, outcome.sheet, imported=imported)
        label = label_with_its_winners(instance, outcome) if named == UNKNOWN else named
        remarks = _remarks(comment, imported=imported)
        text = _written(marked(instance, outcome.winners), label, remarks)
    except PbError as error:
        return CountFile(refusal=Refusal.FAULTY, faults=(str(error),))
    if not imported:
        faults = tuple(str(one) for one in pabulib.check(text, "strict") if one.is_error)
        if faults:
            return CountFile(refusal=Refusal.FAULTY, faults=faults)
    content = text.encode()
    return CountFile(sha256(content).hexdigest(), zlib.compress(content, level=6))


def write(instance: Instance, sheet: RuleSheet, *, imported: bool) -> str:
    """Write an election under the label of a rule, its options in the comment. Raises PbError."""
    label, comment = _label(instance, sheet, imported=imported)
    return _written(instance, label, _remarks(comment, imported=imported))


def write_again(instance: Instance) -> str:
    """Write an imported election with the rule and the outcome that its own file states."""
    return _written(instance, instance.meta.get("rule") or UNKNOWN, [])


def label_with_its_winners(instance: Instance, outcome: Outcome) -> str:
    """Name a variant of equal shares that has no label of its own by the one it comes from, where
    a count under that label funds the same projects; `unknown` where it does not.

    So whoever recounts the file by its label finds the projects that are marked in it, and is not
    told of a rule that gives others. The comment names the variant in either case.
    """
    sheet = outcome.sheet
    if sheet.rule is not Rule.EQUAL_SHARES or sheet.utility is not Utility.COST:
        return UNKNOWN
    if sheet.completion is Completion.NONE or sheet.comparison is Comparison.EXCLUSION_RATIO:
        return UNKNOWN
    if sheet.read_as_approval or sheet.constraints:
        return UNKNOWN
    suffix = "-comparison" if sheet.comparison is Comparison.SATISFACTION else ""
    for label in (f"equalshares/add1{suffix}", f"equalshares{suffix}"):
        named = replace(
            RuleSheet.from_dict(rule_of_label(label)), ties=sheet.ties, lot_seed=sheet.lot_seed
        )
        try:
            winners = allocate(instance, named).winners
        except AllocationError:  # a tie that the variant did not meet
            continue
        if set(winners) == set(outcome.winners):
            return label
    return UNKNOWN


def marked(instance: Instance, winners: tuple[str, ...]) -> Instance:
    """Say of each project whether it was funded."""
    won = set(winners)
    return replace(instance, projects=tuple(_mark(one, won) for one in instance.projects))


def _mark(project: Project, won: set[str]) -> Project:
    return replace(project, selected="1" if project.id in won else "0")


def _label(instance: Instance, sheet: RuleSheet, *, imported: bool) -> tuple[str, str]:
    """Name the rule; a recount by the rule that an imported file names keeps its name."""
    label, comment = pabulib_label(sheet.resolved(instance.vote_type))
    stated = instance.meta.get("rule", "")
    if imported and label != stated and is_repeatable(stated):
        named = RuleSheet.from_dict(rule_of_label(stated)).resolved(instance.vote_type)
        if named == replace(sheet.resolved(instance.vote_type), lot_seed=named.lot_seed):
            return stated, comment
    return label, comment


def _remarks(comment: str, *, imported: bool) -> list[str]:
    remarks = [comment] if comment else []
    if imported:
        remarks.append("selected says what a recount by Minga gave, not what was decided")
    return remarks


def _written(instance: Instance, label: str, remarks: list[str]) -> str:
    # The operating system's randomness, kept nowhere: the order cannot be computed back.
    return pabulib.write(instance, rule=label, rng=random.SystemRandom(), remarks=remarks)
