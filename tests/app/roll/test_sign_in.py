"""Codes: what is typed, what is wrong, what is throttled, what is never written."""

import logging
import time
from datetime import timedelta
from statistics import median

import pytest
from factories_ballots import make_code, make_pass, make_roll
from factories_rounds import make_round
from flask import Flask
from sqlalchemy import text

from app import clock
from app.db import read_tx
from app.db.models import metadata
from app.roll import sign_in
from voting.codes import format_code
from voting.codes import make_code as code_of_bits

UNKNOWN = format_code(code_of_bits(selector_bits=1, secret_bits=2))
NOT_VOTES = {"throttle", "job"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the code that is printed on your letter."),
        ("ABCD-EFGH", "has 16 letters and figures, and you entered 8"),
        ("ABCD-EFGH-JKMU-PQRS", "Letter 12 of your code is “U”"),
        (UNKNOWN[:-1] + ("0" if UNKNOWN[-1] != "0" else "1"), "typing mistake"),
        ("X" * 5000, "This is not a code."),
    ],
)
def test_a_slip_is_found_before_it_counts(app: Flask, browser, typed: str, sentence: str) -> None:
    round_ = make_round()

    page = browser().send(f"/ballot/{round_.slug}", {"code": typed}, status=422)

    assert sentence in page.select_one("#code-error").text
    assert _rows("throttle") == 0


@pytest.mark.parametrize(
    "spelling", [str.lower, lambda c: c.replace("-", ""), lambda c: f"  {c.replace('-', ' ')} "]
)
def test_case_hyphens_and_blanks_do_not_matter(app: Flask, browser, spelling) -> None:
    round_ = make_round()
    code = make_code(make_roll(round_)[0])

    page = browser().send(f"/ballot/{round_.slug}", {"code": spelling(code)})

    assert page.h1.text == round_.pot.name


def test_unknown_void_and_foreign_codes_get_the_same_answer(app: Flask, browser) -> None:
    round_, other = make_round(), make_round()
    entry = make_roll(round_)[0]
    void = make_code(entry)
    make_code(entry)
    foreign = make_code(make_roll(other)[0])

    answers = set()
    for code in (UNKNOWN, void, foreign):
        page = browser().send(f"/ballot/{round_.slug}", {"code": code}, status=422)
        answers.add(page.select_one("#code-error").text)

    assert len(answers) == 1


def test_an_unknown_code_takes_as_long_as_a_wrong_secret(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(sign_in, "TOTAL_PER_SECOND_MAX", 1000)
    round_ = make_round()
    with app.test_request_context():
        code_ = make_code(make_roll(round_)[0])
        known = sign_in.VotingCode(code_[:4] + code_[5], "0" * 10)
        times = {"known": [], "unknown": []}
        for number in range(9):
            unknown = code_of_bits(selector_bits=number, secret_bits=1)
            for name, code in (("known", known), ("unknown", unknown)):
                started = time.process_time()
                with pytest.raises(sign_in.WrongCodeError):
                    sign_in.enter(round_.slug, code, address=f"192.0.{number}.1")
                times[name].append(time.process_time() - started)

    assert abs(median(times["known"]) - median(times["unknown"])) < 0.02


def test_after_ten_failures_even_the_right_code_is_refused_for_a_while(
    app: Flask, noon, at, browser
) -> None:
    round_ = make_round()
    right = make_code(make_roll(round_)[0])
    selector = right[:4] + right[5]
    wrong = _with_selector(selector)
    for number in range(10):
        at(noon + timedelta(seconds=number))
        browser().send(f"/ballot/{round_.slug}", {"code": wrong}, status=422)

    page = browser().send(f"/ballot/{round_.slug}", {"code": right}, status=429)
    assert "tried too often" in page.main.text
    at(noon + timedelta(minutes=20))
    assert browser().send(f"/ballot/{round_.slug}", {"code": right}).h1.text == round_.pot.name


def test_one_network_is_refused_after_300_failures_and_others_are_not(
    app: Flask, noon, monkeypatch
) -> None:
    monkeypatch.setattr(sign_in, "PER_NETWORK_MAX", 3)
    round_ = make_round()
    code = make_code(make_roll(round_)[0])
    with app.test_request_context():
        parsed = sign_in.VotingCode(code[:4] + code[5], code.replace("-", "")[5:15])
        for number in range(3):
            wrong = code_of_bits(selector_bits=number, secret_bits=1)
            with pytest.raises(sign_in.WrongCodeError):
                sign_in.enter(round_.slug, wrong, address="192.0.2.9")

        with pytest.raises(sign_in.throttle.TooManyError):
            sign_in.enter(round_.slug, parsed, address="192.0.2.200")
        assert sign_in.enter(round_.slug, parsed, address="198.51.100.1").slug == round_.slug


def test_in_a_flood_of_guesses_only_places_without_failures_pass(app: Flask, noon) -> None:
    round_ = make_round()
    code = make_code(make_roll(round_)[0])
    with app.test_request_context():
        parsed = sign_in.VotingCode(code[:4] + code[5], code.replace("-", "")[5:15])
        for number in range(10):
            wrong = code_of_bits(selector_bits=number, secret_bits=1)
            with pytest.raises(sign_in.WrongCodeError):
                sign_in.enter(round_.slug, wrong, address=f"192.0.{number}.1")

        with pytest.raises(sign_in.throttle.TooManyError):
            sign_in.enter(round_.slug, parsed, address="192.0.3.7")
        assert sign_in.enter(round_.slug, parsed, address="198.51.100.1")


def test_signing_in_and_casting_write_nothing_but_the_ballot(app: Flask, browser) -> None:
    round_ = make_round()
    code = make_code(make_roll(round_)[0])
    before = _digest()

    person = browser()
    person.send(f"/ballot/{round_.slug}", {"code": code})
    here = f"/ballot/{round_.slug}/{round_.pot.id}"
    person.send(here, {"project": ["bench"]}, button="Check and cast")
    person.send(f"{here}/review", button="Cast this ballot")

    changed = {name for name, rows in _digest().items() if rows != before[name]}
    assert changed == {"ballot", "ballot_head"}


def test_no_line_of_the_log_holds_a_code_or_a_choice(
    app: Flask, browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    round_ = make_round()
    code = make_code(make_roll(round_)[0])
    person = browser()

    person.send(f"/ballot/{round_.slug}", {"code": UNKNOWN}, status=422)
    person.send(f"/ballot/{round_.slug}", {"code": code})
    here = f"/ballot/{round_.slug}/{round_.pot.id}"
    person.send(here, {"project": ["bench"]}, button="Check and cast")
    person.send(f"{here}/review", button="Cast this ballot")

    for secret in (code, code.replace("-", ""), UNKNOWN, code.replace("-", "")[5:15], "bench"):
        assert secret not in caplog.text


def test_without_the_rounds_key_nobody_gets_in(app: Flask, browser) -> None:
    round_ = make_round()
    code = make_code(make_roll(round_)[0])
    folder = app.extensions["minga_settings"].key_dir
    (folder / f"round-{round_.id}.key").unlink()

    page = browser().send(f"/ballot/{round_.slug}", {"code": code}, status=503)

    assert "key of this round is not in its place" in page.main.text
    assert not (folder / f"round-{round_.id}.key").exists()


def test_a_pass_holds_the_slots_of_ones_own_pots_only(app: Flask) -> None:
    round_ = make_round(pots={"town": 500_000, "north": 500_000, "south": 500_000})
    town, north, _south = round_.pots

    known = make_pass(make_roll(round_, {"north": 1})[0])

    assert set(known.slots) == {town.id, north.id}
    assert known.expires_at > clock.now()


def _with_selector(selector: str) -> str:
    return format_code(sign_in.VotingCode(selector, "0" * 10))


def _rows(table: str) -> int:
    query = text(f"SELECT count(*) FROM {table}")  # noqa: S608 (a name of ours)
    return read_tx(lambda s: s.connection().execute(query).scalar_one())


def _digest() -> dict[str, list[str]]:
    """Return every row of every table that could tell on a voter, as text."""

    def read(session) -> dict[str, list[str]]:
        return {
            table.name: sorted(map(str, session.connection().execute(table.select())))
            for table in metadata().tables.values()
            if table.name not in NOT_VOTES
        }

    return read_tx(read)
