"""The pages of staff who settle, from an empty list to what the bank booked, without a script."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, datetime

import factories
import pytest
from browsing import Browser
from factories_accounts import approvals
from factories_providers import IBAN
from factories_settlement import (
    batch,
    enter_payer,
    freeze,
    make_taker,
    offences,
    owed_minor,
    prepare,
    release,
    take,
    take_file,
)
from factories_vouchers import make_programme_row, own
from flask import Flask

from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER
from app.programmes.models import ProgrammeRow, ProgrammeState
from app.settlement import disputing, queries
from app.vouchers.models import VoucherRow

BROWSER = Callable[..., Browser]
ONE_ENGINE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PAYER = {
    "iban": "es91 2100 0418 4502 0005 1332",
    "legal_name": "Ayuntamiento",
    "street_name": "Plaza Mayor",
    "building_number": "1",
    "postcode": "40001",
    "town": "Valdeagua",
    "country": "es",
}


def officers() -> tuple[AccountRow, AccountRow]:
    return factories.make_account(ROUND_OFFICER), factories.make_account(ROUND_OFFICER)


def decide(who: Browser) -> None:
    who.send(f"/staff/decisions/{approvals()[-1].id}", button="Approve")


def make_open_care() -> tuple[object, str]:
    """A programme with money that is public, and its page for a cut-off."""
    care = make_programme_row(1_000_000)

    def open_(session: object) -> str:
        row = session.get_one(ProgrammeRow, care)
        row.state = ProgrammeState.OPEN
        session.add(row)
        return row.slug

    return care, f"/staff/settlements/new/{run_tx(open_)}"


def test_officers_settle_from_the_cut_off_to_what_the_bank_booked(
    browser: BROWSER, app: Flask, noon: datetime
) -> None:
    with app.test_request_context():
        care, new = make_open_care()
        provider = make_taker(name="=Cuidados")
        take(care, provider, 3_000)
    first, second = (browser(one) for one in officers())
    assert "not entered yet" in first.open("/staff/settlements").text
    wrong = first.send("/staff/settlements/account", PAYER | {"iban": "ES91"}, status=422)
    assert "not a valid IBAN" in wrong.select_one("#iban-error").text
    first.send("/staff/settlements/account", PAYER)
    late = {"cut_off_on-day": "18", "cut_off_on-month": "3", "cut_off_on-year": "2027"}
    assert (
        "still to come" in first.send(new, late, status=422).select_one(".govuk-error-message").text
    )

    shown = first.send(new)
    [row] = [one for one, _programme in read_tx(queries.batches)]
    item = f"/staff/settlements/{row.id}"
    assert "15 March 2027" in shown.h1.text
    first.send(item, button="Freeze it")
    first.send(item, button="Ask another officer")
    decide(second)
    second.send(item, button="Take the file")
    assert ET.fromstring(second.answer.get_data()).tag.endswith("Document")  # noqa: S314 (own file)
    first.open(f"{item}/lines.csv")
    table = first.answer.get_data(as_text=True)
    assert '"\'=Cuidados"' in table
    assert IBAN not in table
    differs = first.send(f"{item}/bank", {"booked": "29"}, status=422)
    assert "€1 are missing" in differs.select_one("#booked-error").text
    first.send(f"{item}/bank", {"booked": "30"})
    decide(second)

    assert "Booked" in first.open(item).text
    with app.test_request_context():
        assert (batch(row.id).bank_minor, owed_minor(provider, care), offences()) == (3_000, 0, [])


@ONE_ENGINE
def test_who_may_not_settle_sees_nothing_and_who_may_not_release_is_told_why(
    browser: BROWSER, app: Flask, noon: datetime
) -> None:
    with app.test_request_context():
        care, _new = make_open_care()
        enter_payer()
        provider = make_taker()
        take(care, provider, 3_000)
        batch_id = freeze(prepare(care))
    preparer, second = officers()
    clerk = browser(factories.make_account("clerk"))
    clerk.open("/staff/settlements", status=403)
    mine = browser(preparer)
    mine.send(f"/staff/settlements/{batch_id}", button="Ask another officer")

    mine.open(f"/staff/settlements/{batch_id}/bank", status=409)
    browser(second).send(f"/staff/settlements/{batch_id}", button="Give it up")

    assert "Given up" in mine.open("/staff/settlements").text
    with app.test_request_context():
        assert owed_minor(provider, care) == 3_000


@ONE_ENGINE
def test_a_payment_sent_back_later_is_entered_by_two(
    browser: BROWSER, app: Flask, noon: datetime
) -> None:
    with app.test_request_context():
        care, _new = make_open_care()
        enter_payer()
        provider = make_taker()
        take(care, provider, 3_000)
        batch_id = release(care)
        take_file(batch_id)
    first, second = (browser(one) for one in officers())
    item = f"/staff/settlements/{batch_id}"
    [(line, _)] = read_tx(lambda s: queries.lines_in(s, batch_id))
    ticked = {"booked": "0", "returned": [str(line.id)]}
    why = first.send(f"{item}/bank", ticked, status=422)
    assert "Write why" in why.select_one("#why-error").text
    first.send(f"{item}/bank", {"booked": "30"})
    decide(second)

    first.send(f"/staff/settlements/lines/{line.id}/return", {"why": "Name does not fit"})
    decide(second)

    assert "Name does not fit" in first.open(item).text
    with app.test_request_context():
        assert (batch(batch_id).bank_minor, owed_minor(provider, care)) == (0, 3_000)


@ONE_ENGINE
def test_a_dispute_is_decided_with_a_reason_and_a_part_goes_back(
    browser: BROWSER, app: Flask, noon: datetime
) -> None:
    with app.test_request_context():
        care, _new = make_open_care()
        [taken] = take(care, make_taker(), 3_000, on=date(2027, 3, 10))
        voucher_id = read_tx(lambda s: s.get_one(queries.RedemptionRow, taken).voucher_id)
        held = read_tx(lambda s: s.get_one(VoucherRow, voucher_id))
        holder = own(held)
        opened = run_tx(lambda s: disputing.open_dispute(s, holder, taken, reason="Nobody came."))
    clerk = browser(factories.make_account("clerk"))
    item = f"/staff/settlements/disputes/{opened.id}"
    assert "Nobody came." in clerk.open(item).text

    missing = clerk.send(item, {"outcome": "part", "answer": "Half came."}, status=422)
    assert "how much goes back" in missing.select_one("#part-error").text
    much = clerk.send(item, {"outcome": "part", "part": "31", "answer": "Half."}, status=422)
    assert "No more than what was paid" in much.select_one("#part-error").text
    done = clerk.send(item, {"outcome": "part", "part": "12.50", "answer": "Half came."})

    assert "Upheld" in done.text
    shown = clerk.open(item).text
    assert "€12.50" in shown
    assert "Half came." in shown
