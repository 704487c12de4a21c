"""`minga round import`, `allocate`, `publish`, `export`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories_results import do_jobs, make_closed, make_count, make_published
from pb_files import FIRST_VOTE_LINE, pb_file

from allocation import pabulib
from app.cli.main import main
from app.db import read_tx
from app.results import child, queries
from app.rounds import queries as rounds

FAULTY = pb_file(votes=("voter_id;vote", "a;1,2", "b;1,9", "c;2,3", "d;1"))


@pytest.fixture
def minga(app, monkeypatch) -> Callable[..., Result]:
    """Run `minga round …` on the database of this test."""
    monkeypatch.setattr("app.factory.make_app", lambda: app)
    return lambda *words: CliRunner().invoke(main, ["round", *map(str, words)])


@pytest.fixture
def election(tmp_path: Path) -> Path:
    path = tmp_path / "green.pb"
    path.write_text(pb_file())
    return path


def refusal(result: Result) -> str:
    """The one sentence on standard error with which a command ended."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    return result.stderr.splitlines()[-1]


def test_import_allocate_publish_export(minga, election, tmp_path) -> None:
    out = tmp_path / "out.pb"

    imported = minga("import", election, "--name", "Green mile")
    counted = minga("allocate", "green-mile")
    exported = minga("export", "green-mile", out)

    assert "round green-mile, a recount of an imported election" in imported.stdout
    assert "2 projects for 900" in counted.stdout
    assert "draft until two officers publish it" in counted.stdout
    assert exported.exit_code == 0
    assert pabulib.parse(out.read_bytes())[0].projects == pabulib.parse(pb_file())[0].projects


def test_allocate_again_shows_the_stored_result(minga, election) -> None:
    minga("import", election, "--name", "Green mile")
    first = minga("allocate", "green-mile")

    again = minga("allocate", "green-mile")

    assert again.exit_code == 0
    assert again.stdout == first.stdout
    row = read_tx(lambda session: rounds.round_by_slug(session, "green-mile"))
    assert len(read_tx(lambda session: queries.runs(session, row.id))) == 1


def test_allocate_seals_and_counts_a_round_of_ones_own(minga) -> None:
    make_closed(slug="meadow", sealed=False)

    result = minga("allocate", "meadow")

    assert "Whole town: 3 projects for 6500\n  bench, pool, trees\n" in result.stdout


def test_allocate_gives_the_result_as_json(minga) -> None:
    make_closed(slug="meadow")

    result = minga("allocate", "meadow", "--json", "-")

    document = json.loads(result.stdout)
    assert document["format"] == "minga-result/2"
    assert document["pots"][0]["allocation"]["winners"] == ["bench", "pool", "trees"]


def test_allocate_says_that_the_result_is_public(minga) -> None:
    make_published(make_closed(slug="meadow"))

    assert "Run 1 is the published result." in minga("allocate", "meadow").stdout


def test_allocate_without_the_draw_says_what_to_do(minga) -> None:
    make_closed(slug="meadow", lot_seed=None)

    assert "Enter its outcome first" in refusal(minga("allocate", "meadow"))


def test_allocate_without_an_outcome_says_why(minga) -> None:
    make_closed(
        [("bench",)] * 10 + [("stage",)] * 10,
        slug="twins",
        projects=(("bench", 100_000), ("stage", 100_000)),
        pots={"town": 100_000},
        rule={"rule": "equal-shares", "ties": ["min-cost"]},
    )

    assert "Bench and Stage are exactly tied" in refusal(minga("allocate", "twins"))


def test_allocate_after_a_breakdown_says_so_and_counts_at_the_next_call(minga, monkeypatch) -> None:
    make_closed(slug="meadow")

    def die(*_):
        raise RuntimeError("the counting process ended without an answer")

    with monkeypatch.context() as patched:
        patched.setattr(child, "count_apart", die)
        first = minga("allocate", "meadow")
    do_jobs()

    assert refusal(first)
    assert minga("allocate", "meadow").exit_code == 0


def test_publish_says_what_is_missing(minga) -> None:
    round_ = make_closed(slug="meadow")
    assert "Publishing takes two officers" in refusal(minga("publish", "meadow"))

    make_published(round_)
    result = minga("publish", "meadow")
    assert (result.exit_code, result.stdout) == (0, "The result is public.\n")


def test_publish_says_that_a_second_officer_has_to_approve(minga, officer) -> None:
    make_count(make_closed(slug="meadow"))
    officer.send("/staff/rounds/meadow/count", button="Propose to publish")

    assert "A second one has to approve it" in refusal(minga("publish", "meadow"))


def test_a_wrong_file_is_refused_with_its_line(minga, tmp_path) -> None:
    path = tmp_path / "wrong.pb"
    path.write_text(FAULTY)

    sentence = refusal(minga("import", path))

    assert sentence.startswith(f"Error: Line {FIRST_VOTE_LINE + 1}:")
    assert sentence.endswith("Nothing was imported.")


def test_repairs_are_warnings_on_standard_error(minga, tmp_path) -> None:
    path = tmp_path / "wrong.pb"
    path.write_text(FAULTY)

    result = minga("import", path, "--lenient")

    assert result.exit_code == 0
    assert f"Warning: Line {FIRST_VOTE_LINE + 1}:" in result.stderr
    assert "Warning" not in result.stdout


def test_a_flood_of_warnings_is_cut_short(minga, tmp_path) -> None:
    path = tmp_path / "empty.pb"
    votes = ("voter_id;vote", *(f"{number};" for number in range(40)), "x;1")
    path.write_text(pb_file(votes=votes))

    result = minga("import", path, "--lenient")

    assert result.stderr.count("Warning: ") == 20
    assert "more warnings" in result.stderr


def test_the_same_file_twice_is_refused(minga, election) -> None:
    minga("import", election)

    assert "imported before" in refusal(minga("import", election, "--name", "Other"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "nowhere.pb"), "nowhere.pb cannot be read"),
        (("import", "."), "cannot be read"),
        (("allocate", "nothing"), "There is no such round"),
        (("publish", "nothing"), "There is no such round"),
        (("export", "nothing", "out.pb"), "There is no such round"),
        (("export", "meadow", "/nowhere/out.pb"), "cannot be written"),
        (("export", "meadow", "out.pb", "--pot", "East"), "It has: Whole town."),
    ],
)
def test_wrong_names_are_refused_in_one_sentence(minga, tmp_path, words, sentence) -> None:
    make_closed(slug="meadow")

    assert sentence in refusal(minga(*words))


def test_of_several_pots_one_is_exported(minga, tmp_path) -> None:
    make_closed(
        [("bench",)] * 20,
        slug="meadow",
        pots={"town": 500_000, "north": 500_000},
        more={"North": [("pool",)] * 30},
    )
    out = tmp_path / "out.pb"

    assert "Name one of them: Whole town, North." in refusal(minga("export", "meadow", out))
    assert minga("export", "meadow", out, "--pot", "North").exit_code == 0
    assert len(pabulib.parse(out.read_bytes())[0].ballots) == 30
