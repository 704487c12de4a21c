"""Pages of providers as people use them: an organisation, the desk, the public register."""

import io
from collections.abc import Callable
from datetime import datetime

import factories
import pytest
from browsing import Browser
from factories_providers import IBAN, actor_of, make_provider
from sqlmodel import select

from app.db import read_tx, run_tx
from app.providers import assessing, queries
from app.providers.criteria import Point, State
from app.providers.models import (
    AccreditationRow,
    EvidenceFileRow,
    ProviderDeviceRow,
    ProviderRow,
    Side,
)

BROWSER = Callable[..., Browser]


def day(name: str, value: str) -> dict[str, str]:
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), value.split(), strict=True))


POINTS = {
    "user-control": {"form": "assembly", "clause": "Article 12"}
    | day("in_force_on", "1 1 2020")
    | day("minutes_on", "20 2 2027"),
    "board": {"total": "7", "user_members": "4", "non_members": "1"},
    "reserve": day("signed_on", "1 3 2027"),
    "open-books": day("signed_on", "1 3 2027"),
    "complaints": {"route": "Write to us.", "answer_days": "14", "outside_body": "Ombudsman"},
    "licences": {"licences": "No 17", "insurance": "Policy 9", "guarding": "Checks."},
    "bank": {
        "iban": "es91 2100 0418 4502 0005 1332",
        "legal_name": "Cuidados S.Coop.",
        "street_name": "Calle Mayor",
        "building_number": "3",
        "postcode": "40001",
        "town": "Valdeagua",
        "country": "es",
    },
}
TARIFF = {"service": "home-care", "unit": "hour", "amount": "16,50"} | day(
    "valid_from", "17 3 2027"
)


def only(model: type) -> object:
    return read_tx(lambda session: session.exec(select(model)).one())


def test_an_organisation_applies_and_is_found_on_the_register(
    browser: BROWSER, noon: datetime
) -> None:
    manager = browser(factories.make_account())
    assessor, decider = (browser(factories.make_account("clerk")) for _ in range(2))
    manager.send("/account/organisations/new", {"name": "Cuidados", "kind": "cooperative"})
    own = f"/account/organisations/{only(ProviderRow).id}"
    manager.send(f"{own}/services", {"services": ["home-care"]})
    for point, answers in POINTS.items():
        manager.send(f"{own}/points/{point}", answers)
    assert "you can send the application" in manager.open(own).text
    manager.send(f"{own}/tariffs", TARIFF)
    manager.send(f"{own}/profile", {"about": "We care.", "languages": "Spanish, Quechua"})
    manager.send(own, button="Send the application")
    item = f"/staff/accreditations/{only(AccreditationRow).id}"

    assert "Cuidados" in assessor.open("/staff/accreditations").text
    assessor.send(item, button="Assess it myself")
    for point in Point:
        assessor.send(f"{item}/points/{point}", {"judgement": "met"})
    assessor.send(f"{item}/recommend", {"outcome": "yes", "text": "All is met."})
    decided = {"outcome": "yes", "text": "Users decide there."}
    wrong = decider.send(f"{item}/decide", decided | {"fee": "2 euros"}, status=422)
    assert "percentage from 0 to 100" in wrong.select_one("#fee-error").text
    decider.send(f"{item}/decide", decided | {"fee": "2,5"})
    assert "2.5 % of what it takes" in decider.open(item).text
    assert "is not on the register" in browser().open(f"/providers/{own[-36:]}", status=404).text
    for side in Side:
        account = factories.make_account("reviewer")
        named_by = actor_of(factories.make_account("administrator"), "administrator")
        run_tx(
            lambda s, a=account, one=side, by=named_by: assessing.name_member(s, by, a.email, one)
        )
        browser(account).send(item, button="Confirm for my side")

    page = browser().open("/providers?service=home-care&language=Quechua")
    shown = browser().open(f"/providers/{own[-36:]}")
    assert "Cuidados" in page.text
    assert "4 of 7 are members who use the services" in shown.text
    assert "17 March 2027 to 16 March 2029" in shown.text
    assert IBAN not in shown.text
    assert "Users decide there." in manager.open(own).text
    assert "0 providers" in browser().open("/providers?service=childcare").text


@pytest.mark.parametrize(
    ("page", "change", "field", "sentence"),
    [
        ("bank", {"iban": "ES91 2100 0418 4502 0005 1333"}, "iban", "not a valid IBAN"),
        ("bank", {"country": "Spain"}, "country", "two letters"),
        ("bank", {"legal_name": "x" * 71}, "legal_name", "70 characters"),
        ("board", {"total": "seven"}, "total", "whole number"),
        ("board", {"total": "-1"}, "total", "whole number"),
        ("board", {"total": "9" * 5000}, "total", "whole number"),
        ("user-control", {"clause": ""}, "clause", "Name the clause"),
        ("user-control", {"minutes_on-month": "13"}, "minutes_on", "real date"),
        ("reserve", {"file": (b"MZ...", "a.exe")}, "file", "not a PDF"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    browser: BROWSER, noon: datetime, page: str, change: dict, field: str, sentence: str
) -> None:
    account = factories.make_account()
    provider, row = make_provider(State.DRAFT, manager=account)
    before = read_tx(lambda s: queries.evidence(s, row.id)[page].answers)
    files = {name: (io.BytesIO(one[0]), one[1]) for name, one in change.items() if name == "file"}

    shown = browser(account).send(
        f"/account/organisations/{provider.id}/points/{page}",
        POINTS[page] | change | files,
        status=422,
    )

    assert sentence in shown.select_one(f"#{field}-error").text
    assert read_tx(lambda s: queries.evidence(s, row.id)[page].answers) == before


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCREDITED])
def test_what_was_sent_cannot_be_changed(browser: BROWSER, noon: datetime, state: State) -> None:
    account = factories.make_account()
    provider, _row = make_provider(state, manager=account)

    shown = browser(account).send(
        f"/account/organisations/{provider.id}/points/board", POINTS["board"], status=409
    )

    assert "has moved on" in shown.text


def test_an_organisation_is_its_managers_alone(browser: BROWSER, noon: datetime) -> None:
    provider, row = make_provider(State.DRAFT)
    own = f"/account/organisations/{provider.id}"
    strangers = (factories.make_account(), factories.make_account("clerk"))

    for stranger in strangers:
        visitor = browser(stranger)
        for page in (
            "",
            "/services",
            "/points/bank",
            "/profile",
            "/tariffs",
            "/people",
            "/devices",
        ):
            visitor.open(own + page, status=404)
    browser(strangers[1]).open(f"/staff/accreditations/{row.id}", status=404)


def test_a_file_comes_back_as_it_was_sent_and_lies_sealed(
    browser: BROWSER, noon: datetime, app: object
) -> None:
    account = factories.make_account()
    provider, row = make_provider(State.DRAFT, manager=account)
    content = b"%PDF-1.7 minutes of the assembly"
    own = f"/account/organisations/{provider.id}"
    page = browser(account)

    page.send(
        f"{own}/points/reserve", POINTS["reserve"] | {"file": (io.BytesIO(content), "minutes.pdf")}
    )

    file = only(EvidenceFileRow)
    page.open(f"{own}/files/{file.id}")
    assert page.answer.data == content
    assert page.answer.headers["Content-Disposition"] == "attachment; filename=minutes.pdf"
    folder = app.extensions["minga_settings"].instance / "evidence"
    [kept] = folder.iterdir()
    assert content not in kept.read_bytes()
    other = factories.make_account()
    mine, _ = make_provider(State.DRAFT, manager=other)
    browser(other).open(f"/account/organisations/{mine.id}/files/{file.id}", status=404)
    browser(factories.make_account("clerk")).open(
        f"/staff/accreditations/{row.id}/files/{file.id}", status=404
    )


def test_a_token_is_shown_once(browser: BROWSER, noon: datetime) -> None:
    account = factories.make_account()
    provider, _row = make_provider(manager=account)
    page, devices = browser(account), f"/account/organisations/{provider.id}/devices"

    made = page.send(devices, {"label": "Till 1"})
    again = page.open(devices)

    token = made.select_one("[role=status] p:last-child").text
    assert len(token) == 43
    assert token not in again.text
    assert "Withdrawn" in page.send(devices, button="Withdraw").text
    assert only(ProviderDeviceRow).revoked_at == noon


def test_a_price_of_a_day_that_is_over_stays(browser: BROWSER, noon: datetime) -> None:
    account = factories.make_account()
    provider, _row = make_provider(manager=account)

    shown = browser(account).send(
        f"/account/organisations/{provider.id}/tariffs",
        TARIFF | day("valid_from", "16 3 2027"),
        status=409,
    )

    assert "its prices stay" in shown.text


def test_a_suspension_shows_on_the_register_with_its_day(browser: BROWSER, noon: datetime) -> None:
    provider, row = make_provider()
    officer = browser(factories.make_account("round_officer"))

    officer.send(f"/staff/accreditations/{row.id}/suspend", {"text": ""}, status=422)
    page = officer.send(f"/staff/accreditations/{row.id}/suspend", {"text": "No insurance."})
    assert "Waiting for a second person" in page.main.text
    assert "takes no vouchers" not in browser().open(f"/providers/{provider.id}").text
    second = browser(factories.make_account("clerk"))
    decision = second.open("/staff/decisions").select_one("main a[href*='decisions/']")["href"]
    second.send(decision, button="Approve")

    listed = browser().open("/providers")
    assert "0 providers take vouchers" in listed.select_one("[role=status]").text
    assert "Suspended" in listed.select_one("main h2").text
    assert "not lifted" in officer.open(f"/staff/accreditations/{row.id}").main.text
    shown = browser().open(f"/providers/{provider.id}")
    assert "Since 17 March 2027 it takes no vouchers" in shown.text
    assert "No insurance." not in shown.text


def test_people_join_by_their_accounts(browser: BROWSER, noon: datetime) -> None:
    account, colleague = factories.make_account(), factories.make_account(name="Eva Sol")
    provider, _row = make_provider(manager=account)
    people = f"/account/organisations/{provider.id}/people"
    page = browser(account)

    nobody = {"email": "nobody@x.example", "role": "clerk"}
    refused = page.send(people, nobody, button="Add", status=422)
    page.send(people, {"email": colleague.email.upper(), "role": "clerk"}, button="Add")

    assert "Nobody has an account" in refused.text
    assert "Eva Sol" in page.open(people).text
    assert provider.name in browser(colleague).open("/account/organisations").text
    browser(colleague).open(people, status=404)


def test_only_people_of_the_staff_are_named_for_the_council(
    browser: BROWSER, noon: datetime
) -> None:
    page = browser(factories.make_account("administrator"))
    resident, clerk = factories.make_account(), factories.make_account("clerk", name="Ines Rey")

    refused = page.send("/staff/council", {"email": resident.email, "side": "civil"}, status=422)
    named = page.send("/staff/council", {"email": clerk.email, "side": "civil"})

    assert "need an account of the staff" in refused.text
    assert "Ines Rey: Civil society" in named.text


def test_a_renewal_begins_with_the_last_answers(browser: BROWSER, noon: datetime) -> None:
    account = factories.make_account()
    provider, _row = make_provider(manager=account)
    own = f"/account/organisations/{provider.id}"

    page = browser(account).send(own, button="Begin a new application")

    assert "you can send the application" not in page.text
    assert page.select_one(f"form[action='{own}/send']")


def test_a_manager_asks_for_another_account_and_the_desk_confirms_it(
    browser: BROWSER, noon: datetime
) -> None:
    account, clerk = factories.make_account(), factories.make_account("clerk")
    provider, row = make_provider(manager=account)
    manager, desk = browser(account), browser(clerk)
    here, item = f"/account/organisations/{provider.id}/bank", f"/staff/accreditations/{row.id}"
    assert IBAN in manager.open(here).main.text

    wrong = manager.send(here, {"iban": "ES00"}, button="Ask for the change", status=422)
    assert "not a valid IBAN" in wrong.select_one("#iban-error").text
    page = manager.send(here, {"iban": "DE89 3704 0044 0532 0130 00"}, button="Ask for the change")
    assert "DE89370400440532013000" in page.main.text
    page = desk.send(item, button="Confirm the account")
    assert "counts in seven days" in page.text
    assert "was confirmed" in manager.open(here).main.text
    manager.send(here, button="Stop the change")

    assert "Another bank account" not in desk.open(item).main.text
    desk.open(here, status=404)
