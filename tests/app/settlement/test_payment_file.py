import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
import sepaxml
import xmlschema
from schwifty.exceptions import SchwiftyException

from app.settlement.payment_file import SCHEMA, Address, Party, Payment, payment_file

NAMES = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
ADDRESS = Address("Quay Street", "4b", "1000", "Minga", "BE")
TOWN = Party("Town of Minga", "BE68 5390 0754 7034", ADDRESS)
CARE = Party("Home Care Co-operative", "DE89 3704 0044 0532 0130 00", replace(ADDRESS, number="9"))
LINE = Payment(uuid.UUID(int=5), CARE, 5_096, "Settlement 2026-11-16")
SECOND = replace(LINE, line_id=uuid.UUID(int=6), amount_minor=1_000)
BATCH = uuid.UUID(int=3)
DAY = date(2026, 11, 18)
AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd")


def made(*payments: Payment) -> ET.Element:
    return ET.fromstring(payment_file(BATCH, TOWN, payments, on=DAY, made_at=AT))  # noqa: S314 (own file)


def texts(root: ET.Element, path: str) -> list[str | None]:
    return [found.text for found in root.findall(f".//{path}", NAMES)]


def test_the_file_is_valid_by_the_schema_of_banks() -> None:
    schema().validate(payment_file(BATCH, TOWN, [LINE, SECOND], on=DAY, made_at=AT).decode())


def test_amounts_and_totals_are_those_of_the_lines() -> None:
    root = made(LINE, SECOND)

    assert texts(root, "p:InstdAmt") == ["50.96", "10.00"]
    assert texts(root, "p:CtrlSum") == ["60.96", "60.96"]
    assert texts(root, "p:NbOfTxs") == ["2", "2"]


def test_each_payment_is_found_again_by_the_id_of_its_line() -> None:
    root = made(LINE, SECOND)

    assert texts(root, "p:EndToEndId") == [LINE.line_id.hex, SECOND.line_id.hex]
    assert texts(root, "p:MsgId") == [BATCH.hex]


def test_the_same_batch_gives_the_same_bytes_so_that_a_second_copy_pays_nothing_more() -> None:
    first, again = (payment_file(BATCH, TOWN, [LINE, SECOND], on=DAY, made_at=AT) for _ in range(2))

    assert first == again
    assert texts(made(LINE), "p:CreDtTm") == ["2026-11-17T09:30:00"]
    assert texts(made(LINE), "p:PmtInfId") == [BATCH.hex]


def test_no_part_of_an_address_is_lost() -> None:
    root = made(LINE)

    for whose, number in (("Dbtr", "4b"), ("Cdtr", "9")):
        parts = root.find(f".//p:{whose}/p:PstlAdr", NAMES)
        assert parts is not None
        assert [part.text for part in parts] == ["Quay Street", number, "1000", "Minga", "BE"]


def test_an_iban_with_a_wrong_digit_stops_the_file() -> None:
    wrong = replace(LINE, to=replace(CARE, iban="DE89 3704 0044 0532 0130 01"))

    with pytest.raises(SchwiftyException):
        made(wrong)


@pytest.mark.parametrize("payments", [(), (replace(LINE, amount_minor=0),)])
def test_nothing_is_no_payment(payments: tuple[Payment, ...]) -> None:
    with pytest.raises(ValueError, match=r"payment file needs|pays 0"):
        made(*payments)
