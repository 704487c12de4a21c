import factories_results
import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def _use_app(app: Flask) -> None:
    factories_results.use(app)
