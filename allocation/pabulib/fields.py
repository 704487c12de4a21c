"""The names of the format (April 2026), each list in the order in which files carry them."""

from allocation.instance import VoteType

SECTIONS = ("META", "PROJECTS", "VOTES")

META_HEADER = ("key", "value")
META_REQUIRED = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
META_ORDER = (
    "description",
    "country",
    "unit",
    "district",
    "subunit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
    "min_length",
    "max_length",
    "min_sum_cost",
    "max_sum_cost",
    "min_points",
    "max_points",
    "min_sum_points",
    "max_sum_points",
    "default_score",
    "min_project_cost",
    "max_project_cost",
    "min_project_score_threshold",
    "neighborhoods",
    "subdistricts",
    "categories",
    "edition",
    "language",
    "currency",
    "fully_funded",
    "experimental",
    "comment",
    "acknowledgments",
    "leftover_budget",
    "budget_per_category",
    "budget_per_neighborhood",
    "min_length_per_category",
    "max_length_per_category",
    "min_sum_cost_per_category",
    "max_sum_cost_per_category",
)

PROJECT_REQUIRED = ("project_id", "cost")
PROJECT_ORDER = (
    *PROJECT_REQUIRED,
    "votes",
    "score",
    "name",
    "category",
    "beneficiaries",
    "selected",
    "neighborhood",
    "subunit",
    "district",
    "description",
    "proposer",
    "public_id",
    "latitude",
    "longitude",
)
OLD_PROJECT_COLUMNS = {"target": "beneficiaries"}
# Where a project lies, the smallest area first: the first one given becomes `Project.area`.
AREA_COLUMNS = ("neighborhood", "subunit", "district")

VOTE_REQUIRED = ("voter_id", "vote")
VOTE_ORDER = (
    *VOTE_REQUIRED,
    "points",
    "age",
    "sex",
    "voting_method",
    "district",
    "neighborhood",
    "education",
    # Asked in Zurich only; the published format carries them all the same.
    "topic_preference_transport",
    "topic_preference_culture",
    "topic_preference_nature",
    "district_preference",
    "time_taken_seconds",
    "format_easiness",
    "format_expressiveness",
    "format_rank",
)

POINT_TYPES = frozenset({VoteType.CUMULATIVE, VoteType.SCORING})
SCORE_TYPES = POINT_TYPES | {VoteType.ORDINAL}

# A cost that says: this project was withdrawn after the vote had begun.
WITHDRAWN_COST = "999999999"


def meta_required(vote_type: VoteType | None) -> tuple[str, ...]:
    """List the META keys that a file of this ballot type must have."""
    if vote_type is VoteType.CUMULATIVE:
        return (*META_REQUIRED, "max_sum_points")
    return META_REQUIRED


def id_fault(id_: str) -> str:
    """Say why a text cannot be a project's id; empty when it can.

    Lists part ids by commas, and other readers of the format take "none" for a missing cell
    and a section title for the start of a section.
    """
    if not id_:
        return "is empty"
    if "," in id_:
        return "holds a comma"
    if id_ != id_.strip():
        return "begins or ends with a blank"
    if len(id_.splitlines()) > 1:
        return "holds a line break"
    if id_.lower() == "none" or id_.upper() in SECTIONS:
        return "is a word that the format keeps for itself"
    return ""
