"""Nobody learns what was chosen before its time: every output of the program is asked."""

import re

import pytest
from click.testing import CliRunner
from factories import make_account
from factories_ballots import record_ballot
from factories_results import in_app, make_closed, make_count, make_published
from factories_rounds import make_round
from flask import Flask

from app.ballots.queries import StillOpenError
from app.cli.main import main
from app.db import read_tx, run_tx
from app.errors import ConflictError, NotFoundError
from app.policy import ADMINISTRATOR, AUDITOR, CLERK, REVIEWER, ROUND_OFFICER, Actor
from app.results import export, publication, runs, seal
from app.results.instance import pot_orders
from voting.choices import Choices
from voting.limits import BallotType

pytestmark = pytest.mark.usefixtures("app")

OFFICER = Actor(roles=frozenset({ROUND_OFFICER}), level="full")
EVERY_ROLE = (REVIEWER, CLERK, ROUND_OFFICER, AUDITOR, ADMINISTRATOR)
# Words and marks with which a page or file would tell what was chosen.
TELLING = re.compile(
    r"effective votes|Funded in step|Not funded|\b\d+ votes\b|won\W+true|;vote\b|supporters\W+\d"
)


def make_open_round():
    """A round in which 24 people have voted and more still can."""
    round_ = make_round("voting", slug="meadow")
    for number in range(24):
        chosen = ("bench",) if number % 2 else ("pool", "trees")
        choices = Choices.of_projects(BallotType.APPROVAL, chosen)
        record_ballot(round_, round_.pot.id, choices)
    return round_


def readable_addresses(app: Flask) -> list[str]:
    """Every address that can be read, with what belongs to the round filled in."""
    values = {"slug": "meadow", "name": "meadow", "reference": "bench", "run_no": 1}
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.arguments <= values.keys():
                given = {name: values[name] for name in rule.arguments}
                found.append(adapter.build(rule.endpoint, given))
    return found


@pytest.mark.parametrize("voting", [True, False], ids=["voting", "counted, not published"])
def test_no_public_address_tells_what_was_chosen(app: Flask, voting: bool) -> None:
    if voting:
        make_open_round()
    else:
        make_count(make_closed(slug="meadow"))
    addresses = readable_addresses(app)
    client = app.test_client()

    assert {"/rounds/meadow/results", "/rounds/meadow/runs/1"} <= set(addresses)
    assert {"/api/v1/rounds/meadow/results", "/rounds/meadow/ballots.pb"} <= set(addresses)
    for address in addresses:
        said = client.get(address, follow_redirects=True).data.decode(errors="replace")
        assert not TELLING.search(said), f"{address} tells {TELLING.search(said)}"


def test_the_marks_are_found_where_a_result_is_public(app: Flask) -> None:
    make_published(make_closed(slug="meadow"))
    client = app.test_client()

    telling = {
        address
        for address in readable_addresses(app)
        if TELLING.search(client.get(address).data.decode(errors="replace"))
    }

    assert {
        "/rounds/meadow/results",
        "/rounds/meadow/runs/1",
        "/rounds/meadow/ballots.pb",
        "/api/v1/rounds/meadow/results",
        "/api/v1/rounds/meadow/ballots.pb",
    } <= telling


def test_before_the_close_not_even_staff_are_told(app: Flask, browser) -> None:
    make_open_round()
    staff = browser(make_account(*EVERY_ROLE))

    for address in readable_addresses(app):
        said = staff.client.get(address, follow_redirects=True).data.decode(errors="replace")
        assert not TELLING.search(said), f"{address} tells {TELLING.search(said)}"


def test_before_the_close_nothing_counts_seals_or_exports() -> None:
    round_ = make_open_round()

    for act in (
        lambda s: runs.request_official(s, OFFICER, round_.id),
        lambda s: runs.request_what_if(s, OFFICER, round_.id, {"rule": "greedy"}, reason="Why"),
        lambda s: publication.propose_publication(s, OFFICER, round_.id),
        lambda s: publication.propose_draw(s, OFFICER, round_.id, "3 1 6"),
        lambda s: pot_orders(s, round_.row, "0" * 64),
        lambda s: export.file_for_staff(s, round_.row, round_.pot),
    ):
        with pytest.raises(ConflictError):
            in_app(run_tx)(act)
    with pytest.raises(NotFoundError):
        in_app(read_tx)(lambda s: export.published_file(s, round_.row, round_.pot))
    with pytest.raises((ValueError, StillOpenError)):
        run_tx(lambda s: seal.seal_count(s, round_.row))


@pytest.mark.parametrize("command", [["allocate"], ["publish"], ["export"]])
def test_before_the_close_the_command_line_refuses(
    app: Flask, settings, monkeypatch, tmp_path, command: list[str]
) -> None:
    make_open_round()
    monkeypatch.setattr("app.factory.make_app", lambda: app)
    out = tmp_path / "out.pb"
    more = [str(out)] if command == ["export"] else []

    result = CliRunner().invoke(main, ["round", *command, "meadow", *more])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert not out.exists()
