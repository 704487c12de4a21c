"""What people read about programmes and schedules."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app import i18n
from app.programmes.households import Household, Scale
from app.programmes.infeasible import Infeasible
from app.programmes.models import Mode, ProgrammeState
from app.programmes.parameters import Parameter
from app.programmes.services import Service

SERVICES = {
    Service.HOME_CARE: lazy("Home care"),
    Service.ELDER_CARE: lazy("Elder care"),
    Service.CHILDCARE: lazy("Childcare"),
    Service.DISABILITY: lazy("Disability services"),
}
STATES = {
    ProgrammeState.DRAFT: (lazy("Draft"), "grey"),
    ProgrammeState.PROPOSED: (lazy("Waits for a second officer"), "yellow"),
    ProgrammeState.APPROVED: (lazy("Approved"), "blue"),
    ProgrammeState.OPEN: (lazy("Open"), "green"),
    ProgrammeState.CLOSED: (lazy("Closed"), "grey"),
}
MODES = {
    Mode.FULL: lazy("Every voucher is backed by money"),
    Mode.COVERED: lazy("More is promised than the fund holds, up to a limit"),
}
SCALES = {
    Scale.OECD_MODIFIED: lazy("modified OECD scale"),
    Scale.SQRT: lazy("square root of the number of persons"),
}
PARAMETERS = {
    Parameter.SCALE: lazy("Equivalence scale"),
    Parameter.HOUSEHOLD_LIMIT: lazy("Most that a household may lose per extra euro, in percent"),
    Parameter.CONTINGENCY: lazy("Contingency on the expected cost, in percent"),
}


def household(one: Household) -> str:
    """Name a type of household.

    >>> household(Household(2, 1))
    'Couple, 1 child under 14'
    """
    grown = _("Single person") if one.adults == 1 else _("Couple")
    if one.adults > 2:  # noqa: PLR2004 (a couple is two)
        grown = _("%(count)s adults", count=one.adults)
    if one.children == 0:
        return str(grown)
    if one.children == 1:
        return str(_("%(adults)s, 1 child under 14", adults=grown))
    return str(_("%(adults)s, %(count)s children under 14", adults=grown, count=one.children))


def infeasible(found: Infeasible, unit: str) -> str:
    """Answer an impossible wish with the smallest budget that would do, and the floor that fits."""
    if found.needed_minor is None:
        return str(
            _(
                "These rules contradict each other, so no budget would do. "
                "Raise the highest value or allow a greater loss from last year."
            )
        )
    if found.floor_that_fits_minor is None:
        return str(
            _(
                "These rules need at least %(needed)s per period; the fund holds %(held)s. "
                "Add %(missing)s or allow more: a lower floor alone is not enough.",
                needed=i18n.money(found.needed_minor, unit),
                held=i18n.money(found.budget_minor, unit),
                missing=i18n.money(found.missing_minor, unit),
            )
        )
    return str(
        _(
            "This floor needs at least %(needed)s per period; the fund holds %(held)s. "
            "Add %(missing)s or lower the floor to %(floor)s.",
            needed=i18n.money(found.needed_minor, unit),
            held=i18n.money(found.budget_minor, unit),
            missing=i18n.money(found.missing_minor, unit),
            floor=i18n.money(found.floor_that_fits_minor, unit),
        )
    )
