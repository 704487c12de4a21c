"""What the services of providers keep, on both engines."""

from collections.abc import Callable
from datetime import datetime, timedelta

import factories
import pytest
from factories_providers import actor_of, evidence, make_provider
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.db import read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.policy import Actor
from app.providers import applying, assessing, devices, queries, service
from app.providers.criteria import Point, State
from app.providers.models import AccreditationRow, Judgement, Side


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


def test_a_suspension_stops_new_redemptions_at_once_and_can_be_lifted(noon: datetime) -> None:
    _provider, row = make_provider()
    officer = clerk()

    run_tx(lambda s: assessing.suspend(s, officer, row.id, "Insurance ran out."))
    assert not accredited(row, noon)
    assert accredited(row, noon - timedelta(days=1)), "what was redeemed before stays good"
    run_tx(lambda s: assessing.lift(s, officer, row.id, "Insured again."))

    assert accredited(row, noon)
    with pytest.raises(service.MovedOnError):
        run_tx(lambda s: assessing.lift(s, officer, row.id, "Twice."))


def test_what_is_over_takes_no_vouchers(noon: datetime) -> None:
    _provider, row = make_provider()
    officer = clerk()
    last = datetime.combine(stored(row).valid_to, noon.time())
    assert accredited(row, last)
    assert not accredited(row, last + timedelta(days=1))

    run_tx(lambda s: assessing.end(s, officer, row.id, "At its own wish."))

    assert accredited(row, noon)
    assert not accredited(row, noon + timedelta(days=1))


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


def test_a_provider_has_one_party_in_the_ledger(noon: datetime) -> None:
    provider, _row = make_provider()

    first = run_tx(lambda s: service.party_of(s, provider.id))
    again = run_tx(lambda s: service.party_of(s, provider.id))

    assert first == again
