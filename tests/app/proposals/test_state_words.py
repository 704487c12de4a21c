import pytest
from flask import Flask

from app.proposals.rules import ProposalState, Verdict


@pytest.mark.parametrize("state", [*ProposalState, *Verdict])
def test_every_state_has_a_word_of_its_own(app: Flask, state: str) -> None:
    with app.test_request_context():
        sheet = app.jinja_env.get_template("proposals/_sheet.html")
        words = {one: str(sheet.module.state_tag(one)) for one in (*ProposalState, *Verdict)}

    assert list(words.values()).count(words[state]) == 1
