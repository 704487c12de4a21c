"""What accreditation asks for: each limit from both sides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.providers import criteria
from app.providers.criteria import Board, Control, ControlForm, Fault, Met, State, Unmet

TODAY = date(2027, 3, 17)
USED = Control(ControlForm.COMMITTEE, "Art. 9", date(2024, 5, 1), date(2027, 1, 10))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Met()),
        ({"clause": ""}, Unmet(Fault.MISSING)),
        ({"in_force_on": None}, Unmet(Fault.MISSING)),
        ({"minutes_on": None}, Unmet(Fault.MISSING)),
        ({"minutes_on": TODAY}, Met()),
        ({"minutes_on": TODAY + timedelta(days=1)}, Unmet(Fault.FUTURE)),
        ({"in_force_on": TODAY + timedelta(days=1)}, Unmet(Fault.FUTURE)),
        ({"minutes_on": date(2026, 3, 18)}, Met()),
        ({"minutes_on": date(2026, 3, 17)}, Unmet(Fault.TOO_OLD)),
        ({"in_force_on": date(2027, 1, 11)}, Unmet(Fault.BEFORE_PROVISION)),
    ],
)
def test_user_control_needs_a_provision_with_proof_of_use_in_the_last_year(
    change: dict[str, object], expected: object
) -> None:
    assert criteria.user_control(replace(USED, **change), TODAY) == expected


def test_no_organisation_is_exempt_from_user_control() -> None:
    assert criteria.user_control(None, TODAY) == Unmet(Fault.MISSING)


def test_the_board_of_a_consortium_is_checked_exactly_at_its_limits() -> None:
    """Against the two inequalities written as fractions, over every small board."""
    for total in range(1, 26):
        for users in range(total + 1):
            for outsiders in range(total - users + 1):
                found = criteria.board(Board(total, users, outsiders), "consortium")

                fits = users / total > 0.5 and round(outsiders / total, 9) <= 0.2
                assert (found == Met()) is fits, (total, users, outsiders)


def test_only_consortia_have_caps_on_the_board() -> None:
    nobody_of_the_users = Board(total=5, user_members=0, non_members=5)

    kinds = set(criteria.OrganisationType) - {criteria.OrganisationType.CONSORTIUM}

    assert {criteria.board(nobody_of_the_users, kind) for kind in kinds} == {Met()}


@pytest.mark.parametrize(
    "counted", [Board(0, 0, 0), Board(5, -1, 0), Board(5, 0, -1), Board(5, 4, 2)]
)
def test_a_board_that_cannot_be_is_not_a_board(counted: Board) -> None:
    assert criteria.board(counted, "association") == Unmet(Fault.IMPOSSIBLE_COUNT)


def test_a_complaint_route_needs_a_body_outside_and_a_limit_of_days() -> None:
    assert criteria.complaints("Call us", 60, "Ombudsman") == Met()
    for route, days, outside in (("", 9, "O"), ("R", None, "O"), ("R", 0, "O"), ("R", 9, "")):
        assert criteria.complaints(route, days, outside) == Unmet(Fault.MISSING)


def test_declarations_are_renewed_every_year() -> None:
    assert criteria.declaration(date(2026, 3, 18), TODAY) == Met()
    assert criteria.declaration(TODAY + timedelta(days=1), TODAY) == Unmet(Fault.FUTURE)
    assert criteria.declaration(None, TODAY) == Unmet(Fault.MISSING)


def test_without_any_service_there_is_nothing_to_price() -> None:
    assert criteria.covers(set(), {"childcare"}) == Unmet(Fault.MISSING)
    assert criteria.covers({"childcare"}, {"childcare", "home-care"}) == Met()


def test_an_accreditation_passes_only_from_state_to_state_as_specified() -> None:
    allowed = {
        (old.value, new.value) for old in State for new in State if criteria.can_become(old, new)
    }

    assert allowed == {
        ("draft", "submitted"),
        ("submitted", "in_review"),
        ("in_review", "more_information"),
        ("more_information", "in_review"),
        ("in_review", "recommended"),
        ("recommended", "accredited"),
        ("recommended", "refused"),
        ("accredited", "suspended"),
        ("suspended", "accredited"),
        ("accredited", "ended"),
        ("suspended", "ended"),
        ("accredited", "expired"),
        ("suspended", "expired"),
    }


def test_reminders_follow_one_another_at_90_60_and_30_days() -> None:
    last = date(2029, 3, 16)
    shown = [criteria.reminder(last, last - timedelta(days=d)) for d in (91, 90, 61, 60, 31, 30, 0)]

    assert shown == [None, 90, 90, 60, 60, 30, 30]


def test_the_last_day_still_counts() -> None:
    last = date(2029, 3, 16)

    assert criteria.state_on("suspended", last, last) == State.SUSPENDED
    assert criteria.state_on("suspended", last, last + timedelta(days=1)) == State.EXPIRED
    assert criteria.state_on("ended", last, last + timedelta(days=1)) == State.ENDED
