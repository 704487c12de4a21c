import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.crockford import ALPHABET, decode, encode, grouped, read_typed
from voting.errors import CodeError, CodeErrorKind


def refusal(text: str, *, length: int = 4) -> CodeError:
    with pytest.raises(CodeError) as refused:
        read_typed(text, length=length)
    return refused.value


def test_letters_that_look_like_others_are_not_in_the_alphabet() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


@given(st.integers(0, 2**50 - 1))
def test_a_number_comes_back_from_its_symbols(number: int) -> None:
    assert decode(encode(number, length=10)) == number


@pytest.mark.parametrize("number", [-1, 32])
def test_a_number_that_does_not_fit_is_a_mistake_of_ours(number: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        encode(number, length=1)


def test_symbols_are_parted_in_fours() -> None:
    assert grouped("ABCDEFGHJ") == "ABCD-EFGH-J"


@pytest.mark.parametrize(
    "text",
    [
        "AB01",
        "ab01",
        " A B-0 1\n",
        "AB\u201001",  # hyphen
        "AB\u201101",  # non-breaking hyphen
        "AB\u201301",  # en dash
        "AB\u201401",  # em dash
        "AB\u221201",  # minus sign
        "AB\ufe5801",  # small em dash
        "AB\u00a001",  # non-breaking space
        "AB\u300001",  # ideographic space
        "AB\u200b01",  # zero-width space
        "\ufeffAB\u00ad01\u2028",  # byte order mark, soft hyphen, line separator
        "ABOI",
        "aboi",
        "abol",
        "ABOL",
        "ＡＢ０１",
        "ａｂｏｉ",
    ],
)
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    assert read_typed(text, length=4) == "AB01"


@pytest.mark.parametrize(
    ("text", "position", "symbol"),
    [
        ("AU01", 2, "U"),
        ("a-b!", 3, "!"),
        ("é", 1, "é"),
        ("AB0１2_", 6, "_"),
        ("\ud800", 1, "\ud800"),
    ],
)
def test_a_symbol_that_codes_do_not_have_is_named_with_its_place(
    text: str, position: int, symbol: str
) -> None:
    error = refusal(text)

    assert (error.kind, error.position, error.symbol) == (CodeErrorKind.SYMBOL, position, symbol)


@pytest.mark.parametrize(("text", "length"), [("", 0), (" - ", 0), ("AB0", 3), ("AB012", 5)])
def test_too_few_and_too_many_symbols_are_counted(text: str, length: int) -> None:
    error = refusal(text)

    assert (error.kind, error.length, error.length_expected) == (CodeErrorKind.LENGTH, length, 4)


def test_a_text_of_absurd_length_is_not_even_looked_at() -> None:
    assert read_typed(" " * 96 + "AB01", length=4) == "AB01"

    error = refusal("!" * 101)

    assert (error.kind, error.length, error.length_expected) == (CodeErrorKind.LENGTH, None, 4)


def test_the_text_of_a_refusal_holds_nothing_that_was_typed() -> None:
    assert str(refusal("AU01")) == "symbol"
