"""Whatever a file holds: an election, or one typed refusal with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pb_files import cumulative_file, data_files, pb_file

from allocation.errors import PbError
from allocation.instance import Instance
from allocation.pabulib import Limits, Mode, check, parse

MODES = st.sampled_from(["strict", "lenient"])
VALID = [path.read_text(encoding="utf-8") for path in data_files()]
# What is likely to hurt: marks of the format, numbers at their edges, invisible characters.
FRAGMENTS = [
    *('"', ";", ",", "\n", "\r", "\r\n", "\0", "\x1b", "\x85", "\u2028", "\ufeff", " ", "\t"),
    *("META", "PROJECTS", "VOTES", "none", "-1", "1e9", "NaN", "9" * 5000, "1,5", "1.5", "#2"),
    *("vote_type;scoring", "vote_type;cumulative", "max_length;1", "project_id", "points", "٣"),
]


def refusal(content: str | bytes, limits: Limits) -> tuple[int, str]:
    with pytest.raises(PbError) as raised:
        parse(content, "lenient", limits)
    return raised.value.line, raised.value.code


def test_a_file_larger_than_allowed_is_refused() -> None:
    limits = Limits(bytes_max=100)

    assert refusal(pb_file(), limits) == (0, "too_large")
    assert refusal("ä" * 51, limits) == (0, "too_large")


def test_a_file_with_more_rows_than_allowed_is_refused() -> None:
    assert refusal(pb_file(), Limits(rows_max=20)) == (21, "too_many_rows")
    assert parse(pb_file(), "strict", Limits(rows_max=24))


def test_a_file_with_more_projects_than_allowed_is_refused() -> None:
    assert refusal(pb_file(), Limits(projects_max=2)) == (18, "too_many_projects")
    assert parse(pb_file(), "strict", Limits(projects_max=3))


def test_a_file_with_more_categories_than_allowed_is_refused() -> None:
    text = pb_file(categories="green,culture,sport", max_length_per_category="3")

    assert refusal(text, Limits(categories_max=2)) == (14, "too_many_categories")
    assert parse(text, "strict", Limits(categories_max=3))


def test_a_line_longer_than_allowed_is_refused() -> None:
    text = pb_file().replace("Roof", "R" * 200)

    assert refusal(text, Limits(line_characters_max=100)) == (18, "line_too_long")


def test_a_cell_longer_than_a_line_may_be_is_refused_where_it_starts() -> None:
    long_cell = '"' + "many words\n" * 20_000 + '"'

    assert refusal(pb_file().replace("Benches", long_cell), Limits()) == (17, "quotes")


@pytest.mark.parametrize("broken", ['"Benches', '"Ben"ches"', '"Benches" '])
def test_an_open_quote_is_refused_where_it_starts(broken: str) -> None:
    assert refusal(pb_file().replace("Benches", broken), Limits()) == (17, "quotes")


def test_a_quote_inside_an_unquoted_cell_is_a_character_like_any_other() -> None:
    instance, _ = parse(pb_file().replace("Benches", 'The "Mill" benches'))

    assert instance.projects[1].name == 'The "Mill" benches'


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85"])
def test_control_characters_are_refused_with_their_line(character: str) -> None:
    text = pb_file().replace("Benches", f"Ben{character}ches")

    assert refusal(text, Limits()) == (17, "control_character")


def test_a_file_made_of_faults_does_not_fill_the_memory() -> None:
    problems = check(pb_file() + "x\n" * 5000, limits=Limits(problems_max=10))

    assert len([problem for problem in problems if problem.is_error]) == 10
    assert problems[-1].code == "more_problems"
    assert not problems[-1].is_error


def test_problems_beyond_the_limit_are_counted_whatever_they_are() -> None:
    rows = [";", "e;1,,1,99", " f;1, 2", "g", "g;", "none;3;x", "h;1,2", ""] * 3
    text = pb_file(max_length="1") + "\n".join(rows) + "\n"

    for mode in ("strict", "lenient"):
        whole = check(text, mode)
        for problems_max in (1, 2, 5, 20):
            problems = check(text, mode, Limits(problems_max=problems_max))
            unlisted = int(problems[-1].message.split()[0])
            assert len(problems) - 1 + unlisted == len(whole)
            assert {*problems[:-1]} <= {*whole}


def test_an_error_after_many_warnings_still_refuses_the_file() -> None:
    text = cumulative_file() + "".join(f"e{n};;\n" for n in range(50)) + "f;1;x\n"

    assert refusal(text, Limits(problems_max=10))[1] == "points"


def test_a_sentence_shows_only_the_beginning_of_a_huge_id() -> None:
    [problem, *_] = check(pb_file().replace("d;1", f"d;{'9' * 50_000}"))

    assert len(str(problem)) < 300


@given(content=st.one_of(st.text(), st.binary()), mode=MODES)
def test_any_text_is_read_or_refused(content: str | bytes, mode: Mode) -> None:
    assert_read_or_refused(content, mode)


@given(data=st.data(), mode=MODES)
def test_any_change_of_a_valid_file_is_read_or_refused(data: st.DataObject, mode: Mode) -> None:
    text = data.draw(st.sampled_from(VALID))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(st.sampled_from(["", *FRAGMENTS])) + text[end:]

    assert_read_or_refused(text, mode)


@given(data=st.data(), mode=MODES)
def test_any_order_of_the_lines_is_read_or_refused(data: st.DataObject, mode: Mode) -> None:
    lines = data.draw(st.sampled_from(VALID)).split("\n")
    mixed = data.draw(st.lists(st.sampled_from(lines), max_size=len(lines)))

    assert_read_or_refused("\n".join([*lines[:17], *mixed]), mode)


def assert_read_or_refused(content: str | bytes, mode: Mode) -> None:
    """Parse and check agree: the first error listed is the one raised, with a line of the file."""
    problems = check(content, mode)
    errors = [problem for problem in problems if problem.is_error]
    if errors:
        with pytest.raises(PbError) as raised:
            parse(content, mode)
        assert str(raised.value) == str(errors[0])
        assert 0 <= raised.value.line <= len(content) + 1
    else:
        instance, warnings = parse(content, mode)
        assert isinstance(instance, Instance)
        assert warnings == problems
