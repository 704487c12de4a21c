"""What values at knots are chosen for, one wish after the other. Pure."""

from enum import StrEnum


class Wish(StrEnum):
    """What is maximised, in this order."""

    NEEDS = "needs"  # as few as can be with more of the need than they can bear
    WORTH = "worth"  # the weighted value of all vouchers
    LAST = "last"  # the value at the highest income
    EVEN = "even"  # evenness of the fall
