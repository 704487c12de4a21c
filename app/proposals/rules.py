"""What may be done with a proposal in which state, and what others see of it. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class ProposalState(StrEnum):
    DRAFT = "draft"  # the author's alone
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    QUESTION = "question"  # waits for the author's answer
    DECIDED = "decided"  # verdict given; seen by others only when prices are released
    MERGED = "merged"  # lives on in another proposal
    ADOPTED = "adopted"  # a project on the ballot
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    FEASIBLE = "feasible"
    NOT_FEASIBLE = "not_feasible"


STARTED_MAX = 20
"""Proposals that one person may start in one round, whatever became of them."""
SUBMITTED_MAX = 5
"""Proposals of one person that may stand in one round at the same time."""

TITLE_LENGTH_MAX = 100
DESCRIPTION_LENGTH_MAX = 4000
BENEFICIARIES_LENGTH_MAX = 600
MESSAGE_LENGTH_MAX = 4000

EDITABLE = frozenset({ProposalState.DRAFT, ProposalState.QUESTION})
OPEN = frozenset({ProposalState.SUBMITTED, ProposalState.IN_REVIEW, ProposalState.QUESTION})
"""Before the verdict: the town can ask, note, check, merge and decide."""
UNDER_REVIEW = OPEN | {ProposalState.DECIDED}
WITHDRAWABLE = UNDER_REVIEW
LISTED = UNDER_REVIEW | {ProposalState.ADOPTED}
"""What the public list shows; merged ones are found through the one they live on in."""
HAS_PAGE = LISTED | {ProposalState.MERGED, ProposalState.WITHDRAWN}

NEEDED = ("title", "description", "beneficiaries", "area_id", "category_id", "own_cost_minor")
"""What a proposal must say before it can be sent; place and picture are welcome, not needed."""


def seen_by_public(state: str, *, released: bool) -> str:
    """Return the state that everybody sees: nothing of the review shows before the release.

    >>> seen_by_public("decided", released=False), seen_by_public("question", released=False)
    ('in_review', 'in_review')
    >>> seen_by_public("decided", released=True)
    'not_feasible'
    """
    if state == ProposalState.DECIDED and released:
        return Verdict.NOT_FEASIBLE.value
    if state in UNDER_REVIEW:
        return ProposalState.IN_REVIEW.value
    return state


def seen_by_author(state: str, *, released: bool) -> str:
    """Return the state that the author sees: questions show, the verdict only with the release.

    >>> seen_by_author("question", released=False), seen_by_author("decided", released=False)
    ('question', 'in_review')
    """
    if state in (ProposalState.SUBMITTED, ProposalState.QUESTION):
        return state
    return seen_by_public(state, released=released)


def missing(values: Mapping[str, object]) -> list[str]:
    """Return the fields that have to be filled in before a proposal can be sent, in their order.

    >>> missing({"title": "A bench", "description": "", "own_cost_minor": 1})
    ['description', 'beneficiaries', 'area_id', 'category_id']
    """
    return [name for name in NEEDED if values.get(name) in (None, "")]


def cost_max_minor(*, per_project_minor: int | None, pot_minor: int) -> int:
    """Return the most that a project may cost: the round's limit, never more than its pot.

    >>> cost_max_minor(per_project_minor=None, pot_minor=500)
    500
    >>> cost_max_minor(per_project_minor=900, pot_minor=500)
    500
    """
    return pot_minor if per_project_minor is None else min(per_project_minor, pot_minor)
