"""Visits, gifts and appeals in a holder's name, on both engines."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime

import factories_entitlements as applications
import pytest
from browsing import Browser
from factories_delegation import Pair, as_actor, make_pair
from factories_providers import make_provider
from factories_vouchers import left_minor, make_till
from flask import Flask
from sqlmodel import Session, col, select

from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.delegation import doing, naming
from app.delegation.models import DelegateUseRow
from app.delegation.rules import Power, Use
from app.delegation.service import NotEntrustedError
from app.entitlements.models import AppealRow, ApplicationRow
from app.errors import ForbiddenError, NotFoundError
from app.ledger.errors import HoldEndedError
from app.vouchers.models import BookingRow
from app.vouchers.visits import Wanted

ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
VISIT = Wanted("home-care", date(2027, 3, 19), 4_800)


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def used(pair: Pair) -> list[tuple[str, int | None, str]]:
    query = select(DelegateUseRow).where(DelegateUseRow.delegation_id == pair.id)
    rows = read_tx(lambda session: session.exec(query.order_by(col(DelegateUseRow.id))).all())
    return [(row.what, row.amount_minor, row.about) for row in rows]


def give(pair: Pair, amount_minor: int, key: uuid.UUID | None = None) -> None:
    actor = as_actor(pair.delegate)
    run_tx(
        lambda session: doing.give(
            session, actor, pair.id, pair.held.id, amount_minor, key=key or uuid.uuid4()
        )
    )


def book(pair: Pair, provider_id: uuid.UUID) -> None:
    actor = as_actor(pair.delegate)
    run_tx(lambda s: doing.book(s, actor, pair.id, pair.held.id, provider_id, VISIT))


def test_a_gift_needs_its_power_and_is_noted_once_though_sent_twice() -> None:
    pair, key = make_pair(Power.DONATE), uuid.uuid4()

    give(pair, 2_000, key)
    give(pair, 2_000, key)

    assert left_minor(pair.held) == 8_000
    assert used(pair) == [(Use.GAVE, 2_000, "")]
    with pytest.raises(NotEntrustedError):
        give(make_pair(Power.SEE_BALANCE), 1)


def test_a_visit_is_booked_and_cancelled_for_the_holder() -> None:
    pair = make_pair(Power.BOOK)
    book(pair, make_till(name="Casa Azul").provider_id)
    assert left_minor(pair.held) == 5_200
    [visit] = read_tx(lambda session: session.exec(select(BookingRow)).all())

    def cancel(session: Session) -> None:
        doing.cancel_visit(session, as_actor(pair.delegate), pair.id, pair.held.id, visit.id)

    run_tx(cancel)
    assert left_minor(pair.held) == 10_000
    assert used(pair) == [
        (Use.BOOKED, 4_800, "Casa Azul"),
        (Use.CANCELLED, 4_800, "Casa Azul"),
    ]
    with pytest.raises(HoldEndedError):
        run_tx(cancel)


def test_a_carer_books_no_visit_of_the_own_organisation() -> None:
    pair = make_pair(Power.BOOK)
    provider, _ = make_provider(manager=pair.delegate)

    with pytest.raises(ForbiddenError, match="your own organisation"):
        book(pair, provider.id)

    assert (left_minor(pair.held), used(pair)) == (10_000, [])


def decided() -> tuple[ApplicationRow, AccountRow]:
    """An application that was refused, and the account of its resident."""
    who, row_id = applications.apply(applications.open_programme())
    applications.decide(row_id, granted=False)
    row = applications.stored(row_id)
    return row, read_tx(lambda session: session.get_one(AccountRow, who.account_id))


def entrust(holder: AccountRow, delegate: AccountRow, *powers: Power) -> uuid.UUID:
    def invite(session: Session) -> str:
        row = naming.begin(session, as_actor(holder), label="Rosa")
        naming.choose_powers(session, as_actor(holder), row.id, powers)
        return naming.make_own_code(session, as_actor(holder), row.id)

    return naming.accept(as_actor(delegate), run_tx(invite))


def test_an_appeal_is_filed_for_the_resident_and_for_nobody_else() -> None:
    row, holder = decided()
    other, _other_holder = decided()
    rosa = make_pair().delegate
    made = entrust(holder, rosa, Power.APPEAL)

    def appeal(application_id: uuid.UUID) -> None:
        run_tx(
            lambda session: doing.appeal(
                session, as_actor(rosa), made, application_id, "The income has fallen."
            )
        )

    with pytest.raises(NotFoundError):
        appeal(other.id)
    appeal(row.id)

    [filed] = read_tx(lambda session: session.exec(select(AppealRow)).all())
    assert (filed.application_id, filed.text) == (row.id, "The income has fallen.")


@ONE_ENGINE
def test_the_pages_of_gift_and_visit_say_what_follows(app: Flask, browser: type[Browser]) -> None:
    pair = make_pair(Power.BOOK, Power.DONATE)
    provider = make_till(name="Casa Azul").provider_id
    rosa = browser(pair.delegate, level="link")
    voucher = f"/account/helping/{pair.id}/vouchers/{pair.held.id}"

    check = rosa.send(f"{voucher}/give", {"amount": "20"})
    assert "This cannot be undone" in check.text
    assert "€100" not in check.text
    rosa.send(f"{voucher}/give/check?amount=2000")
    page = rosa.send(
        f"{voucher}/visits/new/{provider}",
        {"visit_on-day": "19", "visit_on-month": "3", "visit_on-year": "2027", "amount": "48"},
    )

    assert "19 March 2027" in page.text
    assert left_minor(pair.held) == 3_200
    assert "cancelled" in rosa.send(voucher, button="Cancel").text


@ONE_ENGINE
def test_the_page_of_appeals_shows_neither_value_nor_income(
    app: Flask, browser: type[Browser]
) -> None:
    row, holder = decided()
    rosa = make_pair().delegate
    made = entrust(holder, rosa, Power.APPEAL)
    window = browser(rosa, level="link")

    page = window.open(f"/account/helping/{made}/appeals")
    done = window.send(f"/account/helping/{made}/appeals/{row.id}", {"text": "Look again."})

    assert "€" not in page.select_one("main").text
    assert "The appeal was sent" in done.text
