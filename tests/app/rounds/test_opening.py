"""The vote opens by two officers and a date, and closes once, at its minute."""

from datetime import UTC, datetime, timedelta

import pytest
from factories_rounds import at_once, make_round

from app import clock
from app.db import read_tx, run_tx
from app.errors import ConflictError
from app.jobs import service as jobs
from app.jobs import worker
from app.rounds import announcing, closing, opening, queries, service
from app.rounds.models import RoundState

pytestmark = pytest.mark.usefixtures("context")

OPENS = datetime(2027, 5, 3, 7, 0, tzinfo=UTC)
CLOSES = datetime(2027, 5, 17, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def frozen(at, context):
    """A round that is fixed, has a roll, and opens at OPENS; it is a day before."""
    at(OPENS - timedelta(days=1))
    return make_round(
        "frozen",
        roll_approved_at=OPENS - timedelta(days=2),
        voting_opens_at=OPENS,
        voting_closes_at=CLOSES,
    )


def state_of(made) -> str:
    return read_tx(lambda session: queries.round_by_id(session, made.id)).state


def test_a_vote_approved_before_its_date_opens_by_itself_on_it(
    frozen, officer, approve, at, audited
) -> None:
    approve(opening.propose_open(officer, frozen.slug))
    assert state_of(frozen) == RoundState.FROZEN

    at(OPENS - SECOND)
    worker.run_due()
    assert state_of(frozen) == RoundState.FROZEN

    at(OPENS)
    worker.run_due()
    assert state_of(frozen) == RoundState.VOTING
    assert "round.opened_by_date" in audited(frozen.slug)


def test_a_vote_approved_after_its_date_opens_at_once(frozen, officer, approve, at) -> None:
    at(OPENS + timedelta(hours=2))

    approve(opening.propose_open(officer, frozen.slug))

    row = read_tx(lambda session: queries.round_by_id(session, frozen.id))
    assert (row.state, row.opened_at) == (RoundState.VOTING, OPENS + timedelta(hours=2))


def test_without_an_approved_roll_no_vote_opens(officer) -> None:
    made = make_round("frozen")

    with pytest.raises(ConflictError, match="voter roll"):
        opening.propose_open(officer, made.slug)


def test_a_vote_whose_time_is_over_does_not_open(frozen, officer, at) -> None:
    at(CLOSES)

    with pytest.raises(ConflictError, match="time for voting is over"):
        opening.propose_open(officer, frozen.slug)


def test_a_folder_for_keys_that_is_missing_keeps_the_vote_shut(frozen, officer, settings) -> None:
    settings.key_dir.rmdir()

    with pytest.raises(ConflictError, match="folder for keys"):
        opening.propose_open(officer, frozen.slug)


def test_a_vote_that_two_officers_opened_is_not_proposed_again(frozen, officer, approve) -> None:
    approve(opening.propose_open(officer, frozen.slug))

    with pytest.raises(ConflictError, match="opens on its date"):
        opening.propose_open(officer, frozen.slug)


def test_two_officers_opening_at_once_open_once(
    app, frozen, officer, third_officer, approve, at, audited
) -> None:
    at(OPENS)
    approval = opening.propose_open(officer, frozen.slug)

    outcomes = at_once(app, lambda: approve(approval), lambda: approve(approval, by=third_officer))

    assert sorted(type(one).__name__ for one in outcomes) == ["ConflictError", "NoneType"]
    assert state_of(frozen) == RoundState.VOTING
    assert audited(frozen.slug).count("round.open.approved") == 1


def test_voting_ends_by_itself_at_its_minute_and_the_count_is_sealed_next(
    frozen, officer, approve, at
) -> None:
    at(OPENS)
    approve(opening.propose_open(officer, frozen.slug))

    at(CLOSES - SECOND)
    worker.run_due()
    row = read_tx(lambda session: queries.round_by_id(session, frozen.id))
    assert row.state == RoundState.VOTING
    assert queries.can_vote(row, clock.now())

    at(CLOSES)
    assert not queries.can_vote(row, clock.now())  # whether the job ran or not
    run_tx(lambda session: closing.close_by_date(session, frozen.id))
    row = read_tx(lambda session: queries.round_by_id(session, frozen.id))
    assert (row.state, row.closed_at) == (RoundState.CLOSED, CLOSES)
    assert read_tx(lambda session: jobs.find(session, f"seal:{frozen.id}")).kind == (
        "results.seal_count"
    )


def test_the_job_of_the_close_is_due_at_the_date_of_the_close(frozen, officer, approve, at) -> None:
    at(OPENS)
    approve(opening.propose_open(officer, frozen.slug))

    at(CLOSES - SECOND)
    assert worker.run_due() == 0
    at(CLOSES)
    worker.run_due()
    assert state_of(frozen) == RoundState.CLOSED


def test_closing_twice_is_one_event(context) -> None:
    made = make_round("voting")
    now = clock.now()
    run_tx(lambda session: service.close(session, service.hold(session, made.id), now))

    with pytest.raises(ConflictError, match="moved on"):
        run_tx(lambda session: service.close(session, made.row, now))
    run_tx(lambda session: closing.close_by_date(session, made.id))

    row = read_tx(lambda session: queries.round_by_id(session, made.id))
    assert row.closed_at == now


def test_ending_early_takes_a_reason_and_a_second_officer(officer, approve, audited) -> None:
    made = make_round("voting")

    approve(closing.propose_close(officer, made.slug, reason="A forged letter was found."))

    assert state_of(made) == RoundState.CLOSED
    assert audited(made.slug) == ["round.close.proposed", "round.close.approved"]


def test_a_round_is_announced_by_one_officer_and_reviewed_from_the_date_on(
    officer, at, audited
) -> None:
    at(OPENS)
    made = make_round("draft")
    announcing.announce(officer, made.slug)
    assert state_of(made) == RoundState.PROPOSALS

    at(made.row.proposals_close_at - SECOND)
    worker.run_due()
    assert state_of(made) == RoundState.PROPOSALS

    at(made.row.proposals_close_at)
    worker.run_due()
    assert state_of(made) == RoundState.REVIEW
    assert audited(made.slug) == ["round.announce", "round.proposals_ended_by_date"]


def test_a_round_without_proposals_goes_straight_to_the_review(officer) -> None:
    made = make_round("draft", proposals_open_at=None, proposals_close_at=None)

    announcing.announce(officer, made.slug)

    assert state_of(made) == RoundState.REVIEW


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"summary": ""}, "Describe the round"),
        ({"ballot": {}}, "kind of ballot"),
        ({"rule": {}}, "how the money is allocated"),
        ({"voting_opens_at": None}, "Set the dates"),
        ({"proposals_close_at": datetime(2020, 1, 1, tzinfo=UTC)}, "would be over already"),
    ],
)
def test_a_round_that_is_not_complete_is_not_announced(officer, broken, sentence) -> None:
    made = make_round("draft", **{"summary": "For all.", **broken})
    if "rule" in broken:
        run_tx(lambda s: service.hold(s, made.id).sqlmodel_update({"rule": {}}))

    with pytest.raises(ConflictError, match=sentence):
        announcing.announce(officer, made.slug)


def test_two_officers_announcing_at_once_announce_once(
    app, officer, second_officer, audited
) -> None:
    made = make_round("draft", summary="For all.")

    outcomes = at_once(
        app,
        lambda: announcing.announce(officer, made.slug),
        lambda: announcing.announce(second_officer, made.slug),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["ConflictError", "RoundRow"]
    assert audited(made.slug) == ["round.announce"]
