"""Pages about an error lead on: to what their sentence names, or back to the form."""

import io
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import Browser
from bs4 import BeautifulSoup
from factories import make_account, make_area
from factories_rounds import make_round
from flask import Flask

from app import leads, roll
from app.errors import Lead
from app.factory import FILE_MEGABYTES, REQUEST_BYTES_MAX
from app.policy import ADMINISTRATOR, ANONYMOUS, CLERK, ENDPOINTS, ROUND_OFFICER, Actor

BROWSER = Callable[..., Browser]
APP = Path(roll.__file__ or "").parent.parent


def _links(page: BeautifulSoup) -> dict[str, str]:
    return {link.get_text(strip=True): str(link["href"]) for link in page.select("main a[href]")}


def _send_too_much(visitor: Browser, path: str, **headers: str) -> BeautifulSoup:
    file = (io.BytesIO(b"x" * REQUEST_BYTES_MAX), "large.csv")
    answer = visitor.client.post(path, data={"file": file}, headers=headers)
    answer.request.environ["wsgi.input"].close()  # a large upload lies in a file
    assert answer.status_code == 413
    return BeautifulSoup(answer.text, "html.parser")


def test_a_file_that_is_too_large_is_told_the_limit_of_its_page_and_the_way_back(
    browser: BROWSER,
) -> None:
    make_round(slug="r", state="draft")
    clerk = browser(make_account(CLERK, ROUND_OFFICER))

    page = _send_too_much(clerk, "/staff/rounds/r/roll")

    assert "up to 10 MB" in page.text
    assert _links(page)["Back to the form"] == "/staff/rounds/r/roll"


def test_the_way_back_is_the_page_on_which_the_form_stood(browser: BROWSER) -> None:
    administrator = browser(make_account(ADMINISTRATOR))

    page = _send_too_much(
        administrator, "/staff/areas/shapes", Referer="http://localhost/staff/areas?all=1"
    )

    assert "up to 5 MB" in page.text
    assert _links(page)["Back to the form"] == "/staff/areas?all=1"


def test_another_site_is_no_way_back(browser: BROWSER) -> None:
    administrator = browser(make_account(ADMINISTRATOR))

    page = _send_too_much(
        administrator, "/staff/areas/shapes", Referer="http://elsewhere.example/staff/areas"
    )

    assert "Back to the form" not in _links(page)


def test_a_page_that_takes_no_file_asks_for_a_shorter_text(browser: BROWSER) -> None:
    page = _send_too_much(browser(), "/account/sign-in")

    assert "MB" not in page.text
    assert "Shorten it" in page.text


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/staff/rounds/r/roll", "roll.overview"),
        ("/staff/rounds/import", "results.import_election"),
        ("/staff/areas", "admin.upload_shapes"),
    ],
)
def test_the_page_names_the_limit_that_its_refusal_names(
    browser: BROWSER, path: str, endpoint: str
) -> None:
    make_area()
    make_round(slug="r", state="draft")
    staff = browser(make_account(ADMINISTRATOR, CLERK, ROUND_OFFICER))

    assert f"{FILE_MEGABYTES[endpoint]} MB" in staff.open(path).text


def test_the_largest_file_fits_into_a_request_with_the_fields_of_its_form() -> None:
    assert max(FILE_MEGABYTES.values()) * 1_000_000 + 500_000 <= REQUEST_BYTES_MAX
    operators = (APP.parent / "docs" / "operators.md").read_text()
    assert f"requests be {REQUEST_BYTES_MAX // 1_000_000} MB" in operators


def test_a_page_that_is_named_is_a_link(browser: BROWSER) -> None:
    make_round(slug="r", state="voting")

    page = browser().open("/rounds/r/projects/none", status=404)

    assert _links(page)["All projects"] == "/rounds/r/projects"


def test_what_has_been_fixed_leads_to_the_rule_sheet(browser: BROWSER) -> None:
    make_round(slug="r", state="draft")
    officer = browser(make_account(ROUND_OFFICER))
    frozen = make_round(slug="s", state="frozen")

    page = officer.send(
        "/staff/rounds/r/setup/basics",
        to=f"/staff/rounds/{frozen.row.slug}/setup/basics",
        status=409,
    )

    assert _links(page)["The rule sheet"] == "/rounds/s/rules"


def test_a_refused_act_leads_back_to_the_page_before(browser: BROWSER) -> None:
    make_round(slug="r", state="draft")
    officer = browser(make_account(ROUND_OFFICER))
    token = officer.open("/staff/rounds/r").select_one("[name=csrf_token]")["value"]

    answer = officer.client.post(
        "/staff/rounds/r/freeze",
        data={"csrf_token": token},
        headers={"Referer": "http://localhost/staff/rounds/r"},
    )

    links = _links(BeautifulSoup(answer.text, "html.parser"))
    assert answer.status_code == 409
    assert "/staff/rounds/r" in links.values()


def test_nobody_is_led_to_where_they_may_not_go(app: Flask) -> None:
    staff_page = Lead("The round", "rounds.manage", {"slug": "r"})
    resident = Actor(account_id=uuid.uuid4(), level="link")
    officer = replace(resident, roles=frozenset({ROUND_OFFICER}), level="full")

    with app.test_request_context("/"):
        assert leads.link(staff_page, resident) is None
        assert leads.link(staff_page, officer) == ("The round", "/staff/rounds/r")


def test_a_lead_takes_the_round_from_the_address_or_is_left_out(app: Flask) -> None:
    lead = Lead("The round", "rounds.show")

    with app.test_request_context("/rounds/r/projects/none"):
        assert leads.link(lead, ANONYMOUS) == ("The round", "/rounds/r")
    with app.test_request_context("/"):
        assert leads.link(lead, ANONYMOUS) is None


def test_every_lead_goes_to_a_page_that_there_is() -> None:
    source = "\n".join(path.read_text() for path in APP.glob("**/*.py") if "node_" not in str(path))

    endpoints = re.findall(r'Lead\(\s*_?(?:lazy)?\(".*?"\),\s*"([\w.]+)"', source)

    assert len(endpoints) > 10
    assert set(endpoints) <= set(ENDPOINTS)
