import secrets
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.codes import (
    CODE_LENGTH,
    SECRET_BITS,
    SELECTOR_BITS,
    VotingCode,
    check_symbol,
    format_code,
    make_code,
    parse_code,
)
from voting.crockford import ALPHABET
from voting.errors import CodeError, CodeErrorKind

codes = st.builds(
    make_code,
    selector_bits=st.integers(0, 2**SELECTOR_BITS - 1),
    secret_bits=st.integers(0, 2**SECRET_BITS - 1),
)


def times(left: int, right: int) -> int:
    """Product in GF(32), digit by digit, reduced by a^5 + a^2 + 1."""
    product = 0
    for shift in range(5):
        product ^= (left << shift) * (right >> shift & 1)
    for shift in range(3, -1, -1):
        product ^= (0b100101 << shift) * (product >> (shift + 5) & 1)
    return product


def is_refused(symbols: str) -> bool:
    try:
        parse_code(symbols)
    except CodeError as error:
        return error.kind is CodeErrorKind.CHECK
    return False


@given(codes)
def test_a_code_is_read_back_from_the_letter(code: VotingCode) -> None:
    assert parse_code(format_code(code)) == code
    assert parse_code(format_code(code).lower().replace("0", "o").replace("-", " ")) == code


def test_a_code_holds_75_random_bits_of_which_50_are_secret() -> None:
    code = make_code(selector_bits=2**25 - 1, secret_bits=2**50 - 1)

    assert (SELECTOR_BITS, SECRET_BITS) == (25, 50)
    assert (code.selector, code.secret) == ("ZZZZZ", "ZZZZZZZZZZ")


@given(codes)
def test_a_letter_shows_four_groups_of_four(code: VotingCode) -> None:
    groups = format_code(code).split("-")

    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert "".join(groups)[:15] == code.selector + code.secret


@given(codes)
def test_the_whole_code_vanishes_at_the_root_of_the_field(code: VotingCode) -> None:
    total, weight = 0, 1
    for symbol in reversed(format_code(code).replace("-", "")):
        total ^= times(weight, ALPHABET.index(symbol))
        weight = times(weight, 2)

    assert total == 0


@given(codes)
def test_every_wrong_symbol_is_caught(code: VotingCode) -> None:
    right = format_code(code).replace("-", "")

    for place in range(CODE_LENGTH):
        for symbol in set(ALPHABET) - {right[place]}:
            assert is_refused(right[:place] + symbol + right[place + 1 :])


@given(codes)
def test_any_two_swapped_symbols_are_caught(code: VotingCode) -> None:
    right = format_code(code).replace("-", "")

    for first, second in combinations(range(CODE_LENGTH), 2):
        swapped = list(right)
        swapped[first], swapped[second] = right[second], right[first]
        assert right[first] == right[second] or is_refused("".join(swapped))


def test_one_slip_is_caught_in_every_code_there_is() -> None:
    # The check is linear: a slip is noticed in one code exactly if the difference it makes is no
    # code itself. So all differences, in place of all codes.
    for place in range(CODE_LENGTH):
        for symbol in ALPHABET[1:]:
            wrong = "0" * place + symbol + "0" * (CODE_LENGTH - place - 1)
            assert is_refused(wrong)
    for first, second in combinations(range(CODE_LENGTH), 2):
        for symbol in ALPHABET[1:]:
            swap = ["0"] * CODE_LENGTH
            swap[first] = swap[second] = symbol
            assert is_refused("".join(swap))


def test_of_random_typing_one_in_thirty_two_passes_the_check() -> None:
    check_symbols = {check_symbol("00000000000000" + symbol) for symbol in ALPHABET}

    assert check_symbols == set(ALPHABET)


def test_a_missing_symbol_is_told_as_such() -> None:
    with pytest.raises(CodeError) as refused:
        parse_code(format_code(make_code(selector_bits=7, secret_bits=7))[:-1])

    assert (refused.value.kind, refused.value.length) == (CodeErrorKind.LENGTH, 15)


def test_a_printed_code_shows_no_secret() -> None:
    code = make_code(selector_bits=0, secret_bits=secrets.randbits(SECRET_BITS) | 1)

    assert code.secret not in f"{code} {code!r} {[code]}"


@pytest.mark.parametrize(
    ("selector_bits", "secret_bits"), [(2**25, 0), (-1, 0), (0, 2**50), (0, -1)]
)
def test_more_random_bits_than_fit_are_a_mistake_of_ours(
    selector_bits: int, secret_bits: int
) -> None:
    with pytest.raises(ValueError, match="out of range"):
        make_code(selector_bits=selector_bits, secret_bits=secret_bits)
