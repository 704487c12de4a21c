"""Many at once: as real requests, on both engines."""

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from factories_ballots import make_code, make_pass, make_roll, pass_cookie
from factories_rounds import MadeRound, make_round
from flask import Flask
from sqlalchemy import select

from app import clock
from app.ballots import queries
from app.ballots.models import ballot, ballot_head
from app.db import read_tx, run_tx
from app.roll import passes
from app.roll.models import RollEntryRow
from app.rounds import queries as rounds
from app.rounds import service
from voting.ballots import validate

CLIENTS = 64
VOTERS = 500
WITH_CODES = 8
PROJECTS = ("bench", "pool", "trees", "library")

Act = Callable[[], None]


class Booth:
    """The booth of a round, with one form session for all, which carries nothing of a voter."""

    def __init__(self, app: Flask, round_: MadeRound) -> None:
        self.app = app
        self.address = f"/ballot/{round_.slug}/{round_.pot.id}/cast"
        client = app.test_client()
        self.token = _token(client.get(f"/ballot/{round_.slug}").text)
        self.session = client.get_cookie("session").value


class Voter:
    """Somebody in the booth, with as many devices as wanted."""

    def __init__(self, booth: Booth, entry: RollEntryRow) -> None:
        self._booth = booth
        self._pass = pass_cookie(make_pass(entry))

    def cast(self, projects: Sequence[str], cast_key: str | None = None) -> int:
        """Send a form; `cast_key` is that of an earlier one when it is sent again."""
        device = self._booth.app.test_client()
        device.set_cookie(passes.COOKIE, self._pass)
        device.set_cookie("session", self._booth.session)
        answer = device.post(
            self._booth.address,
            data={
                "csrf_token": self._booth.token,
                "cast_key": cast_key or secrets.token_hex(16),
                "project": projects,
            },
        )
        return int(answer.status_code)


def _token(page: str) -> str:
    [token] = set(re.findall(r'name="csrf_token" value="([^"]+)"', page))
    return token


def _all_at_once(acts: Sequence[Act]) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()


def _close(round_: MadeRound) -> Any:
    def close(session: Any) -> Any:
        row = session.merge(round_.row)
        service.close(session, row, clock.now())
        return row

    return run_tx(close)


def test_64_clients_cast_and_change_for_500_voters_and_500_ballots_count(app: Flask) -> None:
    round_ = make_round(limits={"number_min": 1, "number_max": 2, "blank_allowed": False})
    entries = make_roll(round_, VOTERS)
    booth = Booth(app, round_)
    voters = [Voter(booth, entry) for entry in entries]
    codes = [make_code(entry) for entry in entries[:WITH_CODES]]
    answers: list[int] = []
    count = answers.append

    def acts_of(voter: Voter, number: int) -> list[Act]:
        one, other = [PROJECTS[number % len(PROJECTS)]], ["pool", "trees"]
        key = secrets.token_hex(16)
        return [
            lambda: count(voter.cast(one)),
            lambda: count(voter.cast(other, key)),
            lambda: count(voter.cast(other, key)),  # the same form once more
            *([lambda: count(voter.cast(one))] if number % 10 == 0 else []),
            *([lambda: count(voter.cast(["bench", "pool", "trees"]))] if number % 10 == 1 else []),
        ]

    def sign_in(code: str) -> None:
        client = app.test_client()
        page = client.get(f"/ballot/{round_.slug}").text
        data = {"csrf_token": _token(page), "code": code}
        assert client.post(f"/ballot/{round_.slug}", data=data).status_code == 303

    acts = [act for number, voter in enumerate(voters) for act in acts_of(voter, number)]
    acts += [lambda code=code: sign_in(code) for code in codes]
    secrets.SystemRandom().shuffle(acts)
    started = time.perf_counter()
    _all_at_once(acts)
    seconds = time.perf_counter() - started

    print(f"{len(answers) / seconds:.0f} casts a second")  # noqa: T201 (shown with -s)
    assert Counter(answers) == {303: 3 * VOTERS + VOTERS // 10, 422: VOTERS // 10}
    closed = _close(round_)
    counted = read_tx(lambda s: queries.counted_ballots(s, closed, round_.pot))
    rules = read_tx(lambda s: rounds.ballot_rules(s, closed, round_.pot))
    assert len(counted) == VOTERS
    for choices in counted:
        validate(rules, choices)
    assert read_tx(_versions_are_gapless)


def _versions_are_gapless(session: Any) -> bool:
    """Each slot holds the versions 1 to its head, and no commitment twice."""
    execute = session.connection().execute
    heads = {row.slot: row.version for row in execute(select(ballot_head))}
    held: dict[bytes, list[int]] = {slot: [] for slot in heads}
    for slot, version in execute(select(ballot.c.slot, ballot.c.version)):
        held[slot].append(version)
    return all(sorted(held[slot]) == list(range(1, head + 1)) for slot, head in heads.items())


def test_64_parallel_sendings_of_one_form_make_one_ballot(app: Flask) -> None:
    round_ = make_round()
    voter = Voter(Booth(app, round_), make_roll(round_)[0])
    key = secrets.token_hex(16)
    answers: list[int] = []

    _all_at_once([lambda: answers.append(voter.cast(["bench"], key))] * CLIENTS)

    assert answers == [303] * CLIENTS
    versions = read_tx(lambda s: s.connection().execute(select(ballot.c.version)).scalars().all())
    assert versions == [1]


def test_64_parallel_changes_by_one_voter_stop_at_50_versions(app: Flask) -> None:
    round_ = make_round()
    voter = Voter(Booth(app, round_), make_roll(round_)[0])
    answers: list[int] = []

    _all_at_once([lambda: answers.append(voter.cast(["bench"]))] * CLIENTS)

    assert Counter(answers) == {303: 50, 429: 14}
    assert read_tx(_versions_are_gapless)


def test_a_close_in_the_middle_of_the_rush_counts_what_was_answered_as_cast(app: Flask) -> None:
    round_ = make_round()
    booth = Booth(app, round_)
    voters = [Voter(booth, entry) for entry in make_roll(round_, 60)]
    answers: list[int] = []
    acts: list[Act] = [lambda one=one: answers.append(one.cast(["bench"])) for one in voters]
    acts.insert(30, lambda: _close(round_))

    _all_at_once(acts)

    assert set(answers) <= {303, 409}
    closed = read_tx(lambda s: rounds.round_by_id(s, round_.id))
    counted = read_tx(lambda s: queries.counted_ballots(s, closed, round_.pot))
    assert len(counted) == answers.count(303)
