import io

import segno
from pypdf import PdfReader

from app.roll.letters import Letter, LetterTexts, make_pdf

TEXTS = LetterTexts(
    town="Valdeagua",
    round_title="Neighbourhood budget 2027",
    dates="Voting: 1 March 2027, 09:00 – 20 March 2027, 20:00.",
    heading="Your code for voting",
    instructions=("Point the camera at the square.", "Enter the code."),
    code_label="Your personal code",
    secrecy="Your vote is secret.",
    contact="Plaza Mayor 1",
    address_of_code="https://valdeagua.example/ballot/2027#",
)
CODE = "ABCD-EFGH-JKMN-PQRS"


def read(*letters: Letter) -> PdfReader:
    return PdfReader(io.BytesIO(make_pdf(letters, TEXTS)))


def test_each_person_has_a_page_with_address_code_and_instructions() -> None:
    pdf = read(
        Letter("Ana Núñez", ("Plaza Mayor 1, 2º B", "28990 Valdeagua"), CODE),
        Letter("Ibrahim Sosa", ("Calle del Molino 4",), "ABCD-EFGH-JKMN-PQRT"),
    )

    assert len(pdf.pages) == 2
    first, second = (page.extract_text() for page in pdf.pages)
    for words in ("Ana Núñez", "28990 Valdeagua", CODE, "Your vote is secret.", "20 March 2027"):
        assert words in first
    assert "Ana" not in second
    assert "ABCD-EFGH-JKMN-PQRT" in second


def test_names_are_never_read_as_markup() -> None:
    pdf = read(Letter('#panic("x") = *Bold* $x$', ("\\ #include", "<b>"), CODE))

    text = pdf.pages[0].extract_text()
    assert '#panic("x") = *Bold* $x$' in text
    assert "\\ #include" in text


def test_the_qr_code_leads_to_the_booth_with_the_code_behind_the_hash() -> None:
    pdf = read(Letter("Ana", (), CODE))

    wanted = segno.make(
        TEXTS.address_of_code + CODE, error="m", micro=False, boost_error=False, mask=2
    ).matrix
    [drawn] = [image.image.convert("L") for image in pdf.pages[0].images]
    size = len(wanted)
    assert drawn.size == (size, size)
    for y in range(size):
        for x in range(size):
            assert (drawn.getpixel((x, y)) == 0) == bool(wanted[y][x])


def test_a_letter_for_the_desk_has_no_address() -> None:
    assert len(read(Letter("", (), CODE)).pages) == 1
