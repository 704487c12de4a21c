"""What holds of applications, decisions and appeals. Pure: facts in, answer out.

Source: the specification of vouchers, sections 5 (evidence, household) and 10 (appeals).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

CHILD_UNDER = 14
"""Below this age a person counts as a child in a household's scale."""
GROWN_UP = 18
"""From this age on a person applies alone; the vouchers of younger ones come with the household."""
AGE_MAX = 120
MEMBERS_MAX = 20
FOUR_EYES_ABOVE_MINOR = 10_000
"""A promise of more than this in one decision needs a second person."""
SAMPLED_PERCENT = 10
"""So many of a hundred declared incomes are checked, drawn by lot."""
APPEAL_DAYS = 30
ANSWER_DAYS = 30


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SENT = "sent"
    IN_REVIEW = "in_review"
    QUESTION = "question"  # staff asked something; the applicant can change and send again
    PROPOSED = "proposed"  # waits for a second person
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


EDITABLE = (State.DRAFT, State.QUESTION)
AT_THE_DESK = (State.SENT, State.IN_REVIEW, State.QUESTION, State.PROPOSED)
UNDER_WAY = (State.DRAFT, *AT_THE_DESK)
WITHDRAWABLE = (State.DRAFT, State.SENT, State.IN_REVIEW, State.QUESTION)


class Income(StrEnum):
    """What is known of a household's income."""

    NONE = "none"  # it stays private: the basic amount
    DECLARED = "declared"  # counts at once
    VERIFIED = "verified"  # staff have seen the evidence


class Channel(StrEnum):
    """By which way the code reaches a person whose identity was seen or is known."""

    DESK = "desk"
    POST = "post"


def counts(ages: Iterable[int]) -> tuple[int, int]:
    """Return how many of a household are 14 or over, and how many are children under 14.

    >>> counts([40, 14, 13, 0])
    (2, 2)
    """
    known = list(ages)
    children = sum(age < CHILD_UNDER for age in known)
    return len(known) - children, children


def needs_second(total_minor: int) -> bool:
    """Say whether a decision that promises so much needs a second person."""
    return total_minor > FOUR_EYES_ABOVE_MINOR


def is_sampled(drawn: int) -> bool:
    """Say whether a declared income is checked; `drawn` by lot from 0 to 99."""
    return drawn < SAMPLED_PERCENT


def appeal_ends(decided_at: datetime) -> datetime:
    """Return until when an appeal can be filed."""
    return decided_at + timedelta(days=APPEAL_DAYS)


def answer_due(filed_at: datetime) -> datetime:
    """Return until when an appeal has to be answered; later it belongs to the next higher desk."""
    return filed_at + timedelta(days=ANSWER_DAYS)


def supplement_minor(*, promised_minor: int, now_minor: int) -> int:
    """Return what is promised on top when an income falls. What was promised is never taken back.

    >>> supplement_minor(promised_minor=5_000, now_minor=7_000)
    2000
    >>> supplement_minor(promised_minor=5_000, now_minor=2_000)
    0
    """
    return max(0, now_minor - promised_minor)


def written(amount_minor: Fraction) -> int:
    """Return an exact amount as people read it: to the nearest smallest unit, halves up."""
    return int((2 * amount_minor + 1) // 2)
