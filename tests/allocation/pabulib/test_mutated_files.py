"""Ten thousand damaged files: each is an election by the rules, or refused in one sentence."""

from random import Random

import pytest
from corpus import corpus_files
from pb_files import cumulative_file, data_files, pb_file
from pb_mutations import mutated
from pb_rules import assert_accepted_rightly

from allocation.errors import PbError
from allocation.instance import Instance
from allocation.pabulib import Mode, Problem, check, parse

SEED = 20261130
BATCH = 100
SMALL_BYTES = 8_000
WITHOUT_VOTES = ("project_id;cost;name", "1;500;Trees", '2;400.5;"Benches; all"', "ł3;700;Roof")
VOTES_WITH_MORE = ("age;voter_id;vote;sex", "20;7;1,2;F", ";8;1;", "31;9;ł3,2;", "20;a;;F")
SOURCES = [
    *(path.read_bytes().decode() for path in data_files()),
    pb_file(max_length="2", min_length="1", max_sum_cost="1200"),
    pb_file(projects=WITHOUT_VOTES),
    pb_file(projects=WITHOUT_VOTES, votes=VOTES_WITH_MORE, max_sum_cost="1100.50"),
    pb_file(projects=WITHOUT_VOTES, votes=VOTES_WITH_MORE, vote_type="ordinal", max_length="2"),
    cumulative_file().replace(";3;", ";;").replace(";2;B", ";;B").replace(";1;R", ";;R"),
    pb_file().replace("\n", "\r\n"),
    pb_file(vote_type="choose-1", votes=("voter_id;vote", "a;1", "b;1", "c;2", "d;3")),
    pb_file(
        projects=("project_id;cost;category", "1;500;green", "2;400;green,culture", "3;700;"),
        categories="green,culture",
        max_length_per_category="1,2",
        max_sum_cost_per_category="900",
    ),
    cumulative_file(),
    cumulative_file()
    .replace("cumulative", "scoring")
    .replace("max_sum", "default_score;1\nmax_sum"),
    pb_file(vote_type="ordinal"),
]
SOURCES += [
    path.read_bytes().decode() for path in corpus_files() if path.stat().st_size < SMALL_BYTES
]
BATCHES = [
    *(pytest.param(number, id=str(number)) for number in range(10)),
    *(pytest.param(number, id=str(number), marks=pytest.mark.long) for number in range(10, 100)),
]


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_a_damaged_file_is_read_by_the_rules_or_refused(batch: int, mode: Mode) -> None:
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        content = damaged(number)
        read = outcome(content, mode)
        problems = check(content, mode)
        if isinstance(read, PbError):
            assert_refused_in_one_sentence(read, content)
            assert str(read) == next(str(problem) for problem in problems if problem.is_error)
        else:
            instance, warnings = read
            assert warnings == problems
            assert not any(warning.is_error for warning in warnings)
            assert_accepted_rightly(content, instance, strict=mode == "strict")


def test_enough_of_the_damaged_files_can_still_be_read() -> None:
    contents = [damaged(number) for number in range(BATCH)]

    for mode in ("strict", "lenient"):
        read = [outcome(content, mode) for content in contents]
        assert BATCH / 25 < sum(isinstance(one, tuple) for one in read) < BATCH


def damaged(number: int) -> str | bytes:
    """Return the same file for a number, whatever else has been tried."""
    random = Random(f"{SEED} {number}")
    return mutated(random.choice(SOURCES), random)


def outcome(content: str | bytes, mode: Mode) -> PbError | tuple[Instance, list[Problem]]:
    try:
        return parse(content, mode)
    except PbError as error:
        return error


def assert_refused_in_one_sentence(error: PbError, content: str | bytes) -> None:
    encoded = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    assert 0 <= error.line <= len(encoded.splitlines()) + 1
    assert error.code
    assert error.message.endswith(".")
    assert error.hint.endswith((".", "…"))
    assert len(str(error)) < 1000
