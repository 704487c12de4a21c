"""The roll: uploaded by one, approved by another, letters, lost letters. As clerks do it."""

import io

import pytest
from browsing import Browser
from factories import make_account, make_area
from factories_ballots import make_code, make_csv, make_pass, make_people, make_roll
from factories_rounds import MadeRound, make_round
from flask import Flask
from pypdf import PdfReader
from sqlmodel import select

from app import clock, keys
from app.accounts.models import ApprovalRow, AuditRow
from app.db import read_tx, run_tx
from app.roll import batches, queries, roll_entries, staging
from app.roll.models import RollEntryRow, RollEntryState, RollImportRow
from app.rounds.models import RoundRow
from app.town.models import AreaRow


@pytest.fixture
def clerk(app: Flask) -> Browser:
    return Browser(app, make_account("clerk"))


@pytest.fixture
def officer(app: Flask) -> Browser:
    return Browser(app, make_account("round_officer"))


@pytest.fixture
def round_(app: Flask) -> MadeRound:
    made = make_round("frozen", pots={"town": 500_000, "north": 500_000})
    make_area("south", kind="district")
    return made


def roll(round_: MadeRound) -> str:
    return f"/staff/rounds/{round_.slug}/roll"


def upload(browser: Browser, round_: MadeRound, data: bytes, status: int = 200, **fields: str):
    file = {"file": (io.BytesIO(data), "roll.csv")}
    return browser.send(roll(round_), file | fields, form="form[enctype]", status=status)


def approve(browser: Browser) -> None:
    approval = read_tx(
        lambda s: s.exec(select(ApprovalRow).order_by(ApprovalRow.id.desc())).first()
    )
    browser.send(f"/staff/decisions/{approval.id}", button="Approve")


def entries(round_: MadeRound) -> list[RollEntryRow]:
    query = select(RollEntryRow).where(RollEntryRow.round_id == round_.id)
    return read_tx(lambda s: list(s.exec(query).all()))


def imported(clerk: Browser, officer: Browser, round_: MadeRound, data: bytes) -> None:
    upload(clerk, round_, data)
    clerk.send(roll(round_), button="Ask a second person")
    approve(officer)


def test_a_roll_is_uploaded_by_one_person_and_approved_by_another(
    clerk: Browser, officer: Browser, round_: MadeRound
) -> None:
    data = make_csv([*make_people(3, district="north"), *make_people(2, district="south", first=4)])

    page = upload(clerk, round_, data)
    assert "without a fault" in page.text
    assert not entries(round_)
    clerk.send(roll(round_), button="Ask a second person")
    approve(officer)

    counts = read_tx(lambda s: queries.counts_by_district(s, round_.id))
    assert {district: count.people for district, count in counts.items()} == {
        "north": 3,
        "south": 2,
    }
    row = read_tx(lambda s: s.get(RoundRow, round_.id))
    assert row.roll_approved_at is not None


def test_whoever_asked_cannot_approve(clerk: Browser, round_: MadeRound) -> None:
    upload(clerk, round_, make_csv(make_people(1)))
    clerk.send(roll(round_), button="Ask a second person")
    approval = read_tx(lambda s: s.exec(select(ApprovalRow)).one())

    page = clerk.open(f"/staff/decisions/{approval.id}")

    assert not page.find("button", string=lambda text: text and "Approve" in text)
    assert not entries(round_)


def test_people_of_an_area_that_was_removed_since_do_not_come_onto_the_roll(
    clerk: Browser, officer: Browser, round_: MadeRound
) -> None:
    upload(clerk, round_, make_csv(make_people(2, district="south")))
    clerk.send(roll(round_), button="Ask a second person")
    run_tx(lambda s: s.delete(s.exec(select(AreaRow).where(AreaRow.code == "south")).one()))

    approval = read_tx(lambda s: s.exec(select(ApprovalRow)).one())
    officer.send(f"/staff/decisions/{approval.id}", button="Approve", status=409)

    assert entries(round_) == []


def test_every_fault_is_shown_with_its_line_and_nothing_is_kept(
    clerk: Browser, round_: MadeRound
) -> None:
    data = make_csv(make_people(3)) + b"00000002;west;Eva;Plaza 1;;;2020-01-01\nx\n"

    page = upload(clerk, round_, data, status=422)

    lines = {row.th.text: row.td.text for row in page.select("tbody tr") if row.th.text in "56"}
    assert set(lines) == {"5", "6"}
    assert page.title.text.startswith("Error:")
    assert read_tx(lambda s: s.exec(select(RollImportRow)).all()) == []


def test_a_file_of_50_mb_is_refused_with_a_sentence(clerk: Browser, round_: MadeRound) -> None:
    page = upload(clerk, round_, b"x" * 50_000_000, status=413)

    assert "too large" in page.main.text


def test_a_file_name_and_a_district_may_be_forged(clerk: Browser, round_: MadeRound) -> None:
    file = {"file": (io.BytesIO(make_csv(make_people(1))), "a\0<b>" + "é" * 300 + ".csv")}

    page = clerk.send(roll(round_), file, form="form[enctype]")
    assert "é.csv" in page.text

    clerk.send(roll(round_), {"district": "a\0b"}, to=f"{roll(round_)}/letters", status=409)


def test_names_and_addresses_are_in_the_database_only_sealed(
    app: Flask, clerk: Browser, round_: MadeRound, settings
) -> None:
    upload(clerk, round_, make_csv(make_people(2)))

    row = read_tx(lambda s: s.exec(select(RollImportRow)).one())
    assert row.staged
    for secret in (b"Person 1", b"Calle Mayor", b"00000001"):
        assert secret not in row.staged
        assert secret.decode() not in str(row.report)
    with app.app_context():
        assert staging.unseal_people(row.id, row.staged)[0].name == "Person 1"


def test_a_second_roll_keeps_entries_and_codes_of_those_who_stay(
    clerk: Browser, officer: Browser, round_: MadeRound
) -> None:
    stays, goes, moves = make_people(3)
    imported(clerk, officer, round_, make_csv([stays, goes, moves]))
    before = {entry.ext_key: entry for entry in entries(round_)}
    code = make_code(next(iter(before.values())))
    assert code

    moved = make_people(1, district="north", first=3)
    page = upload(clerk, round_, make_csv([stays, *moved, *make_people(1, first=9)]))
    facts = {
        row.dt.text.strip(): row.dd.text.strip() for row in page.select(".govuk-summary-list__row")
    }
    assert (facts["New on the roll"], facts["No longer on it"]) == ("1", "1")
    assert facts["Moved to another district"] == "1"
    clerk.send(roll(round_), button="Ask a second person")
    approve(officer)

    after = {entry.ext_key: entry for entry in entries(round_)}
    assert {key: entry.id for key, entry in after.items() if key in before} == {
        key: entry.id for key, entry in before.items()
    }
    states = sorted((entry.state, entry.district) for entry in after.values())
    assert [state for state, _ in states].count(RollEntryState.VOID) == 1
    assert ("no_code", "north") in states


def test_a_discarded_file_is_forgotten(clerk: Browser, round_: MadeRound) -> None:
    upload(clerk, round_, make_csv(make_people(1)))

    clerk.send(roll(round_), button="Forget this file")

    row = read_tx(lambda s: s.exec(select(RollImportRow)).one())
    assert (row.state, row.staged) == ("refused", None)


def test_while_one_file_waits_for_a_second_person_no_other_is_taken(
    app: Flask, clerk: Browser, round_: MadeRound
) -> None:
    upload(clerk, round_, make_csv(make_people(1)))
    page = clerk.open(roll(round_))
    assert page.select_one("form[enctype]")
    clerk.send(roll(round_), button="Ask a second person")

    assert clerk.open(roll(round_)).select_one("form[enctype]") is None


def test_once_voting_has_begun_the_roll_stays(app: Flask, clerk: Browser) -> None:
    round_ = make_round("voting")

    page = clerk.open(roll(round_))

    assert page.select_one("form[enctype]") is None


def test_20_000_people_enter_the_roll_within_seconds(app: Flask) -> None:
    round_ = make_round("frozen")
    people = make_people(20_000)
    with app.app_context():
        keys.make_round_key(round_.id)
        started = clock.now()
        run_tx(lambda session: roll_entries.bring_in_line(session, round_.row, people))
        seconds = (clock.now() - started).total_seconds()

    assert len(entries(round_)) == 20_000
    assert seconds < 20


def test_letters_are_made_taken_once_and_open_the_booth(
    app: Flask, clerk: Browser, officer: Browser, browser, at
) -> None:
    round_ = make_round("frozen")
    imported(clerk, officer, round_, make_csv(make_people(3)))

    clerk.send(roll(round_), button="Make the letters")
    batch = read_tx(lambda s: queries.letter_batches(s, round_.id)[0])
    assert "ready" in clerk.open(f"{roll(round_)}/letters/{batch.id}").main.text
    clerk.send(f"{roll(round_)}/letters/{batch.id}", button="Take the letters away")
    pdf = PdfReader(io.BytesIO(clerk.answer.data))

    assert len(pdf.pages) == 3
    text = pdf.pages[1].extract_text()
    assert "Person 2" in text
    assert "28990" not in text  # no postcode was in the file
    assert all(entry.state == RollEntryState.ACTIVE for entry in entries(round_))
    assert read_tx(lambda s: s.exec(select(RollImportRow)).one()).staged is None


def test_letters_are_gone_after_a_quarter_of_an_hour_and_for_everybody_else_at_once(
    app: Flask, noon, clerk: Browser, officer: Browser, at
) -> None:
    round_ = make_round("frozen")
    imported(clerk, officer, round_, make_csv(make_people(1)))
    clerk.send(roll(round_), button="Make the letters")
    batch = read_tx(lambda s: queries.letter_batches(s, round_.id)[0])
    colleague = Browser(app, make_account("clerk"))
    there = f"{roll(round_)}/letters/{batch.id}"
    token = colleague.open(there).select_one("[name=csrf_token]")["value"]
    clerk.send(there, button="Take the letters away")

    late = colleague.client.post(f"{there}/file", data={"csrf_token": token})
    assert late.status_code == 409
    clerk.send(there, button="Repeat the download")
    assert clerk.answer.mimetype == "application/pdf"
    assert "repeat it before 17 March 2027, 13:15" in " ".join(clerk.open(there).main.text.split())
    assert "keeps no copy" in colleague.open(there).main.text
    at(noon + batches.AGAIN_WITHIN)
    page = clerk.open(there)  # the job runs after a request
    assert "Repeat the download" not in page.main.text

    assert list((app.extensions["minga_settings"].instance / "letters").iterdir()) == []


def test_a_lost_letter_is_replaced_and_the_old_code_is_void(
    app: Flask, clerk: Browser, browser
) -> None:
    round_ = make_round("voting")
    entry = make_roll(round_)[0]
    old = make_code(entry)
    slots = make_pass(entry).slots

    clerk.send(f"{roll(round_)}/reissue", {"register_number": "00000001", "name": "Person 1"})

    text = PdfReader(io.BytesIO(clerk.answer.data)).pages[0].extract_text()
    assert "Person 1" in text
    [renewed] = entries(round_)
    assert make_pass(renewed).slots == slots
    page = browser().send(f"/ballot/{round_.slug}", {"code": old}, status=422)
    assert "does not open a ballot" in page.text
    audit = read_tx(
        lambda s: s.exec(select(AuditRow).where(AuditRow.action == "roll.reissued")).one()
    )
    assert audit.details == {"entry": str(entry.id)}


def test_an_unknown_register_number_gets_a_sentence(app: Flask, clerk: Browser) -> None:
    round_ = make_round("voting")
    make_roll(round_)

    page = clerk.send(f"{roll(round_)}/reissue", {"register_number": "999"}, status=422)

    assert "Nobody with this register number" in page.select_one(".govuk-error-message").text


def test_the_example_file_is_there_to_take(clerk: Browser, round_: MadeRound) -> None:
    answer = clerk.client.get(f"{roll(round_)}/example.csv")

    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("register_number;")


def test_the_example_names_the_smallest_areas_of_the_town(
    clerk: Browser, round_: MadeRound
) -> None:
    river = make_area("river", kind="neighbourhood", parent=_area("north"))
    assert river.parent_id

    text = clerk.client.get(f"{roll(round_)}/example.csv").text

    assert {line.split(";")[1] for line in text.splitlines()[1:]} <= {"river", "south"}
    assert ";river;" in text


def test_the_report_says_at_which_level_people_are_placed(
    clerk: Browser, round_: MadeRound
) -> None:
    make_area("river", kind="neighbourhood", parent=_area("north"))
    people = [
        *make_people(3, district="river"),
        *make_people(2, district="north", first=4),
        *make_people(1, district="town", first=6),
    ]

    page = upload(clerk, round_, make_csv(people))

    assert "a neighbourhood: 3; a district only: 2; the town only: 1" in page.text


def _area(code: str) -> AreaRow:
    return read_tx(lambda session: session.exec(select(AreaRow).where(AreaRow.code == code)).one())
