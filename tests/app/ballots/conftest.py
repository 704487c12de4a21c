import factories_ballots
import pytest
from flask import Flask


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application, which the factories of rolls and ballots use too."""
    factories_ballots.use(app)
    return app
