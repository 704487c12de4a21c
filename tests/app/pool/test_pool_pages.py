"""The pages of the shared pool: giving after a warning, asking without shame, two officers."""

import uuid

import factories
import pytest
from browsing import Browser
from factories_delegation import as_actor, holder_of
from factories_vouchers import left_minor, make_voucher
from flask import Flask
from sqlmodel import select

from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER
from app.pool import giving
from app.pool.models import PoolRequestRow
from app.pool.rules import State
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.vouchers.models import VoucherRow

ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _noon(app: Flask, noon: object) -> None:
    pass


def open_the_programme_of(voucher_id: uuid.UUID) -> None:
    def work(session: object) -> None:
        row = session.get_one(ProgrammeRow, session.get_one(VoucherRow, voucher_id).programme_id)
        row.state = ProgrammeState.OPEN
        session.add(row)

    run_tx(work)


def test_a_holder_is_told_that_a_gift_stays_before_it_is_given(
    app: Flask, browser: type[Browser]
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    carmen = browser(holder_of(held), level="link")

    check = carmen.send(f"/account/pool/vouchers/{held.id}/give", {"amount": "20"})
    assert "This cannot be undone" in check.text
    assert "€80" in check.text
    assert left_minor(held) == 10_000
    path = f"/account/pool/vouchers/{held.id}/give/check?amount=2000"
    done = carmen.send(path)

    assert "Thank you" in done.text
    assert left_minor(held) == 8_000


@ONE_ENGINE
def test_what_is_in_a_pool_is_told_in_the_open_books_only(
    app: Flask, browser: type[Browser]
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
        holder = holder_of(held)
        run_tx(lambda s: giving.give_own(s, as_actor(holder), held.id, 2_000, key=uuid.uuid4()))
    open_the_programme_of(held.id)

    page = browser().open("/pool")

    assert "€" not in page.select_one("main").text
    assert page.select_one('main a[href$="/books"]') is not None


@ONE_ENGINE
@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("", "Enter how much"), ("0", "above zero"), ("ten", "in figures"), ("1,005.555", "decimals")],
)
def test_a_sum_that_cannot_be_given_is_explained_beside_its_field(
    app: Flask, browser: type[Browser], amount: str, sentence: str
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    page = browser(holder_of(held), level="link").send(
        f"/account/pool/vouchers/{held.id}/give", {"amount": amount}, status=422
    )

    assert sentence in page.select_one("#amount-error").text


@ONE_ENGINE
def test_more_than_is_left_is_refused_on_the_last_page(app: Flask, browser: type[Browser]) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    page = browser(holder_of(held), level="link").send(
        f"/account/pool/vouchers/{held.id}/give/check?amount=10001", status=422
    )

    assert "Nothing was given" in page.select_one(".govuk-error-summary").text


@ONE_ENGINE
@pytest.mark.parametrize("amount", ["", "-5", "1e3", "9" * 40, "٣"])
def test_an_address_without_a_sum_leads_back_to_the_question(
    app: Flask, browser: type[Browser], amount: str
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    page = browser(holder_of(held), level="link").open(
        f"/account/pool/vouchers/{held.id}/give/check?amount={amount}"
    )

    assert page.select_one("#amount") is not None


@ONE_ENGINE
def test_a_resident_asks_in_three_steps_and_two_officers_decide(
    app: Flask, browser: type[Browser]
) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
        donor = make_voucher(5_000, programme_id=programme_of(held.id))
        rich = holder_of(donor, "Donor")
        run_tx(lambda s: giving.give_own(s, as_actor(rich), donor.id, 5_000, key=uuid.uuid4()))
    carmen = browser(holder_of(held), level="link")
    first, second = (factories.make_account(ROUND_OFFICER) for _ in range(2))

    carmen.send("/account/pool", button="Ask for more")
    row = read_tx(lambda s: s.exec(select(PoolRequestRow)).one())
    own = f"/account/pool/requests/{row.id}"
    carmen.send(f"{own}/need", {"need": "illness"})
    carmen.send(f"{own}/amount", {"amount": "40"})
    carmen.send(f"{own}/words", {"words": "Back from hospital."})
    carmen.send(own, button="Send")
    assert "1 request to the shared pool" in browser(first).open("/staff").text

    page = browser(first).send(
        f"/staff/pool/{row.id}/decide",
        {"granted": "yes", "amount": "50", "reason": "x"},
        status=422,
    )
    assert "At most €40" in page.text
    browser(first).send(
        f"/staff/pool/{row.id}/decide", {"granted": "yes", "amount": "40", "reason": "It fits."}
    )
    assert left_minor(held) == 10_000
    waiting = read_tx(lambda s: s.exec(select(ApprovalRow)).one())
    browser(second).send(f"/staff/decisions/{waiting.id}", button="Approve")

    assert left_minor(held) == 14_000
    decided = carmen.open(own).text
    assert "€40 was added to your voucher" in decided
    assert "Back from hospital" not in decided


@ONE_ENGINE
def test_nobody_sees_or_answers_anothers_request(app: Flask, browser: type[Browser]) -> None:
    with app.test_request_context():
        held = make_voucher(10_000)
    carmen = browser(holder_of(held), level="link")
    carmen.send("/account/pool", button="Ask for more")
    row = read_tx(lambda s: s.exec(select(PoolRequestRow)).one())
    eve = browser(factories.make_account(name="Eve"), level="link")

    for path in ("", "/need", "/amount", "/words"):
        eve.open(f"/account/pool/requests/{row.id}{path}", status=404)
    eve.open(f"/account/pool/vouchers/{held.id}/give", status=404)
    officer = browser(factories.make_account(ROUND_OFFICER))
    officer.open(f"/staff/pool/{row.id}", status=404)  # a draft is the resident's alone
    assert row.state == State.DRAFT


def programme_of(voucher_id: uuid.UUID) -> uuid.UUID:
    return read_tx(lambda s: s.get_one(VoucherRow, voucher_id)).programme_id
