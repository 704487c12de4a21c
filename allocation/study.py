"""One count of a study: an election and a rule, and the figures by which rules are compared."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from allocation.allocate import allocate
from allocation.amounts import amount_text, fraction_text
from allocation.errors import AllocationError
from allocation.instance import Instance
from allocation.options import Completion
from allocation.outcome import Outcome
from allocation.pabulib import parse
from allocation.report import allocation_report
from allocation.representation import represent
from allocation.rule_sheet import RuleSheet
from allocation.side_by_side import check_size, rule_sheets


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a count came to; None where it did not get so far, or where the rule has no such thing.

    Amounts are decimal text in the file's currency, other numbers "p/q": nothing is rounded.
    `warnings` counts what was mended when the file was read. `winners` are in the order in which
    they were chosen, `added` those of the fill. `refusal_code` and `refusal`, a sentence, are
    there if, and only if, the file or the rule was refused.
    """

    vote_type: str | None = None
    projects: int | None = None
    ballots: int | None = None
    budget: str | None = None
    warnings: int | None = None
    utility: str | None = None
    winners: list[str] | None = None
    number_of_winners: int | None = None
    added: list[str] | None = None
    total_cost: str | None = None
    endowment: str | None = None
    runs: int | None = None
    ties: list[dict[str, Any]] | None = None
    represented: str | None = None
    exclusion_ratio: str | None = None
    mean_winners_per_ballot: str | None = None
    exact: bool | None = None
    proven_optimal: bool | None = None
    refusal_code: str | None = None
    refusal: str | None = None


def study_rules(common: RuleSheet) -> dict[str, RuleSheet]:
    """Name the rules of a study: those of a comparison, and what councils vary of equal shares."""

    def completed(completion: Completion, *, stop: bool) -> RuleSheet:
        return replace(common, completion=completion, exhaustive_stop=stop)

    return rule_sheets(common) | {
        "equal shares, completed without the stop": completed(Completion.ADD1U, stop=False),
        "equal shares, add1": completed(Completion.ADD1, stop=True),
        "equal shares, add1 without the stop": completed(Completion.ADD1, stop=False),
        "equal shares, filled up": completed(Completion.UTILITARIAN, stop=True),
    }


def canonical_sheet(sheet: RuleSheet) -> str:
    """Write a rule sheet as JSON of one form only, so that equal sheets have equal digests."""
    return json.dumps(sheet.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sheet_digest(sheet: RuleSheet) -> str:
    """Give the SHA-256 of the canonical form, in hexadecimal digits."""
    return hashlib.sha256(canonical_sheet(sheet).encode()).hexdigest()


def count(content: bytes, rule: Mapping[str, object]) -> Count:
    """Read a `.pb` file leniently and count it by a rule sheet in canonical form.

    Whatever an AllocationError says, of the file or of the rule, becomes the refusal.
    """
    figures = Count()
    try:
        instance, warnings = _read(content)
        figures = _of_election(instance, warnings)
        sheet = RuleSheet.from_dict(rule)
        check_size(instance, sheet)
        return _of_outcome(figures, instance, allocate(instance, sheet))
    except AllocationError as error:
        return replace(figures, refusal_code=error.code, refusal=str(error))


# The counts of one file follow one another, and reading may take longer than a count.
@lru_cache(maxsize=1)
def _read(content: bytes) -> tuple[Instance, int]:
    instance, problems = parse(content, "lenient")
    return instance, len(problems)


def _of_election(instance: Instance, warnings: int) -> Count:
    return Count(
        vote_type=instance.vote_type.value,
        projects=len(instance.projects),
        ballots=len(instance.ballots),
        budget=amount_text(instance.budget, instance.minor_per_unit),
        warnings=warnings,
    )


def _of_outcome(figures: Count, instance: Instance, outcome: Outcome) -> Count:
    report = allocation_report(instance, outcome, file="", sha256="", timing={})
    reached = represent(instance, outcome)
    endowment = report["endowment"]
    return replace(
        figures,
        utility=outcome.sheet.utility and outcome.sheet.utility.value,
        winners=report["winners"],
        number_of_winners=len(outcome.winners),
        added=report["completion"]["added"],
        total_cost=report["total_cost"],
        endowment=endowment and endowment["exact"],
        runs=outcome.runs,
        ties=report["ties"],
        represented=fraction_text(reached.share_represented),
        exclusion_ratio=fraction_text(reached.exclusion_ratio),
        mean_winners_per_ballot=fraction_text(reached.mean_funded_per_ballot),
        exact=outcome.exact,
        proven_optimal=outcome.proven_optimal,
    )
