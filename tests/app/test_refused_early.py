"""What is refused before any page is reached still ends in a page with a sentence."""

from collections.abc import Callable

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
    assert "too large" in answer.text
