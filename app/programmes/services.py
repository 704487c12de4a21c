"""What vouchers pay for: the four kinds of social service. Pure."""

from enum import StrEnum


class Service(StrEnum):
    """Source: Restakis, Public Policy for a Social Knowledge Economy, "Social Income"."""

    HOME_CARE = "home-care"
    ELDER_CARE = "elder-care"
    CHILDCARE = "childcare"
    DISABILITY = "disability"
