import factories_ballots
import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _factories_use_the_app(app: Flask) -> None:
    factories_ballots.use(app)
