"""Acts of two people: one proposes, another decides, exactly once."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Thread

import factories
import pytest
from browsing import Browser
from factories_accounts import approvals as all_approvals
from flask import Flask
from sqlmodel import Session, select

from app.accounts import approvals
from app.accounts.models import AccountRow, ApprovalRow, ApprovalState, AuditRow
from app.db import engine, read_tx, run_tx
from app.errors import ConflictError, InvalidError
from app.policy import ADMINISTRATOR, ROUND_OFFICER, Actor, fetch

Browse = Callable[..., Browser]
ran: list[str] = []


@approvals.act(
    "test.paint", roles=frozenset({ROUND_OFFICER}), describe=lambda _session, row: row.subject
)
def _paint(_session: Session, row: ApprovalRow, _actor: Actor) -> None:
    if row.payload.get("broken"):
        raise InvalidError("The paint is dry. Buy new paint.")
    ran.append(row.subject)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


@pytest.fixture
def first(app: Flask) -> AccountRow:
    return factories.make_account(ROUND_OFFICER, name="First Officer")


@pytest.fixture
def second(app: Flask) -> AccountRow:
    return factories.make_account(ROUND_OFFICER, name="Second Officer")


def _actor(account: AccountRow, *roles: str) -> Actor:
    return Actor(account_id=account.id, roles=frozenset(roles or {ROUND_OFFICER}), level="full")


def _propose(app: Flask, account: AccountRow, subject: str = "The bench", **payload: bool) -> str:
    with app.test_request_context():
        row = run_tx(
            lambda session: approvals.propose(
                session, _actor(account), "test.paint", subject, payload, reason="It is grey."
            )
        )
    return f"/staff/decisions/{row.id}"


def test_a_second_officer_sees_what_waits_and_approves_it(
    browser: Browse, app: Flask, first: AccountRow, second: AccountRow
) -> None:
    page = _propose(app, first)
    someone = browser(second)
    assert "1 decision waits" in someone.open("/staff").main.text
    shown = someone.open(page).main.text
    assert "The bench" in shown
    assert "First Officer" in shown
    assert "It is grey." in shown

    someone.send(page, button="Approve")

    assert ran == ["The bench"]
    assert [row.state for row in all_approvals()] == [ApprovalState.APPROVED]
    actions = read_tx(lambda session: session.exec(select(AuditRow.action)).all())
    assert set(actions) == {"test.paint.proposed", "test.paint.approved"}


def test_one_officer_cannot_be_both(browser: Browse, app: Flask, first: AccountRow) -> None:
    page = _propose(app, first)
    someone = browser(first)
    assert "A second person" in someone.open(page).main.text

    answer = someone.send(page, button="Withdraw", to=f"{page}/approve", status=403)

    assert "You proposed this yourself" in answer.main.text
    assert ran == []


def test_a_proposal_can_be_withdrawn_or_refused(
    browser: Browse, app: Flask, first: AccountRow, second: AccountRow
) -> None:
    browser(first).send(_propose(app, first), button="Withdraw")
    browser(second).send(_propose(app, first), button="Refuse")

    assert ran == []
    assert [row.state for row in all_approvals()] == ["withdrawn", "refused"]
    assert "Refused" in browser(first).open("/staff/decisions").main.text


def test_pressing_approve_twice_does_it_once(
    browser: Browse, app: Flask, first: AccountRow, second: AccountRow
) -> None:
    page = _propose(app, first)
    someone = browser(second)
    token = someone.open(page).select_one("main [name=csrf_token]")["value"]
    answers = [
        someone.client.post(f"{page}/approve", data={"csrf_token": token}).status_code
        for _ in range(2)
    ]

    assert answers == [303, 409]
    assert ran == ["The bench"]


def test_of_two_officers_deciding_at_once_one_decides(
    app: Flask, first: AccountRow, second: AccountRow
) -> None:
    third = factories.make_account(ROUND_OFFICER)
    approval_id = uuid.UUID(_propose(app, first).rsplit("/", 1)[1])

    def decide(account: AccountRow) -> bool:
        with app.test_request_context():
            try:
                run_tx(lambda session: approvals.approve(session, _actor(account), approval_id))
            except ConflictError:
                return False
        return True

    with ThreadPoolExecutor(max_workers=8) as workers:
        assert sum(workers.map(decide, [second, third] * 4)) == 1
    assert sum(row.state == ApprovalState.APPROVED for row in all_approvals()) == 1


def test_what_was_decided_after_somebody_looked_is_not_decided_again(
    app: Flask, first: AccountRow, second: AccountRow
) -> None:
    third = factories.make_account(ROUND_OFFICER)
    approval_id = uuid.UUID(_propose(app, first).rsplit("/", 1)[1])
    done: list[str] = []

    def decide(session: Session, account: AccountRow, meanwhile: Callable[[], None]) -> None:
        seen = fetch(session, _actor(account), ApprovalRow, approval_id)
        meanwhile()
        approvals.approve(session, _actor(account), seen.id)

    def other() -> None:
        with app.test_request_context(), suppress(ConflictError):
            run_tx(lambda session: decide(session, third, lambda: None))
            done.append("third")

    def let_the_other() -> None:
        thread.start()
        thread.join(0.1 if engine.is_sqlite() else 10)  # SQLite lets one write after the other

    thread = Thread(target=other)
    with app.test_request_context(), suppress(ConflictError):
        run_tx(lambda session: decide(session, second, let_the_other))
        done.append("second")
    thread.join()

    assert len(done) == 1
    assert ran == ["The bench"]


def test_of_two_officers_proposing_at_once_one_proposes(
    app: Flask, first: AccountRow, second: AccountRow
) -> None:
    def propose(account: AccountRow) -> bool:
        try:
            _propose(app, account)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(max_workers=2) as workers:
        assert sum(workers.map(propose, [first, second])) == 1


def test_an_act_that_is_refused_leaves_the_proposal_waiting(
    browser: Browse, app: Flask, first: AccountRow, second: AccountRow
) -> None:
    page = _propose(app, first, broken=True)

    answer = browser(second).send(page, button="Approve", status=422)

    assert "Buy new paint" in answer.main.text
    assert [row.state for row in all_approvals()] == ["pending"]


def test_what_was_changed_after_the_proposal_is_not_approved(
    browser: Browse, app: Flask, first: AccountRow, second: AccountRow
) -> None:
    page = _propose(app, first)
    row = all_approvals()[0]
    row.payload = {"colour": "red"}
    run_tx(lambda session: session.add(row))

    answer = browser(second).send(page, button="Approve", status=409)

    assert "has been changed" in answer.main.text
    assert ran == []


def test_a_proposal_waits_fourteen_days(
    browser: Browse,
    app: Flask,
    first: AccountRow,
    second: AccountRow,
    noon: datetime,
    at: Callable[[datetime], None],
) -> None:
    page = _propose(app, first)

    at(noon + timedelta(days=14))

    assert "Nothing waits" in browser(second).open("/staff/decisions").main.text
    assert "too late" in browser(second).open(page).main.text
    _propose(app, first)


def test_who_may_not_decide_does_not_see_it(browser: Browse, app: Flask, first: AccountRow) -> None:
    page = _propose(app, first)
    boss = browser(factories.make_account(ADMINISTRATOR))

    boss.open(page, status=404)
    assert "The bench" not in boss.open("/staff/decisions").main.text
    boss.open(f"/staff/decisions/{uuid.uuid4()}", status=404)


def test_approving_needs_a_fresh_second_factor(
    browser: Browse,
    app: Flask,
    first: AccountRow,
    second: AccountRow,
    noon: datetime,
    at: Callable[[datetime], None],
) -> None:
    page = _propose(app, first)
    someone = browser(second)
    at(noon + timedelta(minutes=6))

    answer = someone.send(page, button="Approve")

    assert "Show that it is you" in answer.h1.text
    assert ran == []
