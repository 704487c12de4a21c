"""The file with which a bank pays the lines of a batch: ISO 20022, pain.001.001.09.

Source: the specification of vouchers, section 9.
"""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from schwifty import IBAN
from sepaxml import SepaTransfer

from app.ledger.entries import EURO

SCHEMA = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"


@dataclass(frozen=True)
class Address:
    """A structured address; banks refuse those in free lines."""

    street: str
    number: str
    postcode: str
    town: str
    country: str
    """Two capital letters."""


@dataclass(frozen=True)
class Party:
    """Who pays or is paid, as the bank knows them."""

    name: str
    iban: str
    address: Address


@dataclass(frozen=True)
class Payment:
    """One line of the batch that is paid."""

    line_id: uuid.UUID
    to: Party
    amount_minor: int
    reference: str


class _Transfer(SepaTransfer):
    """Numbers the message by its batch: sent twice, a bank can tell that it has it already."""

    def _create_header(self) -> None:
        self.msg_id = self._config["msg_id"]
        super()._create_header()


def payment_file(
    batch_id: uuid.UUID, payer: Party, payments: Sequence[Payment], *, on: date, made_at: datetime
) -> bytes:
    """Return the file that pays `payments` from `payer` on a day; the same for the same arguments.

    Each can be found again at the bank by the id of its line, in hex. Raises ValueError without
    payments or for an amount that is not positive, and schwifty's SchwiftyException for an IBAN
    that cannot be right: a schema does not prove one.
    """
    if not payments:
        raise ValueError("a payment file needs a payment")
    config = {
        "msg_id": batch_id.hex,
        "name": payer.name,
        "IBAN": _iban(payer),
        "currency": EURO,
        "batch": True,  # one by one, an address of a creditor is lost or breaks the file
        "address": _address(payer.address),
    }
    made = _Transfer(config, schema=SCHEMA)
    for one in payments:
        if one.amount_minor <= 0:
            raise ValueError(f"line {one.line_id} pays {one.amount_minor}")
        made.add_payment(
            {
                "name": one.to.name,
                "IBAN": _iban(one.to),
                "amount": one.amount_minor,
                "execution_date": on,
                "description": one.reference,
                "endtoend_id": one.line_id.hex,
                "address": _address(one.to.address),
            }
        )
    return _fixed(made.export(validate=False), batch_id, made_at)


def _fixed(content: bytes, batch_id: uuid.UUID, made_at: datetime) -> bytes:
    """Put the batch and its moment where sepaxml puts chance and the clock."""
    root = ET.fromstring(content)  # noqa: S314 (made here)
    for path, text in (
        ("CreDtTm", made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")),
        ("PmtInfId", batch_id.hex),
    ):
        found = root.findall(f".//{{{NAMESPACE}}}{path}")
        if len(found) != 1:
            raise RuntimeError(f"the payment file has {len(found)} times {path}")
        found[0].text = text
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _iban(party: Party) -> str:
    return str(IBAN(party.iban))


def _address(address: Address) -> dict[str, str]:
    # Keys that sepaxml does not know it drops without a word.
    return {
        "street_name": address.street,
        "building_number": address.number,
        "postcode": address.postcode,
        "town": address.town,
        "country": address.country,
    }
