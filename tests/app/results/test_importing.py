"""A published election becomes a closed round, to be counted and published like any other."""

import io
import re

import pytest
from factories_results import do_jobs, in_app
from pb_files import FIRST_PROJECT_LINE, FIRST_VOTE_LINE, cumulative_file, pb_file

from allocation import pabulib
from app.accounts import approvals
from app.db import read_tx
from app.errors import InvalidError
from app.results import export, importer, publication, queries
from app.results.cli import OPERATOR
from app.results.models import ImportedElectionRow
from app.rounds import queries as rounds
from app.rounds.models import RoundState

pytestmark = pytest.mark.usefixtures("app")

FAULTY = pb_file(votes=("voter_id;vote", "a;1,2", "b;1,9", "c;2,3", "d;1"))


def upload(text: str | bytes) -> tuple[io.BytesIO, str]:
    content = text.encode() if isinstance(text, str) else text
    return io.BytesIO(content), "election.pb"


def import_file(text: str, **options):
    return in_app(importer.import_election)(
        OPERATOR, text.encode(), file_name="election.pb", **options
    )


def test_an_election_is_imported_counted_and_published_in_the_browser(
    officer, approve, stranger
) -> None:
    page = officer.send("/staff/rounds/import", {"file": upload(pb_file()), "name": "Green mile"})
    assert page.select_one("h1").text == "Count: Green mile"
    assert "Recount of an imported election" in page.text

    officer.send("/staff/rounds/green-mile/count", button="Run the official count")
    officer.send("/staff/rounds/green-mile/count", button="Propose to publish")
    row = read_tx(lambda session: rounds.round_by_slug(session, "green-mile"))
    approve(publication.PUBLISH, row.id)

    page = stranger.open("/rounds/green-mile/results")
    assert "this is not the decision of the place that held it" in page.text
    assert [item["id"] for item in page.select(".minga-results--won li")] == [
        "project-1",
        "project-2",
    ]
    assert "held elsewhere" in stranger.open("/rounds/green-mile/rules").text
    assert "Recount" in stranger.open("/").text


def test_an_imported_round_is_closed_and_keeps_everything_of_its_file() -> None:
    row = import_file(
        pb_file(
            currency="PLN",
            date_begin="01.03.2026",
            date_end="15.03.2026",
            projects=(
                "project_id;cost;votes;name;category;neighborhood;latitude;longitude;selected",
                "1;500.50;3;Trees;green,public;Old town;50.1;19.9;1",
                "2;400;2;Benches;;;;;0",
                "3;700;1;Roof;green;Harbour;950;x;2",
            ),
        )
    )
    projects = read_tx(lambda session: rounds.projects(session, row.id))
    [pot] = read_tx(lambda session: rounds.pots(session, row.id))

    assert (row.state, row.origin, row.currency, row.minor_per_unit) == (
        RoundState.CLOSED,
        "imported",
        "PLN",
        100,
    )
    assert [(p.reference, p.title, p.cost_minor) for p in projects] == [
        ("1", "Trees", 50_050),
        ("2", "Benches", 40_000),
        ("3", "Roof", 70_000),
    ]
    assert (projects[0].latitude, projects[2].latitude, projects[2].longitude) == (50.1, None, None)
    assert pot.budget_minor == 100_000
    assert str(row.voting_closes_at.date()) == "2026-03-15"
    assert read_tx(lambda s: rounds.rule_sheet(s, row.id)) is not None
    assert row.lot_seed == read_tx(lambda s: s.get(ImportedElectionRow, row.id)).sha256


def test_the_rule_that_the_file_names_is_taken_over() -> None:
    row = import_file(pb_file(rule="equalshares/add1"))

    assert row.rule["rule"] == "equal-shares"
    assert (row.rule["completion"], row.rule["exhaustive_stop"]) == ("add1", False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (FAULTY, f"line {FIRST_VOTE_LINE + 1}:"),
        (
            pb_file(num_projects="1", projects=("project_id;cost;votes;name", "1;-500;3;Trees")),
            f"line {FIRST_PROJECT_LINE}:",
        ),
        (pb_file(budget="1,000,000"), "line 9:"),
        ("Dear sir or madam", "line 1:"),
        ("", "META"),
        (b"\xff\xfe\x00META", "UTF-8"),
        (b"PK\x03\x04" + bytes(500), "line"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_nothing_is_imported(
    officer, text: str | bytes, sentence: str
) -> None:
    page = officer.send("/staff/rounds/import", {"file": upload(text)}, status=422)

    said = page.select_one("#file-error").text
    assert sentence.casefold() in said.casefold()
    assert "Nothing was imported." in said
    assert said.split("Error:")[-1].strip()[0].isupper(), "it begins as a sentence does"
    assert read_tx(rounds.all_rounds) == []


def test_a_missing_file_is_asked_for(officer) -> None:
    page = officer.send("/staff/rounds/import", {"file": upload("")}, status=422)
    assert page.select_one("#file-error")

    page = officer.send("/staff/rounds/import", {}, status=422)
    assert "Choose the file of the election." in page.select_one("#file-error").text


def test_small_faults_are_repaired_and_listed_if_asked_for(officer) -> None:
    officer.send("/staff/rounds/import", {"file": upload(FAULTY), "lenient": "y"})

    [row] = read_tx(rounds.all_rounds)
    warnings = read_tx(lambda session: importer.warnings_of(session, row))
    assert any(warning.startswith(f"Line {FIRST_VOTE_LINE + 1}:") for warning in warnings)
    page = officer.open(f"/staff/rounds/{row.slug}/count")
    assert f"Line {FIRST_VOTE_LINE + 1}:" in page.text


def test_the_name_of_the_file_may_be_forged(officer) -> None:
    forged = (upload(pb_file())[0], "a\0b" + "é" * 300 + ".pb")

    page = officer.send("/staff/rounds/import", {"file": forged, "name": "Green mile"})

    assert page.select_one("h1").text == "Count: Green mile"


def test_the_same_file_is_not_imported_twice(officer) -> None:
    import_file(pb_file(), name="Green mile")

    page = officer.send(
        "/staff/rounds/import", {"file": upload(pb_file()), "name": "Again"}, status=422
    )

    assert "imported before, as the round green-mile" in page.select_one("#file-error").text
    assert len(read_tx(rounds.all_rounds)) == 1


def test_rounds_of_one_name_get_addresses_of_their_own() -> None:
    names = [import_file(pb_file(budget=str(900 + n)), name="Łódź 2022").slug for n in range(3)]

    assert names == ["lodz-2022", "lodz-2022-2", "lodz-2022-3"]


@pytest.mark.parametrize(
    ("project", "sentence"),
    [
        (f"{'x' * 121};500;3;Trees", "longer than 120 characters"),
        ("1;900000000000000.55;3;Trees", "too large to be counted exactly"),
    ],
)
def test_what_a_round_cannot_hold_is_refused(project: str, sentence: str) -> None:
    text = pb_file(projects=("project_id;cost;votes;name", project), votes=("voter_id;vote", "a;"))

    with pytest.raises(InvalidError, match=sentence):
        import_file(text, lenient=True)

    assert read_tx(rounds.all_rounds) == []


def test_odd_things_of_a_file_fit_into_a_round() -> None:
    long_id = "x" * 119
    row = import_file(
        pb_file(
            unit="A town with a very long name " * 6,
            date_begin="2026",
            date_end="2025",
            currency="zloty",
            projects=(
                "project_id;cost;votes;name;category",
                f"{long_id};500;3;{'Trees ' * 60};{'green ' * 30}",
                "2;400;2;;",
                "3;700;1;Roof;",
            ),
            votes=("voter_id;vote", f"a;{long_id},2", f"b;{long_id}", "c;2,3", f"d;{long_id}"),
        ),
        lenient=True,
    )
    first = read_tx(lambda session: rounds.projects(session, row.id))[0]

    assert first.reference == long_id
    assert len(first.title) <= 200
    assert row.voting_opens_at <= row.voting_closes_at
    assert row.currency == "XXX"
    do_jobs()


def test_an_election_of_every_vote_type_can_be_counted(officer) -> None:
    files = {
        "approval": pb_file(),
        "choose-1": pb_file(
            vote_type="choose-1", votes=("voter_id;vote", "a;1", "b;1", "c;2", "d;3")
        ),
        "cumulative": cumulative_file(),
        "ordinal": pb_file(vote_type="ordinal"),
        "scoring": pb_file(
            vote_type="scoring", votes=("voter_id;vote;points", "a;1,2;3,2", "b;1;5", "c;2;4")
        ),
        "points without a sum": pb_file(
            vote_type="cumulative", votes=("voter_id;vote;points", "a;1,2;3,2", "b;1;2.5")
        ),
    }
    for kind, text in files.items():
        row = import_file(text, name=kind, lenient=True)
        officer.send(f"/staff/rounds/{row.slug}/count", button="Run the official count")
        page = officer.open(f"/staff/rounds/{row.slug}/count/1")
        assert page.select(".minga-results--won li"), kind


def test_an_imported_election_is_handed_out_as_it_was_before_it_is_counted() -> None:
    text = pb_file(rule="greedy", comment="#1: as published")
    row = import_file(text)

    read = pabulib.parse(_exported(row))[0]

    original = pabulib.parse(text)[0]
    assert read.meta["rule"] == "greedy"
    assert read.meta["comment"] == "#1: as published"
    assert read.projects == original.projects
    assert set(original.meta) <= set(read.meta)


def test_after_the_recount_the_file_says_what_the_recount_gave(officer, approve) -> None:
    row = import_file(pb_file(rule="greedy"))
    officer.send(f"/staff/rounds/{row.slug}/count", button="Run the official count")
    officer.send(f"/staff/rounds/{row.slug}/count", button="Propose to publish")
    approve(publication.PUBLISH, row.id)

    read = pabulib.parse(_exported(row))[0]

    assert read.meta["rule"] == "greedy"
    assert "what a recount by Minga gave" in read.meta["comment"]
    assert {p.id: p.selected for p in read.projects} == {"1": "1", "2": "1", "3": "0"}


@in_app
def _exported(row) -> bytes:
    def read(session):
        fresh = rounds.round_by_id(session, row.id)
        return export.file_for_staff(session, fresh, rounds.pots(session, row.id)[0])

    return read_tx(read)


def test_only_round_officers_import(auditor) -> None:
    auditor.open("/staff/rounds/import", status=403)


def test_the_page_of_rounds_leads_to_the_import(officer) -> None:
    page = officer.open("/staff/rounds")

    assert page.find("a", string=re.compile("Import an election"))["href"] == "/staff/rounds/import"


def test_publication_of_a_recount_takes_two_officers_too(officer) -> None:
    row = import_file(pb_file())
    officer.send(f"/staff/rounds/{row.slug}/count", button="Run the official count")
    officer.send(f"/staff/rounds/{row.slug}/count", button="Propose to publish")

    waiting = read_tx(lambda s: approvals.pending_for(s, publication.PUBLISH, str(row.id)))
    officer.open(f"/staff/decisions/{waiting.id}")
    assert read_tx(lambda s: queries.published_run(s, rounds.round_by_id(s, row.id))) is None
