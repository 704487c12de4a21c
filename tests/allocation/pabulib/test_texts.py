"""Many texts inside one long one give the answers that Python gives for each of them."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation.pabulib import lookup, texts
from allocation.pabulib.blanks import BLANKS, padded
from allocation.pabulib.lists import part_lists
from allocation.pabulib.lookup import NOWHERE, are_different, different, find
from allocation.pabulib.texts import LONG_BYTES, texts_of

# Short ones that are often the same, and some on both sides of where words and long texts end.
LETTERS = st.text("ab1é€😀\u3000 ,", max_size=9)
LONG = st.builds(lambda letter, length: letter * length, LETTERS, st.integers(0, LONG_BYTES // 3))
STRINGS = st.lists(st.one_of(LETTERS, LONG))


@pytest.fixture
def one_digest_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "FACTORS", np.zeros(2, dtype=np.uint64))
    monkeypatch.setattr(lookup, "WORD_BYTES", 0)


def assert_looked_up(strings: list[str], others: list[str]) -> None:
    firsts, number = different(texts_of(strings))
    assert [strings[place] for place in firsts] == [*dict.fromkeys(strings)]
    assert [strings[firsts[place]] for place in number] == strings
    assert are_different(texts_of(strings)) == (len({*strings}) == len(strings))

    among = [*dict.fromkeys(others)]
    places = [among.index(string) if string in among else NOWHERE for string in strings]
    assert find(texts_of(strings), among=texts_of(among)).tolist() == places


@given(strings=STRINGS)
def test_texts_are_what_they_were_made_of(strings: list[str]) -> None:
    assert texts_of(strings).strings() == strings


def test_texts_are_read_many_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MANY", 2)

    assert texts_of(["a", "", "b", "cd", "e"]).strings() == ["a", "", "b", "cd", "e"]


@given(strings=STRINGS, others=STRINGS)
def test_texts_are_told_apart_and_found(strings: list[str], others: list[str]) -> None:
    assert_looked_up(strings, others)


@pytest.mark.usefixtures("one_digest_for_all")
@pytest.mark.parametrize(
    "others", [["b", "ab"], ["123456789", "x"], ["x"], [], ["12345678y", "é" * 200]]
)
def test_texts_with_one_digest_are_told_apart_all_the_same(others: list[str]) -> None:
    assert_looked_up(["b", "a", "b", "123456789", "12345678y", "é" * 200, "é" * 201], others)


@given(strings=STRINGS)
def test_blanks_around_a_text_are_those_that_python_takes_away(strings: list[str]) -> None:
    wide = [string.replace("1", "\u2009").replace("b", "\t") for string in strings]

    expected = [place for place, string in enumerate(wide) if string != string.strip()]
    assert padded(texts_of(wide)).tolist() == expected


def test_every_blank_is_known() -> None:
    taken_away = {chr(code).encode() for code in range(0xD800) if not chr(code).strip()}
    beyond = [code for code in range(0xE000, sys.maxunicode) if not chr(code).strip()]

    # The rest are control characters, and a file with one is refused.
    assert taken_away - {*BLANKS} == {bytes([code]) for code in b"\v\f\x1c\x1d\x1e\x1f"} | {
        "\x85".encode()
    }
    assert beyond == []


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("text", ["{}a", "a{}", "ł{}", "{}{}", "{}"])
def test_each_blank_is_found_at_both_ends(blank: bytes, text: str) -> None:
    wide = text.replace("{}", blank.decode())

    assert padded(texts_of(["a", wide, "ął", ""])).tolist() == [1]


@given(cells=STRINGS)
def test_lists_are_parted_at_their_commas(cells: list[str]) -> None:
    lists = part_lists(texts_of(cells))

    entries = [cell.split(",") if cell else [] for cell in cells]
    assert lists.lengths.tolist() == [len(several) for several in entries]
    assert lists.written.strings() == [entry for several in entries for entry in several]
    assert lists.is_padded.tolist() == [
        any(entry != entry.strip() for entry in several) for several in entries
    ]
