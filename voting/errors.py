"""What can go wrong in voting, as data from which one plain sentence can be made each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class VotingError(Exception):
    """A refusal that a person can act on. Its `str()` is for logs; the web writes the sentence."""

    code = "voting"


class BlockerKind(StrEnum):
    """Why a ballot cannot be cast as it is."""

    BLANK_NOT_ALLOWED = "blank_not_allowed"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    OVER_BUDGET = "over_budget"
    COST_TOO_LOW = "cost_too_low"
    COST_TOO_HIGH = "cost_too_high"
    POINTS_OVER = "points_over"
    POINTS_UNSPENT = "points_unspent"
    POINTS_TOO_FEW = "points_too_few"
    PROJECT_POINTS_OVER = "project_points_over"
    NEGATIVE = "negative"
    SCORE_TOO_LOW = "score_too_low"
    SCORE_TOO_HIGH = "score_too_high"
    EQUAL_RANKS = "equal_ranks"
    RANK_TOO_LOW = "rank_too_low"
    NOT_INTEGER = "not_integer"
    DUPLICATE = "duplicate"
    UNKNOWN_PROJECT = "unknown_project"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One limit that blocks casting, with the figures for its sentence.

    `projects`: the projects it is about, none if it is about the ballot as a whole. `limit` is
    what the rule sheet says and `actual` what the ballot has, both in the unit of the kind:
    projects, minor units of the currency, points, or the rank that was given twice.

    >>> Blocker(BlockerKind.TOO_MANY, limit=5, actual=7).by
    2
    """

    kind: BlockerKind
    projects: tuple[str, ...] = ()
    limit: int | None = None
    actual: int | None = None

    @property
    def by(self) -> int | None:
        """How far the ballot is from the limit, never negative; None if it is no matter of size."""
        if self.limit is None or self.actual is None:
            return None
        return abs(self.actual - self.limit)


class BallotError(VotingError):
    """These choices cannot be cast; `blockers` names every limit in the way."""

    code = "ballot"

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        # Which limits, never which projects: this text may reach a log.
        super().__init__(", ".join(blocker.kind for blocker in blockers))
        self.blockers = tuple(blockers)


class RuleProblemKind(StrEnum):
    """Why the rules of a ballot cannot stand."""

    LIMIT_FOREIGN = "limit_foreign"
    LIMIT_MISSING = "limit_missing"
    NOT_INTEGER = "not_integer"
    TOO_LOW = "too_low"
    MIN_ABOVE_MAX = "min_above_max"
    NO_PROJECTS = "no_projects"
    PROJECT_ID_MALFORMED = "project_id_malformed"
    NUMBER_MIN_ABOVE_PROJECTS = "number_min_above_projects"
    PROJECT_TOO_DEAR = "project_too_dear"
    CHEAPEST_TOO_DEAR = "cheapest_too_dear"
    DEAREST_TOO_CHEAP = "dearest_too_cheap"
    NO_COMBINATION = "no_combination"
    POINTS_MIN_OUT_OF_REACH = "points_min_out_of_reach"


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing wrong with the rules of a ballot.

    `field` is the setting at which to say it. `limit` and `actual` as in `Blocker`: the setting
    is `actual` and could be `limit` at most (or, for TOO_LOW, at least).
    """

    kind: RuleProblemKind
    field: str
    projects: tuple[str, ...] = ()
    limit: int | None = None
    actual: int | None = None


class RulesError(VotingError):
    """The rules contradict themselves, or no ballot with a choice on it could obey them."""

    code = "ballot_rules"

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.kind}" for problem in problems))
        self.problems = tuple(problems)


class CodeErrorKind(StrEnum):
    """What is wrong with a typed code."""

    LENGTH = "length"
    SYMBOL = "symbol"
    CHECK = "check"


class CodeError(VotingError):
    """A typed code that cannot be right; found before anything is looked up.

    LENGTH: `length` symbols were typed instead of `length_expected` (None: far too many to count).
    SYMBOL: `symbol` at `position` (from 1, separators not counted) does not occur in codes.
    CHECK: every symbol is possible, but together they contain a typing error.
    """

    code = "voting_code"

    def __init__(
        self,
        kind: CodeErrorKind,
        *,
        length: int | None = None,
        length_expected: int | None = None,
        position: int | None = None,
        symbol: str | None = None,
    ) -> None:
        super().__init__(kind)  # nothing that was typed: it may be most of a secret
        self.kind = kind
        self.length = length
        self.length_expected = length_expected
        self.position = position
        self.symbol = symbol


class UnknownAreaError(VotingError):
    """An area that is not part of the town's tree."""

    code = "unknown_area"

    def __init__(self, area: object) -> None:
        super().__init__(f"area {area} is not in the tree of areas")
        self.area = area
