import random
import re
from collections.abc import Iterator
from itertools import combinations

import pytest

from app.vouchers import codes
from app.vouchers.codes import address, draw, keyed_hash, read
from voting.codes import check_symbol
from voting.crockford import ALPHABET
from voting.errors import CodeError, CodeErrorKind

VECTORS = ("0123-4567-89AM", "MNGA-2V7K-3XZ3", "ZZZZ-ZZZZ-ZZZK")
WEIGHTS = (7, 17, 26, 13, 20, 10, 5, 16, 8, 4, 2, 1)
"""As the specification prints them."""


def times(left: int, right: int) -> int:
    """Product in GF(32), digit by digit, reduced by x^5 + x^2 + 1."""
    product = 0
    for shift in range(5):
        product ^= (left << shift) * (right >> shift & 1)
    for shift in range(3, -1, -1):
        product ^= (0b100101 << shift) * (product >> (shift + 5) & 1)
    return product


def weighed(symbols: str) -> int:
    total = 0
    for weight, symbol in zip(WEIGHTS, symbols, strict=True):
        total ^= times(weight, ALPHABET.index(symbol))
    return total


def is_caught(symbols: str) -> bool:
    try:
        read(symbols)
    except CodeError as error:
        return error.kind is CodeErrorKind.CHECK
    return False


def single_errors(symbols: str) -> Iterator[str]:
    for place, right in enumerate(symbols):
        for wrong in ALPHABET.replace(right, ""):
            yield symbols[:place] + wrong + symbols[place + 1 :]


def swaps(symbols: str) -> Iterator[str]:
    for left, right in combinations(range(len(symbols)), 2):
        if symbols[left] != symbols[right]:
            swapped = list(symbols)
            swapped[left], swapped[right] = symbols[right], symbols[left]
            yield "".join(swapped)


def slips_accepted(codes_drawn: int) -> int:
    """Count the slips in real codes that are taken for a code."""
    accepted = 0
    for _ in range(codes_drawn):
        symbols = draw().replace("-", "")
        slips = [*single_errors(symbols), *swaps(symbols)]
        accepted += sum(not is_caught(slip) for slip in slips)
    return accepted


def foreign_codes_accepted(count: int) -> int:
    """Draw so many codes beside 1,000 known ones; count those that are known or not read back."""
    known = {keyed_hash(draw(), b"pepper") for _ in range(1_000)}
    wrong = 0
    for _ in range(count):
        code = draw()
        wrong += read(code) != code or keyed_hash(code, b"pepper") in known
    return wrong


@pytest.mark.parametrize("code", VECTORS)
def test_the_vectors_of_the_specification_are_codes(code: str) -> None:
    assert read(code) == code
    assert weighed(code.replace("-", "")) == 0


def test_a_code_is_eleven_random_symbols_and_one_that_checks_them() -> None:
    drawn = [draw() for _ in range(2_000)]

    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", c) for c in drawn)
    assert all(weighed(code.replace("-", "")) == 0 for code in drawn)
    assert len(set(drawn)) == 2_000
    assert {symbol for code in drawn for symbol in code[:4]} == set(ALPHABET)


def test_every_wrong_symbol_and_every_swap_is_caught_whatever_the_code() -> None:
    """By linearity a slip is caught in all codes if its difference alone is no code."""
    ones = ["0" * place + "1" + "0" * (10 - place) for place in range(11)]
    weights = (*(ALPHABET.index(check_symbol(one)) for one in ones), 1)
    singles = [times(weight, value) for weight in weights for value in range(1, 32)]
    swapped = [
        times(left ^ right, one ^ other)
        for left, right in combinations(weights, 2)
        for one in range(32)
        for other in range(32)
        if one < other
    ]

    assert weights == WEIGHTS
    assert (len(singles), len(swapped)) == (372, 32_736)
    assert 0 not in singles
    assert 0 not in swapped


def test_no_slip_in_a_real_code_is_taken_for_a_code() -> None:
    assert slips_accepted(20) == 0


@pytest.mark.long
def test_no_slip_in_a_thousand_real_codes_is_taken_for_a_code() -> None:
    assert slips_accepted(1_000) == 0


def test_20_000_random_codes_open_nothing_and_are_read_as_they_were_drawn() -> None:
    assert foreign_codes_accepted(20_000) == 0


@pytest.mark.long
def test_a_million_random_codes_open_nothing_and_are_read_as_they_were_drawn() -> None:
    assert foreign_codes_accepted(1_000_000) == 0


def test_of_random_symbols_one_in_32_is_a_code() -> None:
    rng = random.Random(5)
    tried = ["".join(rng.choices(ALPHABET, k=12)) for _ in range(20_000)]

    accepted = sum(not is_caught(symbols) for symbols in tried)

    assert 500 < accepted < 750  # 625 expected, 5 standard deviations


@pytest.mark.parametrize(
    "typed",
    [
        "mnga2v7k3xz3",
        " MNGA 2V7K 3XZ3 ",
        "m-n-g-a-2-v-7-k-3-x-z-3",
        "ＭＮＧＡ 2V7K–3XZ3",
        "https://minga.example/V/MNGA2V7K3XZ3",
        "HTTPS://MINGA.EXAMPLE:8000/V/MNGA2V7K3XZ3\n",
        "http://[::1]/v/mnga-2v7k-3xz3",
    ],
)
def test_a_code_is_read_however_it_is_typed_or_scanned(typed: str) -> None:
    assert read(typed) == "MNGA-2V7K-3XZ3"


def test_i_and_l_are_read_as_one_and_o_as_zero() -> None:
    assert read("Ol23-4567-89am") == read("oI23-4567-89AM") == "0123-4567-89AM"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", CodeErrorKind.LENGTH),
        ("MNGA-2V7K-3XZ", CodeErrorKind.LENGTH),
        ("MNGA-2V7K-3XZ33", CodeErrorKind.LENGTH),
        ("MNGA-2V7K-3XZ" + " " * 200 + "3", CodeErrorKind.LENGTH),
        ("https://minga.example/V/" + "A" * 300, CodeErrorKind.LENGTH),
        ("MNGU-2V7K-3XZ3", CodeErrorKind.SYMBOL),
        ("MNGA-2V7K-3XZ4", CodeErrorKind.CHECK),
        ("https://minga.example/V/MNGA2V7K3XZ4", CodeErrorKind.CHECK),
        ("https://minga.example/W/MNGA2V7K3XZ3", CodeErrorKind.SYMBOL),
        ("https://[/V/MNGA2V7K3XZ3", CodeErrorKind.SYMBOL),
    ],
)
def test_what_is_no_code_is_refused_before_any_look_up(typed: str, kind: CodeErrorKind) -> None:
    with pytest.raises(CodeError) as refused:
        read(typed)

    assert refused.value.kind is kind
    assert "2V7K" not in str(refused.value)


def test_an_address_is_read_back_from_the_picture_that_holds_it() -> None:
    code = draw()

    assert read(address("http://127.0.0.1:8000/", code)) == code


def test_what_is_stored_depends_on_the_code_and_on_the_pepper() -> None:
    stored = keyed_hash(read("mnga2v7k3xz3"), b"one")

    assert stored == keyed_hash("MNGA-2V7K-3XZ3", b"one")
    assert stored != keyed_hash("MNGA-2V7K-3XZ3", b"two")
    assert stored != keyed_hash("0123-4567-89AM", b"one")
    assert len(stored) == 32


def test_drawing_uses_all_55_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes.secrets, "randbits", lambda bits: 2**bits - 1)

    assert draw() == "ZZZZ-ZZZZ-ZZZK"
