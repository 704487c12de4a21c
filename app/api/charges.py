"""What a device sends to be paid or to correct: read strictly, refused by words. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any

from app.accounts.codes import read_digits
from app.forms.money import AMOUNT_MINOR_MAX
from app.programmes.services import Service
from app.vouchers import codes
from app.vouchers.redeeming import Charge
from voting.errors import CodeError

BODY_BYTES_MAX = 4_096
CODE_TYPED_MAX = 200
PIN_TYPED_MAX = 20
_KEY = re.compile(r"[!-~]{8,64}")


@dataclass(frozen=True)
class Unreadable:
    """Nothing was looked up and nothing charged. `errors`: a word for each fault."""

    errors: tuple[str, ...]


def read_key(header: str) -> str | None:
    """Return an Idempotency-Key of 8 to 64 visible characters; None for anything else.

    >>> read_key("till-3/2027-03-17/0042"), read_key("short")
    ('till-3/2027-03-17/0042', None)
    """
    return header if _KEY.fullmatch(header) else None


def read_charge(body: bytes) -> Charge | Unreadable:
    """Read what a device asks to be paid for."""
    sent = _object(body)
    if sent is None:
        return Unreadable(("body_not_json",))
    code, faults = _code(sent.get("code")), []
    service, pin = sent.get("service"), sent.get("pin")
    if code is None:
        faults.append("code_mistyped")
    if not isinstance(service, str) or service not in set(Service):
        faults.append("service_unknown")
    if not _is_amount(sent.get("amount_minor"), least=1):
        faults.append("amount_not_positive")
    if not _is_pin(pin):
        faults.append("pin_malformed")
    if faults or code is None:
        return Unreadable(tuple(faults))
    return Charge(code, str(service), sent["amount_minor"], pin or "")


def read_right_amount(body: bytes) -> int | Unreadable:
    """Read the amount that should have been taken, in minor units, from 0."""
    sent = _object(body)
    if sent is None:
        return Unreadable(("body_not_json",))
    amount_minor = sent.get("amount_minor")
    if not _is_amount(amount_minor, least=0):
        return Unreadable(("amount_negative",))
    return int(str(amount_minor))


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        sent = json.loads(body) if len(body) <= BODY_BYTES_MAX else None
    except (ValueError, RecursionError):  # RecursionError: a thousand brackets
        return None
    return sent if isinstance(sent, dict) else None


def _code(sent: object) -> str | None:
    if not isinstance(sent, str) or len(sent) > CODE_TYPED_MAX:
        return None
    try:
        return codes.read(sent)
    except CodeError:
        return None


def _is_amount(sent: object, *, least: int) -> bool:
    return type(sent) is int and least <= sent <= AMOUNT_MINOR_MAX


def _is_pin(sent: object) -> bool:
    """Absent, or six digits as people write them; which ones are right, only `redeem` looks."""
    if sent is None or sent == "":
        return True
    return isinstance(sent, str) and len(sent) <= PIN_TYPED_MAX and read_digits(sent) is not None
