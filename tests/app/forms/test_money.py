import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms import parse_money


@pytest.mark.parametrize(
    ("typed", "amount_minor"),
    [
        ("1250", 125_000),
        ("1250.5", 125_050),
        ("1250,50", 125_050),
        ("1 250,50", 125_050),
        ("1\N{NARROW NO-BREAK SPACE}250,50", 125_050),
        ("1,250.50", 125_050),
        ("1.250,50", 125_050),
        ("1'250.50", 125_050),
        ("1.250", 125_000),
        ("1,250,000", 125_000_000),
        ("0.5", 50),
        ("1250.500", 125_050),
        ("€ 12", 1_200),
        ("12 EUR", 1_200),
        ("PLN 12", 1_200),
        ("١٢", 1_200),
        ("0", 0),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, amount_minor: int) -> None:
    assert parse_money(typed) == amount_minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "-5",
        "1.2.3",
        "1,25,000",
        "1.250.50",
        "12 50",
        "1e9",
        "5.",
        ".5",
        "12 euros",
        "9" * 31,
    ],
)
def test_what_is_no_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValueError, match="such as 1250"):
        parse_money(typed)


def test_a_fraction_of_the_smallest_unit_is_refused_not_rounded() -> None:
    with pytest.raises(ValueError, match="at most 2 decimals"):
        parse_money("0.505")

    with pytest.raises(ValueError, match="whole amount"):
        parse_money("12.5", minor_per_unit=1)


def test_an_absurd_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        parse_money("99999999999999999999")


@given(amount_minor=st.integers(0, 10**12), point=st.sampled_from(".,"), gap=st.sampled_from(" '"))
def test_every_amount_is_read_back_whatever_its_point_and_gaps(
    amount_minor: int, point: str, gap: str
) -> None:
    written = f"{amount_minor // 100:,}".replace(",", gap) + f"{point}{amount_minor % 100:02}"

    assert parse_money(written) == amount_minor


@given(typed=st.text(max_size=40))
def test_anything_at_all_is_an_amount_or_a_sentence(typed: str) -> None:
    try:
        answer: int | str = parse_money(typed)
    except ValueError as refusal:
        answer = str(refusal)

    assert answer.endswith(".") if isinstance(answer, str) else answer >= 0
