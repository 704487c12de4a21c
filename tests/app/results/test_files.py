"""The files of ballots that Minga writes itself satisfy every rule of the format."""

import zlib
from collections import Counter
from fractions import Fraction

import pytest
from elections import make_election
from factories_results import in_app, make_closed, make_published

from allocation import pabulib
from allocation.allocate import allocate
from allocation.instance import Instance, VoteType
from allocation.outcome import Outcome
from allocation.rule_sheet import RuleSheet
from app.db import read_tx
from app.errors import ConflictError, InvalidError, NotFoundError
from app.results import count_file, export, instance, queries
from app.results.count_file import Refusal

pytestmark = pytest.mark.usefixtures("app")

# For each ballot type: limits, ballots with blank ones among them, and what the file has to say.
CASES = {
    "approval": (
        {"number_min": 1, "number_max": 3, "sum_cost_max_minor": 750_050},
        [("bench",)] * 12 + [("bench", "pool", "trees")] * 9 + [()] * 2,
        {
            "vote_type": "approval",
            "min_length": "1",
            "max_length": "3",
            "max_sum_cost": "7500.50",
        },
    ),
    "knapsack": (
        {},
        [("bench", "library")] * 12 + [("pool",)] * 9 + [()],
        {"vote_type": "approval", "max_sum_cost": "10000.50"},
    ),
    "points": (
        {"sum_points_min": 2, "project_points_max": 8},
        [{"bench": 2, "pool": 8}] * 12 + [{"trees": 5}] * 9 + [{}] * 3,
        {
            "vote_type": "cumulative",
            "max_points": "8",
            "min_sum_points": "2",
            "max_sum_points": "10",
        },
    ),
    "ranking": (
        {"number_max": 3},
        [("pool", "bench", "trees")] * 12 + [("library",)] * 9 + [()],
        {"vote_type": "ordinal", "max_length": "3"},
    ),
    "scores": (
        {"score_min": 0, "score_max": 5, "score_default": 1},
        [{"bench": 5, "pool": 0, "trees": 2}] * 12 + [{"library": 3}] * 9 + [{}],
        {
            "vote_type": "scoring",
            "min_points": "0",
            "max_points": "5",
            "default_score": "1",
        },
    ),
}
META = {
    "description": "A vote",
    "country": "Poland",
    "unit": "Town",
    "instance": "2025",
    "date_begin": "2025",
    "date_end": "2025",
}


def content_of(round_, place: int = 0) -> bytes:
    return read_tx(lambda s: export.published_file(s, round_.row, round_.pots[place]))


def as_chosen(election: Instance) -> Counter:
    """The ballots as a voter would say them, whatever order a file has."""
    ordered = election.vote_type is VoteType.ORDINAL
    return Counter(
        ballot.choices
        if ordered
        else tuple(sorted(zip(ballot.choices, ballot.points, strict=True)))
        if ballot.points
        else tuple(sorted(ballot.choices))
        for ballot in election.ballots
    )


def expected(ballots) -> Counter:
    return Counter(
        tuple(sorted((one, Fraction(points)) for one, points in ballot.items()))
        if isinstance(ballot, dict)
        else tuple(ballot)
        for ballot in ballots
    )


@pytest.mark.parametrize("ballot_type", CASES)
def test_a_file_of_every_ballot_type_passes_the_strict_check(ballot_type: str) -> None:
    limits, ballots, meta = CASES[ballot_type]
    # Rankings keep their order; the others are stored sorted.
    ballots = [
        ballot if isinstance(ballot, dict) or ballot_type == "ranking" else tuple(sorted(ballot))
        for ballot in ballots
    ]
    round_ = make_published(
        make_closed(
            ballots,
            ballot_type=ballot_type,
            limits=limits,
            pots={"town": 1_000_050},
            projects=[
                {"reference": "bench", "cost_minor": 100_000, "title": 'A "good" bench; green'},
                ("pool", 300_000),
                ("trees", 250_050),
                ("library", 400_000),
            ],
        )
    )

    content = content_of(round_)
    election, problems = pabulib.parse(content, "strict")

    assert [str(one) for one in problems if one.is_error] == []
    assert {key: election.meta.get(key) for key in meta} == meta
    assert election.meta["budget"] == "10000.50"
    assert as_chosen(election) == expected(ballots)
    assert election.projects[0].name == 'A "good" bench; green'


def test_each_pot_has_a_file_with_its_own_projects_and_budget() -> None:
    round_ = make_published(
        make_closed(
            [("bench",)] * 20,
            pots={"town": 500_000, "north": 300_000},
            more={"North": [("pool",)] * 25},
        )
    )

    town, north = (pabulib.parse(content_of(round_, place))[0] for place in (0, 1))

    assert ([p.id for p in town.projects], len(town.ballots)) == (["bench", "trees"], 20)
    assert ([p.id for p in north.projects], len(north.ballots)) == (["pool", "library"], 25)
    assert (town.meta["subunit"], north.meta["subunit"]) == ("Whole town", "North")


def test_the_file_names_the_rule_and_marks_the_winners() -> None:
    round_ = make_published(make_closed())

    election, _ = pabulib.parse(content_of(round_))

    assert election.meta["rule"] == "equalshares/add1"
    assert '"completion":"add1u"' in election.meta["comment"]
    assert {p.id: p.selected for p in election.projects} == {
        "bench": "1",
        "pool": "1",
        "trees": "1",
        "library": "0",
    }


@pytest.mark.parametrize(
    ("options", "budget", "label"),
    [
        ({}, 100, "equalshares/add1"),
        ({}, 66, "unknown"),  # the fill funds c, no step of the shares does
        ({"completion": "utilitarian"}, 100, "equalshares/add1"),
        ({"comparison": "satisfaction"}, 100, "equalshares/add1-comparison"),
        ({"utility": "cardinality"}, 100, "unknown"),
        ({"rule": "knapsack"}, 100, "unknown"),
    ],
)
def test_a_variant_takes_a_label_only_if_a_count_under_it_funds_the_same(
    options, budget: int, label: str
) -> None:
    costs = {"a": 30, "b": 30, "c": 6}
    election = make_election(costs, ["a"] * 5 + ["b"] * 4 + ["c"], budget=budget)
    outcome = allocate(election, RuleSheet.from_dict({"ties": ["listed"], **options}))

    assert count_file.label_with_its_winners(election, outcome) == label


def test_a_recount_by_another_rule_does_not_bear_the_label_of_the_file() -> None:
    election = make_election(
        {"a": 30}, ["a"] * 3, budget=100, meta=META | {"rule": "greedy-custom"}
    )
    outcome = allocate(election, RuleSheet(lot_seed="x"))

    made = count_file.make(election, outcome, imported=True)

    assert "rule;equalshares/add1\n" in zlib.decompress(made.content or b"").decode()


def test_rows_come_in_random_order_under_random_numbers() -> None:
    ballots = [("bench",) if number % 3 else ("pool",) for number in range(60)]
    round_ = make_closed(ballots)

    first, second = (
        in_app(read_tx)(lambda s: export.file_for_staff(s, round_.row, round_.pot))
        for _ in range(2)
    )

    assert first != second
    assert as_chosen(pabulib.parse(first)[0]) == as_chosen(pabulib.parse(second)[0])
    assert not {b.voter_id for b in pabulib.parse(first)[0].ballots} & {
        b.voter_id for b in pabulib.parse(second)[0].ballots
    }


@pytest.mark.parametrize(("people", "published"), [(19, False), (20, True)])
def test_the_ballots_of_fewer_than_twenty_people_are_not_handed_out(
    people: int, published: bool, stranger
) -> None:
    round_ = make_published(make_closed([("bench",)] * people, slug="meadow"))

    page = stranger.open("/rounds/meadow/results")

    assert bool(page.select("a[href*='ballots.pb']")) is published
    assert ("Fewer than 20 people voted here" in page.text) is not published
    stranger.open("/rounds/meadow/ballots.pb", status=200 if published else 409)
    assert round_.row.state == "published"


def test_staff_get_no_file_of_fewer_than_twenty_people_either() -> None:
    round_ = make_closed([("bench",)] * 19)

    with pytest.raises(ConflictError, match="Fewer than 20"):
        in_app(read_tx)(lambda s: export.file_for_staff(s, round_.row, round_.pot))


def test_a_file_that_fails_the_check_is_not_handed_out(monkeypatch) -> None:
    round_ = make_closed()
    election = in_app(read_tx)(lambda s: instance.pot_instance(s, round_.row, round_.pot))
    outcome = Outcome(sheet=RuleSheet(), winners=("bench",), total_cost=100_000)
    monkeypatch.setattr(count_file.pabulib, "write", lambda *_, **__: "META\nkey;value\n")

    made = count_file.make(election, outcome, imported=False)

    assert made.refusal is Refusal.FAULTY
    assert made.content is None
    assert made.faults


def test_the_published_file_is_stored_compressed_with_its_digest() -> None:
    round_ = make_published(make_closed())
    run = read_tx(lambda session: queries.published_run(session, round_.row))

    row = read_tx(lambda session: queries.count_file(session, run.id, round_.pot.id))

    assert zlib.decompress(row.content) == content_of(round_)
    assert len(row.sha256) == 64


def test_a_pot_is_named_by_its_name_or_identifier_or_not_at_all() -> None:
    round_ = make_closed(pots={"town": 500_000, "north": 300_000})

    assert export.chosen_pot(round_.pots, "North") is round_.pots[1]
    assert export.chosen_pot(round_.pots, str(round_.pots[0].id)) is round_.pots[0]
    assert export.chosen_pot(round_.pots[:1], None) is round_.pots[0]
    with pytest.raises(InvalidError):
        export.chosen_pot(round_.pots, None)
    with pytest.raises(NotFoundError):
        export.chosen_pot(round_.pots, "East")
