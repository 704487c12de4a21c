from datetime import date

import pytest

from app.errors import InvalidError
from app.roll import csv_file
from app.roll.rules import ProblemKind, Requirements

REQUIREMENTS = Requirements(
    districts=frozenset({"north", "south"}), age_min=16, age_on=date(2027, 3, 20)
)
HEADER = "register_number,district,name,address,birth_date\n"


def read(text: str | bytes) -> csv_file.RollFile:
    data = text if isinstance(text, bytes) else text.encode()
    return csv_file.read(data, REQUIREMENTS)


def problems(text: str) -> list[tuple[int, str, str]]:
    return [(p.line, p.kind, p.column) for p in read(text).problems]


def test_the_example_on_the_page_has_no_fault() -> None:
    file = read(csv_file.example(["north", "south"]))

    assert [person.name for person in file.people][:2] == ["Ana Robledo Prieto", "Ibrahim Sosa"]
    assert file.people[1].address == ("Plaza Mayor 1, 2º B", "28991 Valdeagua")
    assert file.people[2].birth_date is None
    assert not file.problems
    assert not file.columns_ignored


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_every_usual_shape_of_csv_is_read(delimiter: str, start: bytes, newline: bytes) -> None:
    rows = [
        "Register Number,DISTRICT,name,address".replace(",", delimiter),
        "1,north,Núñez,Plaza 1".replace(",", delimiter),
    ]
    file = read(start + newline.join(row.encode() for row in rows) + newline)

    assert [(p.register_number, p.name, p.line) for p in file.people] == [("1", "Núñez", 2)]


def test_an_address_may_have_line_breaks_and_lines_are_still_counted_right() -> None:
    text = HEADER + '1,north,Ana,"Plaza 1\n28990 Valdeagua",\n2,east,Eva,Plaza 2,\n'

    file = read(text)

    assert file.people[0].address == ("Plaza 1", "28990 Valdeagua")
    assert [(p.line, p.kind) for p in file.problems] == [(4, ProblemKind.UNKNOWN_DISTRICT)]


@pytest.mark.parametrize(
    ("row", "kind", "column"),
    [
        ("1,north,Ana", "cells", ""),
        ("1,north,Ana,Plaza,,", "cells", ""),
        (",north,Ana,Plaza,", "missing", "register_number"),
        ("---,north,Ana,Plaza,", "missing", "register_number"),
        ("1,,Ana,Plaza,", "missing", "district"),
        ("1,north,,Plaza,", "missing", "name"),
        ("1,north,Ana,,", "missing", "address"),
        ("1,west,Ana,Plaza,", "unknown_district", "district"),
        (f"1,north,{'A' * 121},Plaza,", "too_long", "name"),
        ("1,north,An\x00a,Plaza,", "control", "name"),
        ("1,north,Ana,Plaza,1968-13-01", "birth_date", "birth_date"),
        ("1,north,Ana,Plaza,21.3.68", "birth_date", "birth_date"),
        ("1,north,Ana,Plaza,2099-01-01", "birth_date", "birth_date"),
        ("1,north,Ana,Plaza,2011-03-21", "under_age", "birth_date"),
        ('1,north,"Ana,Plaza,', "quotes", ""),
    ],
)
def test_a_row_at_fault_is_named_with_its_line(row: str, kind: str, column: str) -> None:
    text = HEADER + "7,north,Bea,Plaza 7,\n" + row + "\n"

    assert problems(text) == [(3, kind, column)]


def test_who_turns_sixteen_on_the_last_day_may_vote() -> None:
    assert not problems(HEADER + "1,north,Ana,Plaza,2011-03-20\n")


def test_one_register_number_in_two_spellings_is_a_duplicate() -> None:
    file = read(HEADER + "12.345.678-z,north,Ana,Plaza,\n12345678Z,south,Eva,Plaza 2,\n")

    [problem] = file.problems
    assert (problem.kind, problem.line, problem.other_line) == (ProblemKind.DUPLICATE, 3, 2)


def test_all_problems_of_a_file_are_told_at_once() -> None:
    text = HEADER + "".join(f"{n},west,Person,Plaza,\n" for n in range(250))

    assert len(problems(text)) == 250


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b",,,\n", "cannot be read"),
        (HEADER.encode(), "nobody in it"),
        (b"register_number;name\n1;Ana\n", "Missing: district, address."),
        (HEADER.encode() + "1,north,Núñez,Plaza,\n".encode("latin-1"), "encoding UTF-8 (line 2)"),
        (HEADER.encode("utf-16"), "encoding UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no CSV file"),
        (b"district,district,register_number,name,address\n", "stands twice"),
        (b"%PDF-1.7 nothing like a table\n", "Missing: register_number"),
        (b'"' * 40_001, "cannot be read"),
        (bytes(csv_file.BYTES_MAX + 1), "larger than 25 MB"),
    ],
)
def test_what_is_no_roll_at_all_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read(data)

    assert words in str(refused.value)


def test_a_file_of_nothing_but_faults_is_given_up() -> None:
    with pytest.raises(InvalidError, match="probably not a voter roll"):
        read(HEADER + "x\n" * 20_000)


def test_columns_that_are_not_needed_are_named_and_dropped() -> None:
    file = read("phone,register_number,district,name,address\n555,1,north,Ana,Plaza\n")

    assert list(file.columns_ignored) == ["phone"]
    assert "555" not in repr(file.people)


def test_a_header_of_very_many_columns_is_refused_at_once() -> None:
    columns = ",".join(f"c{number}" for number in range(200_000))

    with pytest.raises(InvalidError, match="more than 200 columns"):
        read(f"register_number,district,name,address,{columns}\n")


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff\xe0\0\x10JFIF\0", b"PK\x03\x04\x14\0\x06\0", b"a\0b"]
)
def test_a_picture_or_a_spreadsheet_is_called_no_csv(start: bytes) -> None:
    with pytest.raises(InvalidError, match="no CSV file"):
        read(start + bytes(range(256)))


def test_columns_that_are_missing_are_named_whatever_their_number() -> None:
    with pytest.raises(InvalidError, match=r"Missing: district, name, address\. Compare"):
        read("register_number;birth_date\n1;\n")
