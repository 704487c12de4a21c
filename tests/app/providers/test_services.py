"""What the services of providers keep, on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

import factories
import pytest
from factories_providers import IBAN, actor_of, evidence, make_provider
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.jobs import mail
from app.policy import ROUND_OFFICER, Actor
from app.providers import (
    applying,
    assessing,
    banks,
    devices,
    nights,
    queries,
    service,
    standing,
)
from app.providers.criteria import Point, State
from app.providers.models import (
    AccreditationRow,
    Judgement,
    ProviderBankRow,
    ProviderRow,
    Side,
)

OTHER_IBAN = "DE89370400440532013000"


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> object:
    with app.test_request_context():
        yield


def clerk() -> Actor:
    return actor_of(factories.make_account("clerk"), "clerk")


def member(side: Side) -> Actor:
    account = factories.make_account("reviewer")
    named_by = clerk()
    run_tx(lambda s: assessing.name_member(s, named_by, account.email, side))
    return actor_of(account, "reviewer")


def stored(row: AccreditationRow) -> AccreditationRow:
    return read_tx(lambda s: s.get_one(AccreditationRow, row.id))


def accredited(row: AccreditationRow, on: datetime, service_: str = "home-care") -> bool:
    return read_tx(lambda s: service.is_accredited(s, row.provider_id, service_, on.date()))


def test_from_draft_to_accreditation_by_four_people(noon: datetime) -> None:
    account = factories.make_account()
    manager, assessor, decider = actor_of(account), clerk(), clerk()
    civil, government = member(Side.CIVIL), member(Side.GOVERNMENT)
    provider, row = make_provider(State.DRAFT, manager=account, judged=False)

    run_tx(lambda s: applying.submit(s, manager, provider.id))
    run_tx(lambda s: assessing.take(s, assessor, row.id))
    run_tx(lambda s: assessing.ask(s, assessor, row.id, "Which assembly?"))
    run_tx(lambda s: applying.submit(s, manager, provider.id, "The one in February."))
    for point in Point:
        run_tx(
            lambda s, one=point: assessing.judge(
                s, assessor, row.id, one, judgement=Judgement.MET, text=""
            )
        )
    run_tx(lambda s: assessing.recommend(s, assessor, row.id, granted=True, text="All met."))
    run_tx(lambda s: assessing.decide(s, decider, row.id, granted=True, reason="All is in order."))
    run_tx(lambda s: assessing.confirm(s, civil, row.id))
    assert stored(row).state == State.RECOMMENDED, "one side alone grants nothing"
    run_tx(lambda s: assessing.confirm(s, government, row.id))

    found = stored(row)
    assert (found.state, str(found.valid_from), str(found.valid_to)) == (
        "accredited",
        "2027-03-17",
        "2029-03-16",
    )
    assert accredited(row, noon)
    assert not accredited(row, noon, "childcare")
    assert not accredited(row, noon - timedelta(days=1))
    bank = read_tx(lambda s: assessing.bank(s, provider.id))
    assert (bank.iban, bank.effective_at) == (evidence(noon.date())[Point.BANK]["iban"], noon)
    said = [one.text for one in read_tx(lambda s: queries.events(s, row.id))]
    assert said == ["", "", "Which assembly?", "The one in February.", "", "All is in order."]


def test_a_changed_bank_waits_seven_days(noon: datetime, at: Callable[[datetime], None]) -> None:
    account = factories.make_account()
    provider, _old = make_provider(manager=account)
    civil, government = member(Side.CIVIL), member(Side.GOVERNMENT)
    assessor, decider, manager = clerk(), clerk(), actor_of(account)
    row = run_tx(lambda s: applying.renew(s, manager, provider.id))
    changed = evidence(noon.date())[Point.BANK] | {"iban": "DE89370400440532013000"}
    run_tx(lambda s: applying.answer(s, manager, provider.id, Point.BANK, changed))
    run_tx(lambda s: applying.submit(s, manager, provider.id))
    run_tx(lambda s: assessing.take(s, assessor, row.id))
    for point in Point:
        run_tx(
            lambda s, one=point: assessing.judge(
                s, assessor, row.id, one, judgement=Judgement.MET, text=""
            )
        )
    run_tx(lambda s: assessing.recommend(s, assessor, row.id, granted=True, text=""))
    run_tx(lambda s: assessing.decide(s, decider, row.id, granted=True, reason="Renewed."))
    run_tx(lambda s: assessing.confirm(s, civil, row.id))
    run_tx(lambda s: assessing.confirm(s, government, row.id))

    def iban() -> str:
        return str(read_tx(lambda s: assessing.bank(s, provider.id)).iban)

    at(noon + timedelta(days=6))
    assert iban().startswith("ES")
    at(noon + timedelta(days=7))
    assert iban().startswith("DE")
    assert accredited(row, noon)
    assert len(read_tx(lambda s: queries.register(s, noon.date()))) == 1


def test_whoever_assessed_does_not_decide_and_the_database_holds_it_too(noon: datetime) -> None:
    _provider, row = make_provider(State.RECOMMENDED)
    assessor = Actor(stored(row).assessed_by, "", frozenset({"clerk"}), "full", noon)

    with pytest.raises(ForbiddenError, match="assessed this application yourself"):
        run_tx(lambda s: assessing.decide(s, assessor, row.id, granted=False, reason="x"))

    def by_hand(session: Session) -> None:
        found = session.get_one(AccreditationRow, row.id)
        found.decided_by = found.assessed_by
        session.add(found)

    with pytest.raises(IntegrityError, match="two_people"):
        run_tx(by_hand)


def test_nobody_confirms_for_both_sides_or_what_they_decided(noon: datetime) -> None:
    _provider, row = make_provider(State.RECOMMENDED)
    civil, outsider = member(Side.CIVIL), clerk()
    run_tx(lambda s: assessing.decide(s, civil, row.id, granted=True, reason="x"))

    with pytest.raises(ForbiddenError, match="Another member"):
        run_tx(lambda s: assessing.confirm(s, civil, row.id))
    with pytest.raises(ForbiddenError, match="Only members"):
        run_tx(lambda s: assessing.confirm(s, outsider, row.id))


def test_who_belongs_to_the_applicant_has_no_part_in_the_decision(noon: datetime) -> None:
    account = factories.make_account("clerk")
    _provider, row = make_provider(State.SUBMITTED, manager=account)

    with pytest.raises(ForbiddenError, match="belong to this organisation"):
        run_tx(lambda s: assessing.take(s, actor_of(account, "clerk"), row.id))


def test_nothing_is_granted_while_a_point_is_open(noon: datetime) -> None:
    _provider, row = make_provider(State.IN_REVIEW, judged=False)
    assessor = Actor(stored(row).assessed_by, "", frozenset({"clerk"}), "full", noon)

    with pytest.raises(ConflictError, match="Not every point is met"):
        run_tx(lambda s: assessing.recommend(s, assessor, row.id, granted=True, text=""))
    run_tx(lambda s: assessing.recommend(s, assessor, row.id, granted=False, text="No."))

    assert stored(row).state == State.RECOMMENDED


def test_an_application_with_old_minutes_is_not_sent(noon: datetime) -> None:
    account = factories.make_account()
    provider, row = make_provider(State.DRAFT, manager=account)
    old = evidence(noon.date())[Point.USER_CONTROL] | {"minutes_on": "2026-03-17"}
    manager = actor_of(account)
    run_tx(lambda s: applying.answer(s, manager, provider.id, Point.USER_CONTROL, old))

    with pytest.raises(InvalidError, match="not met yet"):
        run_tx(lambda s: applying.submit(s, manager, provider.id))

    assert stored(row).state == State.DRAFT


def act(act: str, row: AccreditationRow, reason: str) -> None:
    """Two people agree to an act of `standing`."""
    first, second = clerk(), clerk()
    approval = run_tx(lambda s: standing.propose(s, first, act, row.id, reason))
    run_tx(lambda s: approvals.approve(s, second, approval.id))


def test_two_people_suspend_and_lift_and_the_days_in_between_stay_on_record(
    noon: datetime, at: Callable[[datetime], None]
) -> None:
    _provider, row = make_provider()
    first = clerk()
    approval = run_tx(lambda s: standing.propose(s, first, standing.SUSPEND, row.id, "No papers."))
    assert accredited(row, noon), "nothing happens before the second person agrees"
    with pytest.raises(ForbiddenError, match="proposed this yourself"):
        run_tx(lambda s: approvals.approve(s, first, approval.id))
    second = clerk()
    run_tx(lambda s: approvals.approve(s, second, approval.id))
    assert not accredited(row, noon)
    assert accredited(row, noon - timedelta(days=1)), "what was redeemed before stays good"

    at(noon + timedelta(days=3))
    act(standing.LIFT, row, "Insured again.")

    days = [accredited(row, noon + timedelta(days=number)) for number in range(-1, 4)]
    assert days == [True, False, False, False, True]
    with pytest.raises(service.MovedOnError):
        act(standing.LIFT, row, "Twice.")


def test_who_belongs_to_an_organisation_neither_suspends_nor_lifts_it(noon: datetime) -> None:
    account = factories.make_account("clerk")
    _provider, row = make_provider(manager=account)

    with pytest.raises(ForbiddenError, match="You belong to this organisation"):
        run_tx(lambda s: standing.propose(s, actor_of(account, "clerk"), standing.END, row.id, "x"))


def test_what_is_over_takes_no_vouchers(noon: datetime) -> None:
    _provider, row = make_provider()
    last = datetime.combine(stored(row).valid_to, noon.time())
    assert accredited(row, last)
    assert not accredited(row, last + timedelta(days=1))

    act(standing.END, row, "At its own wish.")

    assert accredited(row, noon)
    assert not accredited(row, noon + timedelta(days=1))


def test_managers_are_reminded_once_each_at_90_60_and_30_days_and_told_of_the_end(
    noon: datetime, at: Callable[[datetime], None]
) -> None:
    _provider, row = make_provider()
    last = stored(row).valid_to
    sent = []
    for before in (91, 90, 89, 60, 30, 29, 0, -1, -2):
        day = last - timedelta(days=before)
        at(datetime.combine(day, noon.time(), noon.tzinfo))
        run_tx(lambda s, day=day: nights.remind_some(s, day) + nights.expire_some(s, day))
        sent.append(len(read_tx(lambda s: mail.newest(s, 9))))

    assert sent == [0, 1, 1, 2, 3, 3, 3, 4, 4]
    assert stored(row).state == State.EXPIRED
    assert accredited(row, datetime.combine(last, noon.time()))
    assert not accredited(row, datetime.combine(last + timedelta(days=1), noon.time()))


def bank_of(provider: ProviderRow) -> str | None:
    row = read_tx(lambda s: assessing.bank(s, provider.id))
    return row.iban if row else None


def ask_for(manager: Actor, provider: ProviderRow, noon: datetime) -> ProviderBankRow:
    new = evidence(noon.date())[Point.BANK] | {"iban": OTHER_IBAN}
    run_tx(lambda s: banks.ask(s, manager, provider.id, new))
    found = read_tx(lambda s: banks.waiting(s, provider.id))
    assert found is not None
    return found


def test_another_account_is_confirmed_by_a_second_person_and_counts_after_seven_days(
    noon: datetime, at: Callable[[datetime], None]
) -> None:
    account = factories.make_account()
    manager, staff = actor_of(account), clerk()
    provider, _row = make_provider(manager=account)
    asked = ask_for(manager, provider, noon)
    with pytest.raises(ConflictError, match="under way already"):
        ask_for(manager, provider, noon)
    with pytest.raises(ForbiddenError, match="You belong to this organisation"):
        run_tx(lambda s: banks.confirm(s, manager, asked.id))
    run_tx(lambda s: banks.confirm(s, staff, asked.id))

    found = []
    for days in (0, 6, 7):
        at(noon + timedelta(days=days))
        found.append(bank_of(provider))

    assert found == [IBAN, IBAN, OTHER_IBAN]
    with pytest.raises(ConflictError, match="counts already"):
        run_tx(lambda s: banks.stop(s, manager, asked.id, by_staff=False))


def test_a_change_that_is_stopped_in_time_never_counts(
    noon: datetime, at: Callable[[datetime], None]
) -> None:
    account = factories.make_account()
    manager, staff = actor_of(account), clerk()
    provider, _row = make_provider(manager=account)
    asked = ask_for(manager, provider, noon)
    run_tx(lambda s: banks.confirm(s, staff, asked.id))

    run_tx(lambda s: banks.stop(s, manager, asked.id, by_staff=False))
    at(noon + timedelta(days=8))

    assert bank_of(provider) == IBAN
    with pytest.raises(ConflictError, match="stopped"):
        run_tx(lambda s: banks.confirm(s, staff, asked.id))


def test_a_device_is_known_by_its_token_until_it_is_withdrawn(noon: datetime) -> None:
    account = factories.make_account()
    provider, _row = make_provider(manager=account)
    manager, stranger = actor_of(account), actor_of(factories.make_account())

    device, token = run_tx(lambda s: devices.make(s, manager, provider.id, "Till 1"))
    assert read_tx(lambda s: devices.device_of(s, token)).id == device.id
    assert token not in device.token_hash
    for wrong in ("", token[:-1], token + "A", device.token_hash, "x" * 1000):
        assert read_tx(lambda s, one=wrong: devices.device_of(s, one)) is None
    with pytest.raises(NotFoundError):
        run_tx(lambda s: devices.revoke(s, stranger, provider.id, device.id))
    run_tx(lambda s: devices.revoke(s, manager, provider.id, device.id))

    assert read_tx(lambda s: devices.device_of(s, token)) is None


def test_the_last_manager_stays(noon: datetime) -> None:
    account, colleague = factories.make_account(), factories.make_account()
    provider, _row = make_provider(manager=account)
    manager = actor_of(account)
    add = lambda role: run_tx(  # noqa: E731
        lambda s: applying.add_person(s, manager, provider.id, email=colleague.email, role=role)
    )
    add("clerk")

    with pytest.raises(ConflictError, match="last manager"):
        run_tx(lambda s: applying.remove_person(s, manager, provider.id, account.id))
    with pytest.raises(ConflictError, match="last manager"):
        run_tx(
            lambda s: applying.add_person(
                s, manager, provider.id, email=account.email, role="clerk"
            )
        )
    add("manager")
    run_tx(lambda s: applying.remove_person(s, manager, provider.id, account.id))

    with pytest.raises(NotFoundError):
        run_tx(lambda s: applying.remove_person(s, manager, provider.id, colleague.id))


def test_nobody_of_the_staff_is_bound_to_an_organisation_that_they_decide_about(
    noon: datetime,
) -> None:
    account, assessor = factories.make_account(), factories.make_account(ROUND_OFFICER)
    provider, _row = make_provider(manager=account)
    manager = actor_of(account)

    with pytest.raises(InvalidError, match="works for the town"):
        run_tx(
            lambda s: applying.add_person(
                s, manager, provider.id, email=assessor.email, role="clerk"
            )
        )

    run_tx(lambda s: service.check_untied(s, actor_of(assessor), provider.id))


def test_a_provider_has_one_party_in_the_ledger(noon: datetime) -> None:
    provider, _row = make_provider()

    first = run_tx(lambda s: service.party_of(s, provider.id))
    again = run_tx(lambda s: service.party_of(s, provider.id))

    assert first == again
