"""Every rule of the format: what breaks it, on which line, and what each mode makes of it."""

from dataclasses import dataclass

import pytest
from pb_files import FIRST_PROJECT_LINE, FIRST_VOTE_LINE, VOTES, cumulative_file, pb_file

from allocation.errors import PbError
from allocation.pabulib import parse

PROJECTS_HEADER = FIRST_PROJECT_LINE - 1
VOTES_HEADER = FIRST_VOTE_LINE - 1


def projects(first: str, header: str = "project_id;cost;name") -> str:
    width = header.count(";") - 1
    filler = ";" * width
    return pb_file(projects=(header, first, f"2;400{filler}", f"3;700{filler}"))


def votes(first: str, header: str = "voter_id;vote", **meta: str | None) -> str:
    """A file whose first ballot names 1 and 2 when it is right."""
    filler = ";" * (header.count(";") - 1)
    rows = [row + filler for row in VOTES[2:]]
    return pb_file(votes=(header, first, *rows), **meta)


def points(first: str) -> str:
    return cumulative_file(("voter_id;vote;points", first, "b;1;5", "c;2,3;4,1", "d;1;2.5"))


@dataclass(frozen=True)
class Case:
    """`mended`: refused when strict, mended when lenient; else refused in both modes."""

    name: str
    text: str | bytes
    line: int
    code: str
    mended: bool = False


REFUSED = [
    Case("not UTF-8", pb_file().encode().replace(b"Roof", b"R\xf3of"), 18, "encoding"),
    Case("a lone surrogate", pb_file().replace("Roof", "R\ud800of"), 18, "encoding"),
    Case("an empty file", "", 0, "section"),
    Case("text before META", "x\n" + pb_file(), 1, "section"),
    Case("no VOTES", pb_file().split("VOTES")[0], 0, "section"),
    Case("PROJECTS twice", pb_file().replace("VOTES\n", "PROJECTS\n"), 19, "section"),
    Case("wrong order", pb_file().replace("PROJECTS\n", "VOTES\n"), 14, "section"),
    Case("title in small letters", pb_file().replace("META", "meta"), 1, "section"),
    Case("no header", pb_file(votes=()), 19, "header"),
    Case("wrong META header", pb_file().replace("key;value", "key"), 2, "column_missing"),
    Case("no cost column", projects("1;Trees", "project_id;name"), 15, "column_missing"),
    Case("no vote column", pb_file(votes=("voter_id;age", "a;1")), 20, "column_missing"),
    Case("column twice", projects("1;500;a;b", "project_id;cost;name;name"), 15, "column_twice"),
    Case("META key twice", pb_file(edition="1\nedition;2"), 15, "key_twice"),
    Case(
        "no projects", pb_file(projects=("project_id;cost",), num_projects="0"), 14, "no_projects"
    ),
    Case("no budget", pb_file(budget=None), 1, "budget"),
    Case("no vote_type", pb_file(vote_type=None), 1, "vote_type"),
    Case("unknown vote_type", pb_file(vote_type="knapsack"), 10, "vote_type"),
    Case("default_score", pb_file(vote_type="scoring", default_score="x"), 14, "points"),
    *[
        Case(f"cost {cost!r}", projects(f"1;{cost};Trees"), 16, "cost")
        for cost in (
            *("", "0", "0.00", "-500", "+500", "5e3", "0x10", "1 000", "1,000", "1.000.000"),
            *("12.345", ".5", "5.", "nan", "inf", "500,", "1,2,3", "٥٠٠", "1" * 16, "1" * 5000),
        )
    ],
    *[
        Case(f"budget {budget!r}", pb_file(budget=budget), 9, "budget")
        for budget in ("", "0", "-1", "1,000", "NaN", "1e6", "€ 5")
    ],
    *[
        Case(f"project id {id_!r}", projects(f"{id_};500;Trees"), 16, "project_id")
        for id_ in ("", "1,5", " 1", "1 ", "none", "NONE", "Votes", "meta", '"a\nb"')
    ],
    Case(
        "project id twice",
        pb_file(projects=("project_id;cost", "2;500", "2;400", "1;700", "3;1")),
        17,
        "duplicate_project",
    ),
    *[
        Case(f"voter id {id_!r}", votes(f"{id_};1,2"), 21, "voter_id")
        for id_ in ("", "none", "Projects")
    ],
    *[
        Case(f"points {given!r}", points(f"a;1,2;{given}"), 22, "points")
        for given in (
            "",
            "3",
            "3,1,1",
            "3,",
            "3,x",
            "3,+1",
            "3,.5",
            "3,1e0",
            "5,-1",
            "3," + "1" * 101,
        )
    ],
    Case("no points column", cumulative_file(VOTES), 21, "column_missing"),
]

MENDED = [
    Case("cost with a comma", projects("1;500,5;Trees"), 16, "decimal_comma", mended=True),
    Case("budget with a comma", pb_file(budget="1000,50"), 9, "decimal_comma", mended=True),
    *[
        Case(f"no {key}", pb_file(**{key: None}), 1, "meta_missing", mended=True)
        for key in (
            *("description", "country", "unit", "instance", "num_projects", "num_votes"),
            *("rule", "date_begin", "date_end"),
        )
    ],
    Case("empty country", pb_file(country=""), 1, "meta_missing", mended=True),
    Case(
        "no max_sum_points",
        cumulative_file().replace("max_sum_points;5\n", ""),
        1,
        "meta_missing",
        mended=True,
    ),
    Case("num_projects", pb_file(num_projects="4"), 7, "num_projects", mended=True),
    Case("num_votes", pb_file(num_votes="four"), 8, "num_votes", mended=True),
    Case("votes", projects("1;500;2", "project_id;cost;votes"), 16, "votes", mended=True),
    Case(
        "score",
        cumulative_file().replace("votes;name", "score;name"),
        17,
        "score",
        mended=True,
    ),
    Case("unknown project", votes("a;1,99,2"), 21, "unknown_project", mended=True),
    Case("empty entry", votes("a;1,2,"), 21, "unknown_project", mended=True),
    Case("project twice", votes("a;1,2,1"), 21, "repeated_project", mended=True),
    Case("voter twice", votes("b;1,2"), 22, "duplicate_voter", mended=True),
    Case("too many projects", votes("a;1,2", max_length="1"), 22, "ballot_limit", mended=True),
    Case("short row", projects("1;500"), 16, "row_length", mended=True),
    Case("long row", projects("1;500;Trees;x"), 16, "row_length", mended=True),
    Case("title with cells", pb_file().replace("VOTES", "VOTES;;"), 19, "row_length", mended=True),
    Case("empty line", pb_file().replace("VOTES", "\nVOTES"), 19, "empty_line", mended=True),
    Case("blank line", pb_file().replace("VOTES", "; ;\nVOTES"), 19, "empty_line", mended=True),
    Case("empty last line", pb_file() + "\n", 25, "empty_line", mended=True),
    Case("padded cell", projects("1; 500;Trees"), 16, "padding", mended=True),
    Case("padded entry", votes("a;1, 2"), 21, "padding", mended=True),
    Case("padded voter", votes(" a;1,2"), 21, "padding", mended=True),
    Case(
        "padded column",
        pb_file(votes=("voter_id; vote", *VOTES[1:])),
        VOTES_HEADER,
        "padding",
        mended=True,
    ),
    Case(
        "padded key",
        pb_file().replace("country;Portugal", "country; Portugal"),
        4,
        "padding",
        mended=True,
    ),
    Case(
        "target", projects("1;500;youth", "project_id;cost;target"), 15, "old_column", mended=True
    ),
    Case(
        "unknown column",
        projects("1;500;5", "project_id;cost;height"),
        PROJECTS_HEADER,
        "unknown_column",
        mended=True,
    ),
    Case(
        "nameless column",
        votes("a;1,2;", "voter_id;vote;"),
        VOTES_HEADER,
        "unknown_column",
        mended=True,
    ),
    Case("unknown key", pb_file(weather="fine"), 14, "unknown_key", mended=True),
    *[
        Case(f"{key} {value}", pb_file(**{key: value}), 14, "meta_value", mended=True)
        for key, value in (
            ("min_length", "one"),
            ("max_length", "4"),
            ("max_sum_cost", "1,000"),
            ("max_points", "x"),
            ("fully_funded", "0"),
            ("experimental", "yes"),
            ("comment", "no number"),
            ("max_length_per_category", "1,2"),
            ("max_length_per_category", "x"),
        )
    ],
    *[
        Case(f"date {date}", pb_file(date_begin=date), 12, "meta_value", mended=True)
        for date in ("1.3.2026", "2026-03-01", "31.02.2026", "26", "01.03.2026x")
    ],
]

every_case = pytest.mark.parametrize("case", [*REFUSED, *MENDED], ids=lambda case: case.name)
every_refused = pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
every_mended = pytest.mark.parametrize("case", MENDED, ids=lambda case: case.name)


@every_case
def test_a_strict_reading_refuses_with_the_line(case: Case) -> None:
    with pytest.raises(PbError) as raised:
        parse(case.text, "strict")

    assert (raised.value.line, raised.value.code) == (case.line, case.code)
    assert raised.value.hint.endswith((".", "…"))


@every_refused
def test_a_lenient_reading_refuses_what_has_no_plain_meaning(case: Case) -> None:
    with pytest.raises(PbError) as raised:
        parse(case.text, "lenient")

    assert (raised.value.line, raised.value.code) == (case.line, case.code)


@every_mended
def test_a_lenient_reading_warns_of_the_same_fault_on_the_same_line(case: Case) -> None:
    _, warnings = parse(case.text, "lenient")

    assert (case.line, case.code) in [(warning.line, warning.code) for warning in warnings]
    assert not any(warning.is_error for warning in warnings)
