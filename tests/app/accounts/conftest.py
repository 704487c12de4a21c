import pytest
from flask import Flask
from postbox import Mailbox


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    return Mailbox(app)
