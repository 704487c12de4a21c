import secrets
from datetime import timedelta

import pytest
from factories_ballots import make_ballot, make_pass, make_roll
from factories_rounds import make_round
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.ballots import queries
from app.ballots.errors import BallotRefusedError, TooManyChangesError
from app.ballots.models import ballot, ballot_head
from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.roll.sign_in import NotOpenError
from app.rounds import service
from voting.receipts import Record


@pytest.fixture(autouse=True)
def _in_app(app: Flask):
    with app.test_request_context():
        yield


def _count(table: object) -> int:
    query = select(func.count()).select_from(table)
    return read_tx(lambda session: session.connection().execute(query).scalar_one())


def _live(round_, known, pot):
    record = read_tx(lambda s: queries.live_record(s, round_.id, known.slots[pot.id]))
    return Record.decode(record, round_.row.ballot["ballot_type"]).choices if record else None


def test_a_cast_ballot_counts_once_and_is_receipted() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])

    receipt = make_ballot(known, round_.pot.id, {"project": ["bench", "pool"]})

    assert receipt.counts
    assert len(receipt.tracking_code) == 19
    assert receipt.due == round_.row.voting_closes_at.date()
    assert _live(round_, known, round_.pot).ids == ("bench", "pool")
    assert read_tx(lambda s: queries.turnout(s, round_.row)) == {round_.pot.id: 1}


def test_the_same_form_sent_again_gives_the_same_receipt() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    key = secrets.token_bytes(16)

    first = make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=key)
    again = make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=key)

    assert again == first
    assert _count(ballot) == 1


def test_a_stale_repeat_does_not_overwrite_a_newer_vote() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    old_tab = secrets.token_bytes(16)
    old = make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=old_tab)
    make_ballot(known, round_.pot.id, {"project": ["pool"]})

    repeat = make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=old_tab)

    assert repeat.commitment == old.commitment
    assert not repeat.counts
    assert _live(round_, known, round_.pot).ids == ("pool",)


def test_a_voter_may_go_back_to_an_earlier_choice() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])

    for projects in (["bench"], ["pool"], ["bench"]):
        make_ballot(known, round_.pot.id, {"project": projects})

    assert _live(round_, known, round_.pot).ids == ("bench",)
    assert (_count(ballot), _count(ballot_head)) == (3, 1)


def test_the_fifty_first_version_is_refused() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    for _ in range(50):
        make_ballot(known, round_.pot.id, {"project": ["bench"]})

    with pytest.raises(TooManyChangesError):
        make_ballot(known, round_.pot.id, {"project": ["pool"]})

    assert _live(round_, known, round_.pot).ids == ("bench",)
    assert _count(ballot) == 50


def test_a_ballot_a_second_before_the_close_is_taken(at) -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    at(round_.row.voting_closes_at - timedelta(seconds=1))

    assert make_ballot(known, round_.pot.id, {"project": ["bench"]}).counts


def test_a_ballot_at_the_instant_of_the_close_is_refused(at) -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    at(round_.row.voting_closes_at)

    with pytest.raises(NotOpenError):
        make_ballot(known, round_.pot.id, {"project": ["bench"]})

    assert _count(ballot) == 0


def test_a_ballot_after_an_early_close_is_refused() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    run_tx(lambda session: service.close(session, session.merge(round_.row), clock.now()))

    with pytest.raises(NotOpenError):
        make_ballot(known, round_.pot.id, {"project": ["bench"]})


@pytest.mark.parametrize(
    ("ballot_type", "limits", "fields", "sentence"),
    [
        ("approval", {"number_max": 2}, {"project": ["bench", "pool", "trees"]}, "Take out 1."),
        ("approval", {"number_min": 2}, {"project": ["bench"]}, "Add 1 more."),
        (
            "knapsack",
            {},
            {"project": ["bench", "pool", "trees", "library"]},
            "€10,500 together, €500 more than the budget of €10,000",
        ),
        ("points", {}, {"points-bench": "8", "points-pool": "7"}, "Take back 5 points."),
        ("points", {}, {"points-bench": "-3"}, "cannot be below 0"),
        ("points", {}, {"points-bench": "three"}, "whole number in figures"),
        (
            "ranking",
            {},
            {f"rank-{p}": n for n, p in enumerate(("bench", "pool", "trees", "library"), 1)},
            "at most 3",
        ),
        (
            "ranking",
            {},
            {"rank-bench": "1", "rank-pool": "1"},
            "Place 1 is given to “Bench”, “Pool”",
        ),
        ("scores", {}, {"points-bench": "6"}, "highest score is 5"),
        ("approval", {}, {"project": ["bench", "bench"]}, "sent twice"),
        ("approval", {}, {"project": ["castle"]}, "“castle” is not on this ballot"),
        ("approval", {"blank_allowed": False}, {}, "Choose at least 1 project"),
    ],
)
def test_a_forged_form_is_refused_naming_limit_and_excess(
    ballot_type: str, limits: dict, fields: dict, sentence: str
) -> None:
    projects = [("bench", 100_000), ("pool", 300_000), ("trees", 250_000), ("library", 400_000)]
    round_ = make_round(ballot_type=ballot_type, limits=limits, projects=projects)
    known = make_pass(make_roll(round_)[0])

    with pytest.raises(BallotRefusedError) as refused:
        make_ballot(known, round_.pot.id, fields)

    assert sentence in str(refused.value).replace("\xa0", " ")
    assert _count(ballot) == 0
    assert _count(ballot_head) == 0


def test_an_empty_ballot_counts_where_the_rules_allow_it() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])

    make_ballot(known, round_.pot.id, {})

    assert _live(round_, known, round_.pot).is_blank


def test_a_pot_of_another_district_cannot_be_voted_on() -> None:
    round_ = make_round(pots={"north": 500_000, "south": 500_000})
    known = make_pass(make_roll(round_, {"north": 1})[0])
    _north, south = round_.pots

    with pytest.raises(NotFoundError):
        make_ballot(known, south.id, {"project": ["pool"]})


def test_nothing_is_counted_before_the_close() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    make_ballot(known, round_.pot.id, {"project": ["bench"]})

    with pytest.raises(queries.StillOpenError):
        read_tx(lambda s: queries.counted_ballots(s, round_.row, round_.pot))
    with pytest.raises(queries.StillOpenError):
        read_tx(lambda s: queries.commitments(s, round_.id))


def test_after_the_close_the_last_ballot_of_each_slot_is_counted() -> None:
    round_ = make_round(pots={"town": 500_000, "north": 500_000})
    first, second = (make_pass(entry) for entry in make_roll(round_, {"north": 2}))
    town, north = round_.pots
    make_ballot(first, town.id, {"project": ["bench"]})
    last = make_ballot(first, town.id, {"project": ["trees"]})
    other = make_ballot(second, north.id, {"project": ["pool"]})
    closed = _close(round_)

    in_town = read_tx(lambda s: queries.counted_ballots(s, closed, town))
    in_north = read_tx(lambda s: queries.counted_ballots(s, closed, north))
    sealed = read_tx(lambda s: queries.commitments(s, round_.id))

    assert [choices.ids for choices in in_town] == [("trees",)]
    assert [choices.ids for choices in in_north] == [("pool",)]
    assert sealed == sorted([last.commitment, other.commitment])


def _close(round_):
    def close(session):
        row = session.merge(round_.row)
        service.close(session, row, clock.now())
        return row

    return run_tx(close)
