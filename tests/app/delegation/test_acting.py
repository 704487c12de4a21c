"""Acting for a holder, on both engines: only with the power, only until the end, always noted."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import factories
import pytest
from factories_delegation import Pair, as_actor, holder_of, make_delegation, make_pair
from factories_providers import make_provider
from factories_rounds import at_once
from factories_vouchers import left_minor, make_till, make_voucher, pay
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, update

from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.delegation import acting, doing, naming, staffing
from app.delegation.models import DelegateUseRow, DelegationRow
from app.delegation.rules import Power, Use
from app.delegation.service import NotEntrustedError
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.jobs import mail
from app.providers import applying
from app.providers.criteria import State as ProviderState
from app.vouchers.paying import Till
from app.vouchers.rules import Outcome


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def ask(pair: Pair, till: Till | None = None) -> uuid.UUID:
    answer = pay(till or make_till(name="Casa Azul"), pair.held.charge(3_000, digits=""))
    return uuid.UUID(json.loads(answer.body)["redemption_id"])


def answer(pair: Pair, request: uuid.UUID, *, pay: bool = True) -> Outcome:
    actor = as_actor(pair.delegate)
    return run_tx(lambda s: doing.answer(s, actor, pair.id, pair.held.id, request, pay=pay))


def revoke(pair: Pair) -> None:
    run_tx(lambda session: naming.revoke(session, as_actor(pair.holder), pair.id))


def used(pair: Pair) -> list[DelegateUseRow]:
    query = select(DelegateUseRow).where(DelegateUseRow.delegation_id == pair.id)
    return list(read_tx(lambda session: session.exec(query).all()))


def test_a_delegate_pays_for_the_holder_and_the_use_is_written_down() -> None:
    pair = make_pair(Power.CONFIRM)

    assert answer(pair, ask(pair)) is Outcome.ACCEPTED

    assert left_minor(pair.held) == 7_000
    [use] = used(pair)
    assert (use.what, use.account_id, use.amount_minor) == (Use.PAID, pair.delegate.id, 3_000)
    assert use.about == "Casa Azul"


def test_answering_a_payment_again_is_no_second_use() -> None:
    pair = make_pair(Power.CONFIRM)
    request = ask(pair)
    answer(pair, request, pay=False)

    assert answer(pair, request) is Outcome.DECLINED

    assert [use.what for use in used(pair)] == [Use.REFUSED]
    assert left_minor(pair.held) == 10_000


def test_each_act_needs_its_power() -> None:
    pair = make_pair(Power.SEE_BALANCE)
    request, actor = ask(pair), as_actor(pair.delegate)

    with pytest.raises(NotEntrustedError):
        answer(pair, request)
    with pytest.raises(NotEntrustedError):
        run_tx(lambda session: doing.codes(session, actor, pair.id, pair.held.id))

    assert (left_minor(pair.held), used(pair)) == (10_000, [])


def test_each_look_at_the_code_is_noted_and_a_look_at_the_page_once(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    pair = make_pair(Power.SHOW_CODE)
    actor = as_actor(pair.delegate)

    for minutes in (0, 1):
        at(noon + timedelta(minutes=minutes))
        shown = run_tx(lambda session: doing.codes(session, actor, pair.id, pair.held.id))[2]
        run_tx(lambda session: acting.look(session, actor, pair.id, pair.held.id))

    assert shown is not None
    assert shown.code == pair.held.code
    assert sorted(use.what for use in used(pair)) == [Use.LOOKED, Use.SAW_CODE, Use.SAW_CODE]


def test_after_the_end_nothing_is_paid_though_the_page_was_open() -> None:
    pair = make_pair(Power.CONFIRM)
    request = ask(pair)
    revoke(pair)

    with pytest.raises(NotEntrustedError):
        answer(pair, request)

    assert (left_minor(pair.held), used(pair)) == (10_000, [])


def test_whoever_ends_a_delegation_can_rely_on_it_from_then_on(app: Flask) -> None:
    pair = make_pair(Power.CONFIRM)
    requests = [ask(pair) for _ in range(3)]

    def pay_one(request: uuid.UUID) -> Callable[[], object]:
        return lambda: answer_anew(app, pair, request)

    at_once(app, *(pay_one(one) for one in requests), lambda: revoke_anew(app, pair))

    row = read_tx(lambda session: session.get_one(DelegationRow, pair.id))
    assert row.revoked_at is not None
    paid = [use for use in used(pair) if use.what == Use.PAID]
    assert left_minor(pair.held) == 10_000 - 3_000 * len(paid)
    with pytest.raises(NotEntrustedError):
        answer(pair, ask(pair))


def answer_anew(app: Flask, pair: Pair, request: uuid.UUID) -> object:
    with app.test_request_context():
        return answer(pair, request)


def revoke_anew(app: Flask, pair: Pair) -> None:
    with app.test_request_context():
        revoke(pair)


def test_on_the_day_after_the_last_nothing_is_allowed(
    at: Callable[[datetime], None], noon: datetime
) -> None:
    pair = make_pair(Power.SEE_BALANCE)
    actor = as_actor(pair.delegate)
    last = (noon + timedelta(days=2)).date()
    run_tx(lambda session: naming.set_end(session, as_actor(pair.holder), pair.id, last))

    at(noon + timedelta(days=2))
    run_tx(lambda session: acting.look(session, actor, pair.id, pair.held.id))
    at(noon + timedelta(days=3))
    with pytest.raises(NotEntrustedError):
        run_tx(lambda session: acting.look(session, actor, pair.id, pair.held.id))


def test_a_carer_does_not_confirm_what_the_own_organisation_asks_for() -> None:
    pair = make_pair(Power.CONFIRM)
    provider, _ = make_provider(manager=pair.delegate)
    request = ask(pair, Till(provider.id, uuid.uuid4(), "device/1"))

    with pytest.raises(ForbiddenError, match="your own organisation"):
        answer(pair, request)

    assert left_minor(pair.held) == 10_000


def test_a_delegate_reaches_no_other_residents_voucher() -> None:
    pair, other = make_pair(*Power), make_voucher(5_000)
    actor = as_actor(pair.delegate)

    with pytest.raises(NotFoundError):
        run_tx(lambda session: doing.codes(session, actor, pair.id, other.id))


def test_a_stranger_hears_of_a_delegation_as_of_none() -> None:
    pair, stranger = make_pair(*Power), as_actor(factories.make_account())
    heard = set()
    for wanted in (pair.id, uuid.uuid4()):
        with pytest.raises(NotFoundError) as refused:
            run_tx(lambda s, one=wanted: acting.look(s, stranger, one, pair.held.id))
        heard.add(str(refused.value))

    assert len(heard) == 1


def test_a_code_is_accepted_once_and_by_nobody_for_themselves() -> None:
    holder, rosa = holder_of(make_voucher(10_000)), factories.make_account()
    made = make_delegation(holder, Power.SEE_BALANCE)
    code = run_tx(lambda session: naming.make_own_code(session, as_actor(holder), made))

    with pytest.raises(ConflictError, match="your own invitation"):
        naming.accept(as_actor(holder), code)
    assert naming.accept(as_actor(rosa), code.lower()) == made
    with pytest.raises(InvalidError, match="does not work"):
        naming.accept(as_actor(factories.make_account()), code)


def test_who_signed_at_the_desk_for_a_delegation_does_not_become_the_delegate() -> None:
    holder = holder_of(make_voucher(10_000))
    first, second = factories.make_account(), factories.make_account()
    made = make_delegation(holder, Power.SHOW_CODE)
    signed = {"prepared_by": first.id, "confirmed_by": second.id}
    run_tx(lambda s: s.exec(update(DelegationRow).values(**signed)))
    code = run_tx(lambda s: naming.make_own_code(s, as_actor(holder), made))

    for one in (first, second):
        with pytest.raises(ForbiddenError, match="signed for this at the desk"):
            naming.accept(as_actor(one), code)


def test_the_resident_hears_who_accepted_and_an_organisation_that_somebody_named_it() -> None:
    manager = factories.make_account()
    provider, _ = make_provider(manager=manager)
    pair = make_pair()
    make_delegation(pair.holder, provider_id=provider.id)

    mails = {one.recipient: one.body for one in read_tx(lambda s: mail.newest(s, 9))}

    assert "Rosa has accepted to act for you" in mails[pair.holder.email or ""]
    assert "Carmen" not in mails[manager.email or ""]


def test_of_two_who_type_a_code_at_once_one_becomes_the_delegate(app: Flask) -> None:
    holder = holder_of(make_voucher(10_000))
    made = make_delegation(holder, Power.SEE_BALANCE)
    code = run_tx(lambda session: naming.make_own_code(session, as_actor(holder), made))

    def type_it(account: AccountRow) -> Callable[[], object]:
        def run() -> object:
            with app.test_request_context():
                return naming.accept(as_actor(account), code)

        return run

    outcomes = at_once(app, *(type_it(factories.make_account()) for _ in range(2)))

    assert sorted(type(one).__name__ for one in outcomes) == ["InvalidError", "UUID"]


@pytest.mark.parametrize("late", [{"days": 8}, {}])
def test_an_old_code_and_one_that_a_new_one_replaced_work_no_more(
    at: Callable[[datetime], None], noon: datetime, late: dict[str, int]
) -> None:
    holder = holder_of(make_voucher(10_000))
    made = make_delegation(holder, Power.SEE_BALANCE)
    first, second = (
        run_tx(lambda session: naming.make_own_code(session, as_actor(holder), made))
        for _ in range(2)
    )
    at(noon + timedelta(**late))

    with pytest.raises(InvalidError, match="does not work"):
        naming.accept(as_actor(factories.make_account()), second if late else first)


def test_an_organisation_acts_only_through_workers_whom_its_manager_names() -> None:
    held, manager, worker = make_voucher(10_000), factories.make_account(), factories.make_account()
    holder = holder_of(held)
    provider, _ = make_provider(manager=manager)
    made = make_delegation(holder, provider_id=provider.id)

    def look(account: AccountRow) -> object:
        return run_tx(lambda session: acting.look(session, as_actor(account), made, held.id))

    def name(by: AccountRow) -> None:
        run_tx(lambda session: staffing.name_worker(session, as_actor(by), made, worker.id))

    with pytest.raises(NotFoundError):
        look(manager)
    with pytest.raises(NotFoundError, match="does not work"):
        name(manager)
    run_tx(
        lambda session: applying.add_person(
            session, as_actor(manager), provider.id, email=worker.email or "", role="clerk"
        )
    )
    with pytest.raises(NotFoundError, match="no such entry"):
        name(worker)
    name(manager)
    look(worker)
    run_tx(
        lambda session: applying.remove_person(session, as_actor(manager), provider.id, worker.id)
    )
    with pytest.raises(NotEntrustedError):
        look(worker)


def test_an_organisation_that_lost_its_accreditation_cannot_be_named() -> None:
    holder = holder_of(make_voucher(10_000))
    provider, _ = make_provider(ProviderState.SUSPENDED)

    with pytest.raises(ConflictError, match="cannot act for residents"):
        make_delegation(holder, provider_id=provider.id)


def test_an_account_that_has_not_proven_who_it_is_names_nobody() -> None:
    with pytest.raises(ForbiddenError, match="Prove who you are"):
        make_delegation(factories.make_account())


def test_ten_may_act_at_a_time() -> None:
    holder = holder_of(make_voucher(10_000))
    made = [make_delegation(holder) for _ in range(10)]

    with pytest.raises(ConflictError, match="Ten may act"):
        make_delegation(holder)
    run_tx(lambda session: naming.revoke(session, as_actor(holder), made[0]))
    make_delegation(holder)


def test_who_lays_a_delegation_down_has_no_power_any_more() -> None:
    pair = make_pair(Power.SEE_BALANCE)
    actor = as_actor(pair.delegate)
    run_tx(lambda session: acting.lay_down(session, actor, pair.id))

    with pytest.raises(NotEntrustedError):
        run_tx(lambda session: acting.look(session, actor, pair.id, pair.held.id))


def test_what_was_done_cannot_be_rewritten() -> None:
    pair = make_pair(Power.CONFIRM)
    answer(pair, ask(pair))

    def rewrite(session: Session) -> None:
        session.exec(update(DelegateUseRow).values(amount_minor=1))

    with pytest.raises(DBAPIError, match="insert-only"):
        run_tx(rewrite)
