"""Where a round stands and what its timeline says, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from app import i18n
from app.rounds import phase_words
from app.rounds.models import RoundRow

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _words():
    """An application that knows how to write dates; no database is needed for words."""
    app = Flask("words")
    Babel(app, default_locale="en_GB")
    i18n.register(app)
    with app.test_request_context():
        yield


def _round(state: str, **values: Any) -> RoundRow:
    dates = {
        "voting_opens_at": datetime(2026, 11, 27, 9, 0, tzinfo=UTC),
        "voting_closes_at": datetime(2026, 12, 4, 18, 0, tzinfo=UTC),
        "results_at": datetime(2026, 12, 10, 12, 0, tzinfo=UTC),
    }
    return RoundRow(slug="r", title="R", state=state, **(dates | values))


def _lines(row: RoundRow) -> dict[str, tuple[str, str]]:
    return {name: (line, state) for name, line, state in phase_words.stages(row, NOON)}


def test_before_the_close_the_timeline_shows_what_is_planned() -> None:
    lines = _lines(_round("voting", opened_at=NOON))

    assert lines["Voting"] == ("27 November 2026 to 4 December 2026", "now")
    assert lines["Result"] == ("10 December 2026", "later")


def test_a_vote_that_was_ended_early_and_its_result_show_their_real_days() -> None:
    row = _round(
        "published",
        opened_at=NOON,
        closed_at=datetime(2026, 11, 29, 12, 0, tzinfo=UTC),
        published_at=datetime(2026, 11, 30, 12, 0, tzinfo=UTC),
    )

    lines = _lines(row)

    assert lines["Voting"] == ("27 November 2026 to 29 November 2026, ended early", "done")
    assert lines["Result"] == ("30 November 2026", "done")


def test_a_vote_of_a_single_day_names_the_day_once() -> None:
    row = _round("closed", opened_at=NOON, closed_at=NOON.replace(hour=15))

    assert _lines(row)["Voting"][0] == "27 November 2026, ended early"


def test_a_vote_that_ended_on_its_date_is_not_called_early() -> None:
    closed = datetime(2026, 12, 4, 18, 0, 40, tzinfo=UTC)  # the job runs a moment later

    lines = _lines(_round("closed", opened_at=NOON, closed_at=closed))

    assert lines["Voting"][0] == "27 November 2026 to 4 December 2026"


def test_a_round_in_which_nobody_proposes_is_not_under_review_but_in_preparation() -> None:
    row = _round("review", voting_opens_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    where = phase_words.phase(row, NOON)

    assert str(phase_words.TAGS[where.name][0]) == "In preparation"
    assert phase_words.sentence(row, NOON).startswith(
        "This round is being prepared. Voting opens on 1 December 2026"
    )
    assert _lines(row)["Voting"][1] == "later"


def test_a_round_with_proposals_is_under_review_after_them() -> None:
    opens = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    row = _round("review", proposals_open_at=opens, proposals_close_at=opens.replace(day=20))

    assert str(phase_words.TAGS[phase_words.phase(row, NOON).name][0]) == "Under review"
