"""The choices of a rule sheet, spelled as on the command line and in files."""

from enum import StrEnum

from allocation.instance import VoteType


class Rule(StrEnum):
    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"
    KNAPSACK = "knapsack"
    PHRAGMEN = "phragmen"
    MAXIMIN = "maximin"


class Utility(StrEnum):
    """What a funded project is worth to a ballot that names it."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"
    POINTS_COST = "points-cost"
    BORDA = "borda"
    BORDA0 = "borda0"


class Completion(StrEnum):
    """What happens with money that a single run of equal shares leaves unspent."""

    NONE = "none"
    UTILITARIAN = "utilitarian"
    ADD1 = "add1"
    ADD1U = "add1u"


class TieCriterion(StrEnum):
    """What separates projects that are exactly equal, one criterion after the other."""

    MIN_COST = "min-cost"
    MAX_COST = "max-cost"
    MAX_VOTES = "max-votes"
    MIN_ID = "min-id"
    LOT = "lot"
    LISTED = "listed"


class Comparison(StrEnum):
    """Whether ballots that prefer the greedy outcome, if more, make it the result."""

    NONE = "none"
    SATISFACTION = "satisfaction"
    EXCLUSION_RATIO = "exclusion-ratio"


APPROVALS = frozenset({Utility.COST, Utility.CARDINALITY})

# Which utilities the ballots carry, the default first.
UTILITIES_OF = {
    VoteType.APPROVAL: (Utility.COST, Utility.CARDINALITY),
    VoteType.CHOOSE_1: (Utility.COST, Utility.CARDINALITY),
    VoteType.CUMULATIVE: (Utility.POINTS, Utility.POINTS_COST),
    VoteType.SCORING: (Utility.POINTS, Utility.POINTS_COST),
    VoteType.ORDINAL: (Utility.BORDA, Utility.BORDA0),
}

ALL_RULES = frozenset(Rule)
OUR_RULES = frozenset({Rule.EQUAL_SHARES, Rule.GREEDY, Rule.KNAPSACK})

# An option that a rule does not know is refused, so that nobody believes it had an effect.
RULES_WITH = {
    "utility": OUR_RULES,
    "completion": frozenset({Rule.EQUAL_SHARES}),
    "exhaustive_stop": frozenset({Rule.EQUAL_SHARES}),
    "integral_start": frozenset({Rule.EQUAL_SHARES}),
    "increment": frozenset({Rule.EQUAL_SHARES}),
    "ties": ALL_RULES,
    "lot_seed": ALL_RULES,
    "read_as": ALL_RULES,
    "comparison": frozenset({Rule.EQUAL_SHARES}),
    "time_limit": frozenset({Rule.KNAPSACK}),
    "constraints": OUR_RULES,
    "exact_only": ALL_RULES,
    "stop_at_misfit": frozenset({Rule.GREEDY}),
    "votes_min": frozenset({Rule.GREEDY}),
    "fund_unsupported": frozenset({Rule.GREEDY}),
}
