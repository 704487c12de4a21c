import unicodedata
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.canonical import INTEGER_BOUND, CanonicalError, decode, encode
from voting.limits import BallotType

texts = st.text().map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(
    st.none() | st.booleans() | st.integers(1 - INTEGER_BOUND, INTEGER_BOUND - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, "null"),
        ([True, False], "[true,false]"),
        (-0, "0"),
        (2**53 - 1, "9007199254740991"),
        (1 - 2**53, "-9007199254740991"),
        ({}, "{}"),
        ((1, ("a",)), '[1,["a"]]'),
        ({"b": 1, "a": 2, "B": 3, "_": 4, "1": 5}, '{"1":5,"B":3,"_":4,"a":2,"b":1}'),
        ('\u20ac$\u000f\nA\'B"\\"/', r'"€$\u000f\nA' + r"'B\"\\\"/" + '"'),
        ("\b\t\f\r\x7f\u2028", r'"\b\t\f\r' + '\x7f\u2028"'),
        ("Świecie 🌳", '"Świecie 🌳"'),
        (BallotType.POINTS, '"points"'),
        (MappingProxyType({"x": MappingProxyType({})}), '{"x":{}}'),
    ],
)
def test_a_value_has_these_bytes_and_no_others(value: Any, data: str) -> None:
    assert encode(value) == data.encode()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.0, "$"),
        ([0, float("nan")], r"\$\[1\]"),
        (2**53, "$"),
        (-(2**53), "$"),
        ({"name": "e\u0301"}, r"\$\.name"),
        ("\ud800", "$"),
        ({"é": 1}, "é"),
        ({1: 1}, "key 1"),
        (b"bytes", "$"),
        ({"a": {"b": [set()]}}, r"\$\.a\.b\[0\]"),
    ],
)
def test_a_value_outside_the_subset_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(CanonicalError, match=place):
        encode(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b" null",
        b"-0",
        b"1.0",
        b"1e2",
        b"NaN",
        b"[1, 2]",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'"\\u0041"',
        b'"\\ud800"',
        b"9007199254740992",
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_not_the_canonical_form_are_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        decode(data)


@given(values)
def test_what_was_written_is_read_back(value: Any) -> None:
    assert decode(encode(value)) == value


@given(st.dictionaries(keys, values))
def test_the_order_in_which_keys_were_added_does_not_matter(value: dict[str, Any]) -> None:
    turned_round = dict(reversed(value.items()))

    assert encode(turned_round) == encode(value)
