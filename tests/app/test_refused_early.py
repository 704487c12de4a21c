"""What is refused before any page is reached still ends in a page with a sentence."""

from collections.abc import Callable

import pytest
from browsing import Browser
from factories import make_account

BROWSER = Callable[..., Browser]


def test_a_form_that_was_open_for_too_long_says_so(browser: BROWSER) -> None:
    visitor = browser(make_account(name="Marta"))

    answer = visitor.client.post("/account/name", data={"csrf_token": "old", "name": "Maria"})

    assert answer.status_code == 400
    assert "Go back, reload the page" in answer.text
    assert "Valdeagua" in answer.text
    assert "Marta" in answer.text, "town and person are known on this page too"


def test_a_form_that_another_site_sent_says_so(browser: BROWSER) -> None:
    answer = browser().client.post(
        "/account/name", data={}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 400
    assert "came from another site" in answer.text


def test_a_form_that_is_too_large_says_so(browser: BROWSER) -> None:
    answer = browser().client.post("/account/name", data={"name": "x" * 11_000_000})

    assert answer.status_code == 413
    assert "More was sent than this page takes" in answer.text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", ""])
def test_only_files_may_be_large(browser: BROWSER, kind: str) -> None:
    answer = browser().client.post("/account/sign-in", data=b"a=&" * 200_000, content_type=kind)

    assert answer.status_code == 413
    assert "More was sent than this page takes" in answer.text


def test_a_field_without_a_name_is_refused_in_a_sentence(browser: BROWSER) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"

    answer = browser().client.post(
        "/account/sign-in", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_an_address_in_a_header_that_nobody_can_read_is_refused_in_a_sentence(
    browser: BROWSER, header: str
) -> None:
    visitor = browser()
    token = visitor.open("/account/sign-in").select_one("[name=csrf_token]")["value"]

    answer = visitor.client.post(
        "/staff/town", data={"csrf_token": token}, headers={header: "http://["}
    )

    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text


def test_a_host_that_cannot_be_a_name_is_refused_in_a_sentence(browser: BROWSER) -> None:
    answer = browser().client.get("/", headers={"Host": "x" * 100})

    assert answer.status_code == 400
    assert "name of this site" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
