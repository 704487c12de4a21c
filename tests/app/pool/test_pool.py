"""Giving to the shared pool and granting from it, on both engines."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

import factories
import pytest
from factories_delegation import as_actor, holder_of
from factories_rounds import at_once
from factories_vouchers import Held, left_minor, make_programme_row, make_voucher, put
from flask import Flask

from app.accounts import approvals
from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, InvalidError, UserFacingError
from app.policy import ROUND_OFFICER, Actor
from app.pool import asking, giving, granting, queries
from app.pool.models import PoolRequestRow
from app.pool.rules import Need, State
from app.programmes.models import ProgrammeRow
from app.vouchers.models import VoucherRow
from app.vouchers.rules import State as VoucherState


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def officer() -> Actor:
    return Actor(
        factories.make_account(ROUND_OFFICER).id, "Officer", frozenset({ROUND_OFFICER}), "full"
    )


def give(holder: AccountRow, held: Held, amount_minor: int, key: uuid.UUID | None = None) -> None:
    run_tx(
        lambda session: giving.give_own(
            session, as_actor(holder), held.id, amount_minor, key=key or uuid.uuid4()
        )
    )


def pool_of(programme_id: uuid.UUID) -> queries.Pool:
    return read_tx(lambda s: queries.pool(s, s.get_one(ProgrammeRow, programme_id)))


def programme_of(held: Held) -> uuid.UUID:
    return read_tx(lambda s: s.get_one(VoucherRow, held.id)).programme_id


def filled_pool(amount_minor: int) -> uuid.UUID:
    """A programme in whose pool somebody has put so much."""
    programme_id = make_programme_row()
    donor = make_voucher(amount_minor, programme_id=programme_id)
    give(holder_of(donor), donor, amount_minor)
    return programme_id


def ask(holder: AccountRow, held: Held, amount_minor: int) -> uuid.UUID:
    actor = as_actor(holder)
    row_id = run_tx(lambda session: asking.begin(session, actor, held.id)).id

    def say(session: object) -> None:
        asking.tell_need(session, actor, row_id, Need.ILLNESS)
        asking.tell_amount(session, actor, row_id, amount_minor)
        asking.tell_words(session, actor, row_id, "Back from hospital.")
        asking.send(session, actor, row_id)

    run_tx(say)
    return row_id


def propose(row_id: uuid.UUID, granted_minor: int, by: Actor | None = None) -> uuid.UUID:
    who = by or officer()

    def work(session: object) -> uuid.UUID:
        granting.propose(session, who, row_id, granted_minor=granted_minor, reason="It fits.")
        found = approvals.pending_for(session, granting.GRANT, str(row_id))
        return found.id

    return run_tx(work)


def approve(approval_id: uuid.UUID) -> object:
    who = officer()
    return run_tx(lambda session: approvals.approve(session, who, approval_id))


def stored(row_id: uuid.UUID) -> PoolRequestRow:
    return read_tx(lambda session: session.get_one(PoolRequestRow, row_id))


def test_what_a_holder_gives_is_in_the_pool_of_the_programme() -> None:
    held = make_voucher(10_000)
    give(holder_of(held), held, 2_000)

    pool = pool_of(programme_of(held))
    assert left_minor(held) == 8_000
    assert (pool.given_minor, pool.holds_minor) == (2_000, 2_000)


def test_the_same_page_sent_twice_gives_once_and_with_another_amount_nothing() -> None:
    held, key = make_voucher(10_000), uuid.uuid4()
    holder = holder_of(held)
    give(holder, held, 2_000, key)
    give(holder, held, 2_000, key)

    with pytest.raises(ConflictError, match="Another amount"):
        give(holder, held, 2_001, key)

    assert left_minor(held) == 8_000


def test_nobody_gives_more_than_is_left_or_from_a_voucher_not_in_use() -> None:
    held = make_voucher(10_000)
    holder = holder_of(held)

    with pytest.raises(InvalidError, match="Not enough is left"):
        give(holder, held, 10_001)
    put(held.id, state=VoucherState.BLOCKED)
    with pytest.raises(ConflictError, match="not in use"):
        give(holder, held, 1)

    assert left_minor(held) == 10_000


def test_two_officers_grant_what_was_asked_and_the_words_are_deleted() -> None:
    programme_id = filled_pool(5_000)
    held = make_voucher(10_000, programme_id=programme_id)
    row_id = ask(holder_of(held), held, 4_000)

    approve(propose(row_id, 4_000))

    row, pool = stored(row_id), pool_of(programme_id)
    assert left_minor(held) == 14_000
    assert (row.state, row.granted_minor, row.words) == (State.DECIDED, 4_000, "")
    assert row.decided_by != row.confirmed_by
    assert (pool.given_minor, pool.granted_minor, pool.holds_minor) == (5_000, 4_000, 1_000)


def test_one_officer_alone_grants_nothing() -> None:
    held = make_voucher(10_000, programme_id=filled_pool(5_000))
    row_id, who = ask(holder_of(held), held, 4_000), officer()
    waiting = propose(row_id, 4_000, who)

    with pytest.raises(ForbiddenError, match="second person"):
        run_tx(lambda session: approvals.approve(session, who, waiting))

    assert (left_minor(held), stored(row_id).state) == (10_000, State.SENT)


def test_more_than_was_asked_for_or_than_the_pool_holds_cannot_be_written_down() -> None:
    held = make_voucher(10_000, programme_id=filled_pool(5_000))
    holder = holder_of(held)
    row_id = ask(holder, held, 4_000)
    with pytest.raises(InvalidError, match="At most €40"):
        propose(row_id, 4_001)
    run_tx(lambda session: asking.withdraw(session, as_actor(holder), row_id))
    row_id = ask(holder, held, 9_000)
    with pytest.raises(InvalidError, match="At most €50"):
        propose(row_id, 5_001)


def test_two_grants_at_once_never_take_more_than_the_pool_holds(app: Flask) -> None:
    programme_id = filled_pool(5_000)
    both = [make_voucher(1_000, programme_id=programme_id) for _ in range(2)]
    waiting = [propose(ask(holder_of(held), held, 3_000), 3_000) for held in both]

    def decide(approval_id: uuid.UUID) -> Callable[[], object]:
        def run() -> object:
            with app.test_request_context():
                return approve(approval_id)

        return run

    outcomes = at_once(app, *(decide(one) for one in waiting))

    assert [isinstance(one, UserFacingError) for one in outcomes].count(True) == 1
    assert sorted(left_minor(held) for held in both) == [1_000, 4_000]
    assert pool_of(programme_id).holds_minor == 2_000


def test_a_refusal_moves_nothing_and_its_reason_is_kept() -> None:
    held = make_voucher(10_000)
    row_id = ask(holder_of(held), held, 4_000)

    approve(propose(row_id, 0))

    row = stored(row_id)
    assert (row.granted_minor, row.reason, left_minor(held)) == (0, "It fits.", 10_000)


def test_what_was_withdrawn_meanwhile_is_not_granted() -> None:
    held = make_voucher(10_000, programme_id=filled_pool(5_000))
    holder = holder_of(held)
    row_id = ask(holder, held, 4_000)
    waiting = propose(row_id, 4_000)
    run_tx(lambda session: asking.withdraw(session, as_actor(holder), row_id))

    with pytest.raises(asking.MovedOnError):
        approve(waiting)

    assert (left_minor(held), stored(row_id).words) == (10_000, "")


def test_nothing_is_granted_to_a_voucher_that_is_not_in_use() -> None:
    held = make_voucher(10_000, programme_id=filled_pool(5_000))
    waiting = propose(ask(holder_of(held), held, 4_000), 4_000)
    put(held.id, state=VoucherState.BLOCKED)

    with pytest.raises(ConflictError, match="no voucher in use"):
        approve(waiting)

    assert left_minor(held) == 10_000


def test_a_second_request_goes_on_with_the_first() -> None:
    held = make_voucher(10_000)
    holder = holder_of(held)
    row_id = ask(holder, held, 4_000)

    assert run_tx(lambda s: asking.begin(s, as_actor(holder), held.id)).id == row_id


def test_an_officer_does_not_decide_about_the_own_request() -> None:
    held = make_voucher(10_000)
    holder = holder_of(held)
    row_id = ask(holder, held, 4_000)
    own = Actor(holder.id, holder.name, frozenset({ROUND_OFFICER}), "full")

    with pytest.raises(ForbiddenError, match="your own request"):
        propose(row_id, 0, own)


def test_a_request_without_an_amount_cannot_be_sent() -> None:
    held = make_voucher(10_000)
    actor = as_actor(holder_of(held))
    row_id = run_tx(lambda session: asking.begin(session, actor, held.id)).id

    with pytest.raises(ConflictError, match="An answer is missing"):
        run_tx(lambda session: asking.send(session, actor, row_id))
