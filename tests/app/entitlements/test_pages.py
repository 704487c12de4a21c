"""Pages of entitlements as people use them: a resident, the desk, batches."""

import io
from collections.abc import Callable
from datetime import date, datetime

import factories
import pytest
from browsing import Browser
from factories_entitlements import apply, decide, make_resident, open_programme, stored
from flask import Flask
from sqlmodel import select

from app.db import read_tx
from app.entitlements import applying
from app.entitlements.models import ApplicationFileRow, ApplicationRow, IssueBatchRow
from app.town.models import AreaKind
from app.vouchers.models import VoucherRow

BROWSER = Callable[..., Browser]


@pytest.fixture(autouse=True)
def _no_lot(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "draw", lambda: 99)


def only(model: type) -> object:
    return read_tx(lambda session: session.exec(select(model)).one())


def test_from_the_code_at_the_desk_to_a_voucher_in_the_hand(browser: BROWSER) -> None:
    slug = open_programme()
    desk, second = (
        browser(factories.make_account("clerk")),
        browser(factories.make_account("clerk")),
    )
    officers = [browser(factories.make_account("round_officer")) for _ in range(2)]
    resident = browser(factories.make_account(name="Rosa"))

    page = desk.send("/staff/care/identity", {"number": "R-1", "channel": "desk"})
    code = page.select_one(".minga-code__code").text.strip()
    resident.send("/account/care/prove", {"code": code})
    resident.send("/account/care", button="Apply")
    own = f"/account/care/{only(ApplicationRow).id}"
    resident.send(f"{own}/age", {"age": "44"})
    resident.send(f"{own}/household", {"age": "12", "number": "R-2"}, button="Add this person")
    page = resident.send(f"{own}/income", {"answer": "declared", "income": "2.100,00"})
    assert "Show your income" in page.h1.text
    resident.send(f"{own}/evidence", {"file": (io.BytesIO(b"%PDF-1.7 pay"), "pay.pdf")})
    factories.make_area()
    old_town = factories.make_area("old", name="Old Town", kind=AreaKind.DISTRICT)
    page = resident.send(f"{own}/carrier", {"carrier": "paper"})
    assert "I would rather not say" in page.text
    assert "Old Town" in resident.send(f"{own}/area", {"area": str(old_town.id)}).text
    resident.send(own, button="Send the application")

    item = f"/staff/care/{only(ApplicationRow).id}"
    assert "Rosa" in desk.open("/staff/care").text
    desk.send(item, button="Assess it myself")
    assert "Nobody yet" not in desk.open("/staff/care").text
    desk.open(f"{item}/files/{only(ApplicationFileRow).id}")
    assert desk.answer.data == b"%PDF-1.7 pay"
    page = desk.send(f"{item}/decide", {"verified": "y", "granted": "yes", "text": "Seen."})
    assert "needs a second person" in page.text
    decision = second.open(item).find("a", string=lambda t: t and "second person" in t)["href"]
    second.send(decision, button="Approve")
    page = resident.open(own)
    assert "counts as 1.30" in page.text
    assert "2 persons of your household" in page.text

    dry = officers[0].send(f"/staff/care/batches/new/{slug}", button="Ask a second officer")
    officers[1].send(dry.find("a", string=lambda t: t and "See the decision" in t)["href"],
                     button="Approve")  # fmt: skip
    batch = f"/staff/care/batches/{only(IssueBatchRow).id}"
    for who, button in ((desk, "Print the vouchers"), (second, "Print the slips")):
        who.send(batch, button=button)
        assert who.answer.data.startswith(b"%PDF-")
    first = read_tx(lambda s: s.exec(select(VoucherRow.serial)).first())
    page = desk.send("/staff/care/hand-over", {"serial": first.lower()})
    assert "can be spent" in page.text
    page = desk.send("/staff/care/hand-over", {"serial": first}, status=409)
    assert "handed over before" in page.select_one("#serial-error").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_wrong_answers_stand_beside_their_field_and_nothing_is_kept(
    app: Flask, browser: BROWSER
) -> None:
    with app.app_context():
        slug, person = open_programme(), make_resident()
    resident = browser(factories_account(person))
    resident.send("/account/care", button="Apply")
    own = f"/account/care/{only(ApplicationRow).id}"

    for path, data, words in (
        (f"{own}/age", {"age": "old"}, "whole years"),
        (f"{own}/household", {"age": "121"}, "from 0 to 120"),
        (f"{own}/income", {"answer": "declared", "income": ""}, "Enter the income"),
        (f"{own}/income", {"answer": "declared", "income": "a lot"}, "in figures"),
        (f"{own}/income", {}, "Both are fine"),
        (f"{own}/evidence", {"file": (io.BytesIO(b"GIF89a"), "x.gif")}, "PDF, JPEG or PNG"),
        ("/account/care/prove", {"code": "0123-4567-89AN"}, "character of the code is wrong"),
    ):
        page = resident.send(path, data, status=422)
        assert words in page.select_one(".govuk-error-message").text
    row = only(ApplicationRow)

    assert (row.age, row.income_kind, slug) == (None, None, "care-at-home")
    assert "Send the application" not in resident.open(own).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_programme_that_is_over_is_not_offered(app: Flask, browser: BROWSER) -> None:
    with app.app_context():
        open_programme(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
        person = make_resident()

    page = browser(factories_account(person)).open("/account/care")

    assert "Care at home" not in page.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_application_is_seen_by_its_owner_and_the_desk_alone(
    app: Flask, browser: BROWSER
) -> None:
    with app.app_context():
        _, row_id = apply(open_programme())
    stranger, reviewer = (
        browser(factories.make_account()),
        browser(factories.make_account("reviewer")),
    )

    for path in ("", "/age", "/household", "/income", "/evidence", "/carrier", "/area", "/appeal"):
        stranger.open(f"/account/care/{row_id}{path}", status=404)
    reviewer.open(f"/staff/care/{row_id}", status=403)
    browser(factories.make_account("clerk")).open(f"/staff/care/{row_id}")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_refusal_is_appealed_and_answered_on_pages(app: Flask, browser: BROWSER) -> None:
    with app.app_context():
        person, row_id = apply(open_programme())
        decide(row_id, granted=False)
    resident, desk = browser(factories_account(person)), browser(factories.make_account("clerk"))

    page = resident.open(f"/account/care/{row_id}")
    assert "until 16 April 2027" in page.text
    resident.send(f"/account/care/{row_id}/appeal", {"text": "I live here."})
    assert "Appeal: answer by" in desk.open("/staff/care").text
    desk.send(f"/staff/care/{row_id}/appeal", {"upheld": "yes", "text": "You do."})

    assert "Your appeal was right" in resident.open(f"/account/care/{row_id}").text
    assert stored(row_id).state == "sent"


def factories_account(person: object) -> object:
    """What a browser signs in: only the identifier matters."""
    return type("Account", (), {"id": person.account_id})()
