"""What is written is an election that our strict reading and every tool of the format accept."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pb_files import META, VOTES, cumulative_file, data_files, pb_file

from allocation.errors import PbError
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.pabulib import check, parse, write

OWN_META = {key: META[key] for key in ("description", "country", "unit", "instance")}
DATES = {"date_begin": "01.03.2026", "date_end": "15.03.2026"}


def written(instance: Instance, *, seed: int = 1, rule: str = "unknown") -> str:
    return write(instance, rule=rule, rng=Random(seed))


def ballots_of(instance: Instance) -> Counter[object]:
    return Counter(
        (ballot.choices, ballot.points, *ballot.fields.items()) for ballot in instance.ballots
    )


@pytest.mark.parametrize("path", data_files(), ids=lambda path: path.stem)
def test_a_file_read_and_written_is_the_same_election(path: Path) -> None:
    original, _ = parse(path.read_bytes())

    again, problems = parse(written(original))

    assert problems == []
    assert again.projects == original.projects
    assert (again.budget, again.minor_per_unit) == (original.budget, original.minor_per_unit)
    assert dict(again.meta) == dict(original.meta)
    assert ballots_of(again) == ballots_of(original)


def test_sections_and_fields_come_in_the_order_of_the_format() -> None:
    instance, _ = parse(pb_file(max_length="2", edition="1", currency="EUR", district="North"))

    lines = written(instance, rule="equalshares").splitlines()

    assert lines[:19] == [
        *("META", "key;value", "description;Green mile", "country;Portugal", "unit;Valdeagua"),
        *("district;North", "instance;2026", "num_projects;3", "num_votes;4", "budget;1000"),
        *("vote_type;approval", "rule;equalshares", "date_begin;01.03.2026", "date_end;2026"),
        *("max_length;2", "edition;1", "currency;EUR", "PROJECTS", "project_id;cost;votes;name"),
    ]
    assert lines[22:24] == ["VOTES", "voter_id;vote"]


def test_voters_get_random_ids_in_random_order() -> None:
    rows = tuple(f"{number};{1 + number % 3}" for number in range(100))
    instance, _ = parse(pb_file(votes=("voter_id;vote", *rows)), "lenient")

    one, other = (parse(written(instance, seed=seed))[0] for seed in (1, 2))

    ids = [ballot.voter_id for ballot in one.ballots]
    assert len({*ids}) == 100
    assert not {*ids} & {ballot.voter_id for ballot in instance.ballots}
    assert ids != sorted(ids)
    assert [ballot.choices for ballot in one.ballots] != [b.choices for b in instance.ballots]
    assert [ballot.choices for ballot in one.ballots] != [b.choices for b in other.ballots]


def test_the_same_random_source_gives_the_same_bytes() -> None:
    instance, _ = parse(pb_file())

    assert written(instance, seed=7) == written(instance, seed=7)


def test_tallies_are_counted_not_copied() -> None:
    instance, _ = parse(pb_file(num_votes="99").replace("1;500;3", "1;500;33"), "lenient")

    text = written(instance)

    assert "num_votes;4\n" in text
    assert "\n1;500;3;Trees\n" in text


def test_scores_are_written_for_points_and_rankings_only() -> None:
    points, _ = parse(cumulative_file())
    approval, _ = parse(pb_file())

    assert "\n1;500;3;10.5;Trees\n" in written(points)
    assert "score" not in written(approval)


def test_points_are_written_best_first() -> None:
    instance, _ = parse(cumulative_file(("voter_id;vote;points", "a;1,2,3;0.5,2,1")), "lenient")

    assert written(instance).endswith(";2,3,1;2,1,0.5\n")


def test_empty_ballots_stay_as_empty_cells() -> None:
    instance, _ = parse(pb_file(votes=("voter_id;vote", "a;"), num_votes="1"), "lenient")

    last_line = written(instance).splitlines()[-1]

    assert last_line.endswith(";")
    assert len(last_line) == 11


@pytest.mark.parametrize(
    ("amount_minor", "text"), [(50000, ";500;"), (50050, ";500.50;"), (50005, ";500.05;")]
)
def test_amounts_are_whole_units_where_they_can_be(amount_minor: int, text: str) -> None:
    project = Project("1", amount_minor, name="Trees")

    lines = written(election(project)).splitlines()

    assert text in lines[-4]


def test_cells_are_quoted_and_line_breaks_become_blanks() -> None:
    project = Project("1", 500, name=' The "old" mill;\r\nfirst\tpart\u2028 ')

    text = written(election(project))

    assert ';"The ""old"" mill; first part"\n' in text
    assert parse(text)[0].projects[0].name == 'The "old" mill; first part'


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x9f", "\ud800"])
def test_control_characters_are_refused(character: str) -> None:
    project = Project("1", 500, name=f"Ben{character}ches")

    with pytest.raises(PbError, match="begins with Ben holds the control character"):
        written(election(project))


@pytest.mark.parametrize("id_", ["", "1,2", " 1", "none", "VOTES"])
def test_ids_that_no_reader_can_tell_apart_are_refused(id_: str) -> None:
    with pytest.raises(PbError, match="the project id"):
        written(election(Project(id_, 500)))


@pytest.mark.parametrize("key", ["country", "date_begin"])
def test_what_the_format_demands_must_be_given(key: str) -> None:
    instance = election(Project("1", 500))
    meta = {name: value for name, value in instance.meta.items() if name != key}

    with pytest.raises(PbError, match=f"META would have no {key}"):
        written(replace(instance, meta=meta))


def test_remarks_are_numbered_after_those_that_are_there() -> None:
    instance, _ = parse(pb_file(comment="#1: Counted twice. #2: By hand."))

    text = write(instance, rule="unknown", rng=Random(1), remarks=["Stop on.", "Step 1."])

    assert "comment;#1: Counted twice. #2: By hand. #3: Stop on. #4: Step 1.\n" in text


def test_the_first_remark_is_number_one() -> None:
    instance, _ = parse(pb_file())

    text = write(instance, rule="unknown", rng=Random(1), remarks=["Stop on."])

    assert "comment;#1: Stop on.\n" in text


@pytest.mark.parametrize(("budget", "expected"), [("1600", True), ("1599", False)])
def test_a_budget_for_everything_is_marked(budget: str, *, expected: bool) -> None:
    instance, _ = parse(pb_file(budget=budget))

    assert ("fully_funded;1\n" in written(instance)) is expected


def test_a_mark_of_full_funding_goes_when_it_is_not_true() -> None:
    instance, _ = parse(pb_file(fully_funded="1"))

    assert "fully_funded" not in written(instance)


def test_limits_that_cannot_be_kept_as_written_mean_the_same_afterwards() -> None:
    text = cumulative_file().replace("max_sum_points;5\n", "max_length;9\nmin_length;x\n")
    instance, _ = parse(text, "lenient")

    again, problems = parse(written(instance))

    assert problems == []
    assert again.meta["max_length"] == "3"
    assert again.meta["max_sum_points"] == "5"
    assert "min_length" not in again.meta


def test_a_default_score_is_written() -> None:
    instance, _ = parse(cumulative_file().replace("cumulative", "scoring"))

    text = written(replace(instance, default_score=Fraction(-1, 2)))

    assert parse(text)[0].default_score == Fraction(-1, 2)


def test_an_area_without_a_column_becomes_the_district() -> None:
    text = written(election(Project("1", 500, area="North")))

    assert parse(text)[0].projects[0].area == "North"


def test_points_without_a_finite_decimal_form_are_refused() -> None:
    instance, _ = parse(cumulative_file())
    ballots = (Ballot(("1",), (Fraction(1, 3),)),)

    with pytest.raises(PbError, match="1/3 points"):
        written(replace(instance, ballots=ballots))


def test_amounts_finer_than_hundredths_are_refused() -> None:
    instance = replace(election(Project("1", 501)), minor_per_unit=1000)

    with pytest.raises(PbError, match="more than two decimals"):
        written(instance)


def test_ballots_without_faults_that_come_from_us_pass_the_strict_check() -> None:
    assert check(written(parse(pb_file(votes=VOTES))[0])) == []


def election(project: Project) -> Instance:
    """An election of Minga's own, in cents, with one ballot for one project."""
    return Instance(
        vote_type=VoteType.APPROVAL,
        budget=100_000,
        projects=(project,),
        ballots=(Ballot((project.id,)),),
        minor_per_unit=100,
        meta={**OWN_META, **DATES},
    )


names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)
ids = st.text(st.characters(categories=["L", "N", "P"], exclude_characters=","), min_size=1).filter(
    lambda id_: id_.lower() not in {"none", "meta", "projects", "votes"}
)


@st.composite
def elections(draw: st.DrawFn) -> Instance:
    vote_type = draw(st.sampled_from(VoteType))
    listed = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    projects = [
        Project(id_, draw(st.integers(1, 10**12)), name=draw(names), area=draw(names).strip())
        for id_ in listed
    ]
    length_max = 1 if vote_type is VoteType.CHOOSE_1 else len(listed)
    choices = st.lists(st.sampled_from(listed), max_size=length_max, unique=True)
    return Instance(
        vote_type=vote_type,
        budget=draw(st.integers(1, 10**12)),
        projects=tuple(projects),
        ballots=tuple(
            _ballot(draw, draw(choices), vote_type) for _ in range(draw(st.integers(0, 4)))
        ),
        minor_per_unit=100,
        meta={**OWN_META, **DATES},
    )


def _ballot(draw: st.DrawFn, choices: list[str], vote_type: VoteType) -> Ballot:
    smallest = {VoteType.CUMULATIVE: 0, VoteType.SCORING: -500}.get(vote_type)
    if smallest is None:
        return Ballot(tuple(choices))
    points = [Fraction(draw(st.integers(smallest, 500)), 100) for _ in choices]
    return Ballot(tuple(choices), tuple(sorted(points, reverse=True)))


@given(instance=elections(), seed=st.integers())
def test_every_election_written_is_read_back_strictly_as_the_same(
    instance: Instance, seed: int
) -> None:
    again, _ = parse(written(instance, seed=seed))

    scale = instance.minor_per_unit // again.minor_per_unit
    assert again.vote_type is instance.vote_type
    assert again.budget * scale == instance.budget
    assert [(project.id, project.cost * scale) for project in again.projects] == [
        (project.id, project.cost) for project in instance.projects
    ]
    assert Counter((ballot.choices, ballot.points) for ballot in again.ballots) == Counter(
        (ballot.choices, ballot.points) for ballot in instance.ballots
    )
