"""The words for points, faults, states and what else a provider is made of."""

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app import i18n
from app.forms import percent
from app.programmes import words
from app.providers.criteria import ControlForm, Fault, OrganisationType, Point, State
from app.providers.models import Judgement, ProviderRole, Side, TariffUnit

POINTS = {
    Point.USER_CONTROL: lazy("How users control your organisation"),
    Point.BOARD: lazy("Who sits on the board"),
    Point.RESERVE: lazy("Indivisible reserve"),
    Point.OPEN_BOOKS: lazy("Open books and figures"),
    Point.COMPLAINTS: lazy("Where users complain"),
    Point.LICENCES: lazy("Licences, insurance and safeguarding"),
    Point.TARIFFS: lazy("Tariffs"),
    Point.BANK: lazy("Bank account and address"),
}
LEADS = {
    Point.USER_CONTROL: lazy(
        "No organisation is exempt: users must have a say that is used. One way is enough, with "
        "minutes less than 12 months old."
    ),
    Point.BOARD: lazy(
        "In a consortium, more than half must be members who use the services, and non-members "
        "may be one in five at most."
    ),
    Point.RESERVE: lazy(
        "You declare that part of each surplus goes into a reserve that is never shared out. "
        "The declaration is renewed every year."
    ),
    Point.OPEN_BOOKS: lazy(
        "You pledge to publish your accounts and the town’s figures on care. "
        "The pledge is renewed every year."
    ),
    Point.COMPLAINTS: lazy("This is published. An answer may take 60 days at most."),
    Point.LICENCES: lazy("Name the papers and add copies of them as files."),
    Point.TARIFFS: lazy("Every service needs a tariff, the same for all residents."),
    Point.BANK: lazy("Only staff of the town see this. It is never public."),
}
FAULTS = {
    Fault.MISSING: lazy("Something is still missing here."),
    Fault.FUTURE: lazy("A date lies in the future. Enter the day on which it happened."),
    Fault.TOO_OLD: lazy("This is 12 months old or older. Show something newer."),
    Fault.BEFORE_PROVISION: lazy(
        "The minutes are older than the provision. Show minutes from after it came into force."
    ),
    Fault.IMPOSSIBLE_COUNT: lazy("These numbers cannot be. Count the board again."),
    Fault.USERS_NO_MAJORITY: lazy(
        "In a consortium, members who use the services must be more than half of the board."
    ),
    Fault.TOO_MANY_OUTSIDERS: lazy(
        "In a consortium, non-members may be one in five of the board at most."
    ),
    Fault.TOO_SLOW: lazy("An answer may take 60 days at most."),
}
STATES = {
    State.DRAFT: (lazy("Draft"), "quiet"),
    State.SUBMITTED: (lazy("Sent"), "waiting"),
    State.IN_REVIEW: (lazy("In review"), "waiting"),
    State.MORE_INFORMATION: (lazy("More information needed"), "open"),
    State.RECOMMENDED: (lazy("To be decided"), "waiting"),
    State.ACCREDITED: (lazy("Accredited"), "good"),
    State.REFUSED: (lazy("Refused"), "bad"),
    State.SUSPENDED: (lazy("Suspended"), "bad"),
    State.ENDED: (lazy("Ended"), "quiet"),
    State.EXPIRED: (lazy("Expired"), "quiet"),
}
JUDGEMENTS = {
    Judgement.OPEN: lazy("Not judged yet"),
    Judgement.MET: lazy("Met"),
    Judgement.UNMET: lazy("Not met"),
}
TYPES = {
    OrganisationType.COOPERATIVE: lazy("Co-operative"),
    OrganisationType.SOCIAL_COOPERATIVE: lazy("Social or multi-stakeholder co-operative"),
    OrganisationType.ASSOCIATION: lazy("Association"),
    OrganisationType.FOUNDATION: lazy("Foundation"),
    OrganisationType.MUTUAL: lazy("Mutual society"),
    OrganisationType.CONSORTIUM: lazy("Consortium"),
    OrganisationType.MUNICIPAL_UNIT: lazy("Municipal unit"),
    OrganisationType.COMPANY: lazy("Company"),
}
CONTROL = {
    ControlForm.BOARD_SEATS: lazy("Users elect members of the board"),
    ControlForm.ASSEMBLY: lazy("An assembly of users decides how services are designed"),
    ControlForm.COMMITTEE: lazy("A committee of users decides on tariffs and quality"),
}
SERVICES = {str(service): name for service, name in words.SERVICES.items()}
UNITS = {
    TariffUnit.HOUR: lazy("Hour"),
    TariffUnit.VISIT: lazy("Visit"),
    TariffUnit.DAY: lazy("Day"),
    TariffUnit.MONTH: lazy("Month"),
}
ROLES = {
    ProviderRole.CLERK: lazy("Clerk: takes vouchers"),
    ProviderRole.MANAGER: lazy("Manager: also runs these pages"),
}
SIDES = {Side.GOVERNMENT: lazy("Government"), Side.CIVIL: lazy("Civil society")}
ACCESS = {
    "step-free": lazy("Step-free entrance"),
    "sign-language": lazy("Sign language"),
    "easy-read": lazy("Easy-to-read texts"),
    "home-visits": lazy("Comes to your home"),
}
ANSWERS = {
    "form": lazy("How users control it"),
    "clause": lazy("Clause"),
    "in_force_on": lazy("In force since"),
    "minutes_on": lazy("Newest minutes"),
    "total": lazy("People on the board"),
    "user_members": lazy("Members who use the services"),
    "non_members": lazy("People who are not members"),
    "signed_on": lazy("Signed on"),
    "route": lazy("How users complain"),
    "answer_days": lazy("Days until an answer"),
    "outside_body": lazy("Body outside"),
    "licences": lazy("Licences"),
    "insurance": lazy("Insurance"),
    "guarding": lazy("Protection from harm"),
    "iban": lazy("IBAN"),
    "legal_name": lazy("Legal name"),
    "street_name": lazy("Street"),
    "building_number": lazy("House number"),
    "postcode": lazy("Postcode"),
    "town": lazy("Town"),
    "country": lazy("Country"),
}


def fee(basis_points: int) -> str:
    """Say which part of what an organisation takes the town keeps."""
    if not basis_points:
        return str(_("No fee"))
    return str(_("%(share)s %% of what it takes", share=percent.written(basis_points)))


def answer(value: object) -> object:
    """Write an answer as people read it: a form of control by its name, a day as a day.

    >>> answer("Policy 9"), answer(14)
    ('Policy 9', 14)
    """
    if value in CONTROL:
        return CONTROL[ControlForm(str(value))]
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return i18n.day(date.fromisoformat(value))
    return value
