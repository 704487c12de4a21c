"""What people read about applications, decisions and appeals."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext

from app import i18n
from app.entitlements.rules import Channel, Income, State
from app.programmes.households import Scale
from app.vouchers.rules import Carrier, ReplacedFor

STATES = {
    State.DRAFT: (lazy("Draft"), "quiet"),
    State.SENT: (lazy("Sent"), "waiting"),
    State.IN_REVIEW: (lazy("Being looked at"), "waiting"),
    State.QUESTION: (lazy("We have a question"), "open"),
    State.PROPOSED: (lazy("Waits for a second person"), "waiting"),
    State.DECIDED: (lazy("Decided"), "good"),
    State.WITHDRAWN: (lazy("Withdrawn"), "quiet"),
}
INCOMES = {
    Income.NONE: lazy("Private: the basic amount"),
    Income.DECLARED: lazy("Declared"),
    Income.VERIFIED: lazy("Checked by the town"),
}
CARRIERS = {
    Carrier.PHONE: lazy("On my phone"),
    Carrier.PAPER: lazy("On paper"),
}
REPLACED_FOR = {
    ReplacedFor.LOST: lazy("It is lost, or somebody else may know the code"),
    ReplacedFor.UNREADABLE: lazy("It cannot be read any more"),
    ReplacedFor.PIN: lazy("The PIN is forgotten or locked"),
}
CHANNELS = {
    Channel.DESK: lazy("At the desk: I have seen an identity document"),
    Channel.POST: lazy("By post, to the address in the register"),
}


def arithmetic(found: Mapping[str, Any], value_minor: int, unit: str) -> list[str]:
    """Say in sentences how a voucher's value came about, so that anybody can compute it again."""

    def money(amount_minor: int) -> str:
        return i18n.money(amount_minor, unit)

    if not found:
        return [_("What you told us about income and household has been deleted, as we promised.")]
    household = _household(found["adults"], found["children"])
    if "income_minor" not in found:
        return [
            _("Your income stays private, so you get the basic amount: %(value)s.",
              value=money(value_minor)),
        ]  # fmt: skip
    return [
        _("Income of your household in a month: %(income)s.", income=money(found["income_minor"])),
        _scale(found["scale"], household, found["persons"]),
        _(
            "%(income)s divided by %(persons)s is %(share)s.",
            income=money(found["income_minor"]),
            persons=found["persons"],
            share=money(found["equivalised_minor"]),
        ),
        _(
            "For this, schedule number %(number)s of the programme gives %(value)s to each person.",
            number=found["schedule_no"],
            value=money(value_minor),
        ),
    ]


def _household(adults: int, children: int) -> str:
    grown = ngettext("%(num)d person of 14 or over", "%(num)d persons of 14 or over", adults)
    if children == 0:
        return str(grown)
    young = ngettext("%(num)d child under 14", "%(num)d children under 14", children)
    return str(_("%(grown)s and %(young)s", grown=grown, young=young))


def _scale(scale: str, household: str, persons: str) -> str:
    if scale == Scale.SQRT:
        return str(
            _(
                "Your household: %(household)s. People who live together share costs, so it counts "
                "as %(persons)s, the square root of their number.",
                household=household,
                persons=persons,
            )
        )
    return str(
        _(
            "Your household: %(household)s. People who live together share costs, so it counts as "
            "%(persons)s: 1 for the first person, 0.5 for each further one of 14 or over, 0.3 for "
            "each child.",
            household=household,
            persons=persons,
        )
    )
