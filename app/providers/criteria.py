"""What an organisation has to show before it may take vouchers, and what follows when. Pure.

Source: the specification of vouchers, section 7, after Restakis, Public Policy for a Social
Knowledge Economy: user control is a condition of public money, for every type of organisation.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CONTROL_MONTHS_MAX = 12
DECLARATION_MONTHS_MAX = 12
ACCREDITATION_MONTHS = 24
REMINDER_DAYS = (90, 60, 30)
RUN_OFF_DAYS = 30
IBAN_WAIT_DAYS = 7
ANSWER_DAYS_MAX = 60
"""A complaint that waits longer than this has no route."""


class OrganisationType(StrEnum):
    COOPERATIVE = "cooperative"
    SOCIAL_COOPERATIVE = "social_cooperative"
    ASSOCIATION = "association"
    FOUNDATION = "foundation"
    MUTUAL = "mutual"
    CONSORTIUM = "consortium"
    MUNICIPAL_UNIT = "municipal_unit"
    COMPANY = "company"


class Point(StrEnum):
    """The evidence that an application carries."""

    USER_CONTROL = "user-control"  # E1
    BOARD = "board"  # E2
    RESERVE = "reserve"  # E3
    OPEN_BOOKS = "open-books"  # E4
    COMPLAINTS = "complaints"  # E5
    LICENCES = "licences"  # E6
    TARIFFS = "tariffs"  # E7
    BANK = "bank"  # E8


class ControlForm(StrEnum):
    """How users control an organisation; one form in use is enough."""

    BOARD_SEATS = "board_seats"
    ASSEMBLY = "assembly"
    COMMITTEE = "committee"


class Fault(StrEnum):
    """Why a point is not met; `point_words` has the sentences."""

    MISSING = "missing"
    FUTURE = "future"
    TOO_OLD = "too_old"
    BEFORE_PROVISION = "before_provision"
    IMPOSSIBLE_COUNT = "impossible_count"
    USERS_NO_MAJORITY = "users_no_majority"
    TOO_MANY_OUTSIDERS = "too_many_outsiders"
    TOO_SLOW = "too_slow"


@dataclass(frozen=True)
class Met:
    """The point is met as far as its figures and dates tell; staff still read the evidence."""


@dataclass(frozen=True)
class Unmet:
    why: Fault


Finding = Met | Unmet


class State(StrEnum):
    """Where an accreditation stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    MORE_INFORMATION = "more_information"
    RECOMMENDED = "recommended"
    ACCREDITED = "accredited"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    ENDED = "ended"
    EXPIRED = "expired"


_STEPS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.IN_REVIEW}),
    State.IN_REVIEW: frozenset({State.MORE_INFORMATION, State.RECOMMENDED}),
    State.MORE_INFORMATION: frozenset({State.IN_REVIEW}),
    State.RECOMMENDED: frozenset({State.ACCREDITED, State.REFUSED}),
    State.ACCREDITED: frozenset({State.SUSPENDED, State.ENDED, State.EXPIRED}),
    State.SUSPENDED: frozenset({State.ACCREDITED, State.ENDED, State.EXPIRED}),
    State.REFUSED: frozenset(),
    State.ENDED: frozenset(),
    State.EXPIRED: frozenset(),
}

EDITABLE = frozenset({State.DRAFT, State.MORE_INFORMATION})
"""The applicant can change what it says."""
UNDER_WAY = frozenset(
    {
        State.DRAFT,
        State.SUBMITTED,
        State.IN_REVIEW,
        State.MORE_INFORMATION,
        State.RECOMMENDED,
    }
)
GRANTED = frozenset({State.ACCREDITED, State.SUSPENDED})
"""Decided in favour and not over by an act; dates may say otherwise, see `state_on`."""


def can_become(old: str, new: str) -> bool:
    """Say whether an accreditation may pass from one state to another.

    >>> can_become("recommended", "accredited"), can_become("draft", "accredited")
    (True, False)
    """
    return State(new) in _STEPS[State(old)]


@dataclass(frozen=True)
class Control:
    """A provision by which users control the organisation, and the last proof of its use."""

    form: ControlForm
    clause: str
    """Where it stands in the statutes or bylaws."""
    in_force_on: date | None
    minutes_on: date | None
    """The day of the newest election, assembly or committee meeting with minutes."""


def user_control(control: Control | None, today: date) -> Finding:
    """E1: a provision in force, used within the last 12 months. No type is exempt.

    >>> clause = Control(ControlForm.ASSEMBLY, "Art. 12", date(2020, 1, 1), date(2026, 3, 18))
    >>> user_control(clause, date(2027, 3, 17)), user_control(clause, date(2027, 3, 18))
    (Met(), Unmet(why=<Fault.TOO_OLD: 'too_old'>))
    """
    if (
        control is None
        or not control.clause
        or control.in_force_on is None
        or control.minutes_on is None
    ):
        return Unmet(Fault.MISSING)
    if control.minutes_on > today or control.in_force_on > today:
        return Unmet(Fault.FUTURE)
    if control.minutes_on < control.in_force_on:
        return Unmet(Fault.BEFORE_PROVISION)
    if add_months(control.minutes_on, CONTROL_MONTHS_MAX) <= today:
        return Unmet(Fault.TOO_OLD)
    return Met()


@dataclass(frozen=True)
class Board:
    """Who sits on a board, counted. A government designate counts as a non-member."""

    total: int
    user_members: int
    """Directors from members who use the services."""
    non_members: int


def board(counted: Board | None, kind: str) -> Finding:
    """E2: who sits on the board; in a consortium users hold the majority, outsiders 20 % at most.

    >>> board(Board(total=10, user_members=6, non_members=2), "consortium")
    Met()
    >>> board(Board(total=10, user_members=5, non_members=2), "consortium")
    Unmet(why=<Fault.USERS_NO_MAJORITY: 'users_no_majority'>)
    >>> board(Board(total=9, user_members=5, non_members=2), "consortium")
    Unmet(why=<Fault.TOO_MANY_OUTSIDERS: 'too_many_outsiders'>)
    """
    if counted is None:
        return Unmet(Fault.MISSING)
    parts = (counted.user_members, counted.non_members)
    if counted.total <= 0 or min(parts) < 0 or sum(parts) > counted.total:
        return Unmet(Fault.IMPOSSIBLE_COUNT)
    if OrganisationType(kind) is not OrganisationType.CONSORTIUM:
        return Met()
    if 2 * counted.user_members <= counted.total:
        return Unmet(Fault.USERS_NO_MAJORITY)
    if 5 * counted.non_members > counted.total:
        return Unmet(Fault.TOO_MANY_OUTSIDERS)
    return Met()


def declaration(signed_on: date | None, today: date) -> Finding:
    """E3 and E4: a declaration of the last 12 months (indivisible reserve; open books, metrics).

    >>> declaration(date(2026, 3, 17), date(2027, 3, 17))
    Unmet(why=<Fault.TOO_OLD: 'too_old'>)
    """
    if signed_on is None:
        return Unmet(Fault.MISSING)
    if signed_on > today:
        return Unmet(Fault.FUTURE)
    if add_months(signed_on, DECLARATION_MONTHS_MAX) <= today:
        return Unmet(Fault.TOO_OLD)
    return Met()


def complaints(route: str, answer_days: int | None, outside_body: str) -> Finding:
    """E5: where to complain, in how many days an answer comes, and who outside hears it next.

    >>> complaints("Write to the board.", 61, "Ombudsman of the region")
    Unmet(why=<Fault.TOO_SLOW: 'too_slow'>)
    """
    if not route or not outside_body or answer_days is None or answer_days <= 0:
        return Unmet(Fault.MISSING)
    return Unmet(Fault.TOO_SLOW) if answer_days > ANSWER_DAYS_MAX else Met()


def covers(services: Iterable[str], priced: Iterable[str]) -> Finding:
    """E7: every service applied for has a tariff, the same for all residents.

    >>> covers({"home-care", "childcare"}, {"home-care"})
    Unmet(why=<Fault.MISSING: 'missing'>)
    """
    wanted = set(services)
    return Met() if wanted and wanted <= set(priced) else Unmet(Fault.MISSING)


def present(*values: object) -> Finding:
    """E6 and E8: given at all; what is in it, staff read (and forms have checked the IBAN).

    >>> present("policy 7", ""), present("policy 7")
    (Unmet(why=<Fault.MISSING: 'missing'>), Met())
    """
    return Met() if all(values) else Unmet(Fault.MISSING)


def add_months(day: date, months: int) -> date:
    """Return the same day that many months later; the last of the month where there is none.

    >>> add_months(date(2028, 2, 29), 12), add_months(date(2027, 8, 31), 6)
    (datetime.date(2029, 2, 28), datetime.date(2028, 2, 29))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def valid_until(valid_from: date, months: int = ACCREDITATION_MONTHS) -> date:
    """Return the last day of an accreditation.

    >>> valid_until(date(2027, 3, 17))
    datetime.date(2029, 3, 16)
    """
    return add_months(valid_from, months) - timedelta(days=1)


def reminder(valid_to: date, today: date) -> int | None:
    """Return the reminder that is in force (90, 60 or 30 days); None before the first.

    >>> [reminder(date(2029, 3, 16), date(2028, 12, day)) for day in (15, 16)]
    [None, 90]
    >>> reminder(date(2029, 3, 16), date(2029, 3, 10))
    30
    """
    left = (valid_to - today).days
    return min((days for days in REMINDER_DAYS if left <= days), default=None)


def run_off_until(ended_on: date) -> date:
    """Return the last day on which visits booked before an orderly end are still paid.

    >>> run_off_until(date(2029, 3, 16))
    datetime.date(2029, 4, 15)
    """
    return ended_on + timedelta(days=RUN_OFF_DAYS)


def state_on(state: str, valid_to: date | None, today: date) -> State:
    """Return the state that counts today: past its last day an accreditation has expired.

    >>> state_on("accredited", date(2029, 3, 16), date(2029, 3, 17))
    <State.EXPIRED: 'expired'>
    """
    over = valid_to is not None and today > valid_to
    return State.EXPIRED if over and State(state) in GRANTED else State(state)
