"""`minga user create`."""

import re
from collections.abc import Callable

import factories
import pytest
from browsing import Browser
from click.testing import CliRunner, Result
from flask import Flask

from app.accounts import queries
from app.accounts.cli import user
from app.db import read_tx

MARA = "mara@valdeagua.example"


def _create(app: Flask, *words: str) -> Result:
    with app.app_context():
        return CliRunner().invoke(user, ["create", *words])


def test_the_first_administrator_gets_a_link(app: Flask, browser: Callable[..., Browser]) -> None:
    done = _create(app, "--role", "administrator", "--name", "Mara Luz", "--email", MARA)

    assert done.exit_code == 0, done.output
    path = re.sub(r"^https?://[^/]+", "", done.output.strip())
    page = browser().open(path)
    assert "Mara Luz" in page.main.text
    [(account, roles)] = read_tx(queries.staff)
    assert (account.email, roles) == (MARA, {"administrator"})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--role", "clerk", "--name", " "], "The name is empty"),
        (["--role", "clerk", "--name", "Mara", "--email", "mara"], "no e-mail address"),
        (["--role", "clerk", "--name", "Mara", "--email", "eva@valdeagua.example"], "another acc"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(
    app: Flask, words: list[str], sentence: str
) -> None:
    factories.make_account(email="eva@valdeagua.example")

    done = _create(app, *words)

    assert sentence in str(done.exception)
    assert read_tx(queries.staff) == []


def test_an_unknown_role_is_wrong_usage(app: Flask) -> None:
    assert _create(app, "--role", "emperor", "--name", "Mara").exit_code == 2
