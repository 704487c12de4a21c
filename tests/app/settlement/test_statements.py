"""How the files of a settlement are called."""

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask_babel import Babel

from app.settlement.statements import Statement


def test_a_statement_bears_the_day_on_which_its_cut_off_was_in_the_town() -> None:
    app = Flask("a town east of Greenwich")
    Babel(app, timezone_selector=lambda: "Europe/Madrid")
    settled: Any = SimpleNamespace(
        batch=SimpleNamespace(cut_off_at=datetime(2027, 3, 14, 23, 0, tzinfo=UTC)),
        programme=SimpleNamespace(slug="care"),
        line=SimpleNamespace(id=uuid.UUID(int=0x1234ABCD)),
    )
    provider: Any = SimpleNamespace(name="Casa Azul")

    with app.test_request_context():
        assert Statement(settled, provider, ()).name == "care-2027-03-15-1234abcd"
