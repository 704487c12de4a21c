"""What is entered of an account can be written into a payment file."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from app.forms.bank import BankFields

ACCOUNT = {
    "iban": "ES91 2100 0418 4502 0005 1332",
    "legal_name": "Łódź & Hijos, S. Coop.",
    "street_name": "Calle Mayor",
    "building_number": "4-b",
    "postcode": "40001",
    "town": "Valdeagua",
    "country": "es",
}


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    app = Flask("app")
    app.config.update(SECRET_KEY="only for tests", WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context():
        yield


def errors(**changed: str) -> dict[str, list[str]]:
    form = BankFields(MultiDict(ACCOUNT | changed))
    form.validate()
    return {name: [str(one) for one in found] for name, found in form.errors.items()}


def test_an_account_as_banks_have_it_is_taken() -> None:
    assert errors() == {}


@pytest.mark.parametrize("text", ["\N{HOUSE BUILDING}\N{SPARKLES}", "Calle\ufffe", "- / -"])
def test_what_a_payment_file_cannot_hold_is_refused_where_it_is_entered(text: str) -> None:
    for name in ("legal_name", "street_name", "building_number", "town"):
        assert "letters and figures" in errors(**{name: text})[name][0]


def test_an_iban_with_two_figures_exchanged_is_refused_beside_it() -> None:
    assert list(errors(iban="ES91 2100 0418 4502 0005 1323")) == ["iban"]
