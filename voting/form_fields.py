"""From the fields of a posted form to choices. Every field may be forged, repeated or huge."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voting.ballots import standing
from voting.choices import Choices
from voting.errors import BallotError, Blocker, BlockerKind
from voting.limits import BallotType
from voting.rules import PROJECT_ID_LENGTH_MAX, BallotRules

PROJECT_FIELD = "project"
POINTS_PREFIX = "points-"
RANK_PREFIX = "rank-"

TYPED_LENGTH_MAX = 40
UNKNOWN_NAMED_MAX = 5
_INTEGER = re.compile(r"[+-]?\d{1,9}")

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Entered:
    """What was read from a form, and what could not be read.

    With `blockers`, show the form again as it was typed and store nothing: the choices leave out
    what could not be read.
    """

    choices: Choices
    blockers: tuple[Blocker, ...]


def choices_from_fields(rules: BallotRules, fields: Fields) -> Entered:
    """Read a posted ballot, with no regard for its limits: it may be a draft.

    Approval and knapsack: `project`, once per chosen project. Points and scores:
    `points-<project>`. Ranking: `rank-<project>`, 1 for the best; gaps are closed. An empty field
    says nothing about its project.
    """
    match rules.ballot_type:
        case BallotType.APPROVAL | BallotType.KNAPSACK:
            return _read_projects(rules, fields.get(PROJECT_FIELD, ()))
        case BallotType.POINTS | BallotType.SCORES:
            numbers, mistakes = _read_numbers(rules, fields, POINTS_PREFIX)
            return Entered(Choices.of_numbers(rules.ballot_type, numbers), mistakes)
        case BallotType.RANKING:
            return _read_ranking(rules, fields)


def choices_to_cast(rules: BallotRules, fields: Fields) -> Choices:
    """Read a posted ballot that is to be cast; BallotError names all that is in the way."""
    entered = choices_from_fields(rules, fields)
    blockers = standing(rules, entered.choices, entered.blockers).blockers
    if blockers:
        raise BallotError(blockers)
    return entered.choices


def _read_projects(rules: BallotRules, chosen: Sequence[str]) -> Entered:
    chosen = [project for project in chosen if project]
    known = [project for project in chosen if project in rules.costs_minor]
    repeated = tuple(project for project, times in sorted(Counter(known).items()) if times > 1)
    blockers = [Blocker(BlockerKind.DUPLICATE, repeated)] if repeated else []
    blockers += _unknown(project for project in chosen if project not in rules.costs_minor)
    return Entered(Choices.of_projects(rules.ballot_type, set(known)), tuple(blockers))


def _read_ranking(rules: BallotRules, fields: Fields) -> Entered:
    ranks, mistakes = _read_numbers(rules, fields, RANK_PREFIX)
    by_rank: dict[int, list[str]] = defaultdict(list)
    for project, rank in sorted(ranks.items()):
        by_rank[rank].append(project)
    equal = [
        Blocker(BlockerKind.EQUAL_RANKS, tuple(projects), actual=rank)
        for rank, projects in sorted(by_rank.items())
        if len(projects) > 1
    ]
    too_low = tuple(project for project, rank in sorted(ranks.items()) if rank < 1)
    if too_low:
        mistakes += (Blocker(BlockerKind.RANK_TOO_LOW, too_low, limit=1),)
    best_first = [project for _, projects in sorted(by_rank.items()) for project in projects]
    return Entered(Choices.of_projects(BallotType.RANKING, best_first), (*mistakes, *equal))


def _read_numbers(
    rules: BallotRules, fields: Fields, prefix: str
) -> tuple[dict[str, int], tuple[Blocker, ...]]:
    """Read one number per project, and collect what is no number or stands there twice."""
    numbers: dict[str, int] = {}
    unknown: list[str] = []
    mistakes: dict[BlockerKind, list[str]] = defaultdict(list)
    for project, typed in _typed(fields, prefix):
        if project not in rules.costs_minor:
            unknown.append(project)
        elif len(typed) > 1:
            mistakes[BlockerKind.DUPLICATE].append(project)
        elif (number := _integer(typed[0])) is None:
            mistakes[BlockerKind.NOT_INTEGER].append(project)
        else:
            numbers[project] = number
    blockers = [Blocker(kind, tuple(sorted(ids))) for kind, ids in sorted(mistakes.items())]
    return numbers, (*blockers, *_unknown(unknown))


def _typed(fields: Fields, prefix: str) -> Iterable[tuple[str, list[str]]]:
    """Pair each project of the form with what was typed for it, empty fields left out."""
    for name, values in fields.items():
        typed = [value for value in values if value and not value.isspace()]
        if name.startswith(prefix) and typed:
            yield name.removeprefix(prefix), typed


def _integer(text: str) -> int | None:
    """Read a whole number in any script's digits; None if it is none, or absurdly long.

    >>> _integer(" 12 "), _integer("١٢"), _integer("1,5"), _integer("1e3")
    (12, 12, None, None)
    """
    if len(text) > TYPED_LENGTH_MAX or not _INTEGER.fullmatch(text.strip()):
        return None
    return int(text)


def _unknown(projects: Iterable[str]) -> list[Blocker]:
    """Name a few of the projects that are not on this ballot, each cut to a project id's length."""
    every = sorted({project[:PROJECT_ID_LENGTH_MAX] for project in projects})
    named = tuple(every[:UNKNOWN_NAMED_MAX])
    return [Blocker(BlockerKind.UNKNOWN_PROJECT, named, actual=len(every))] if every else []
