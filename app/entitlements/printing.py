"""Printed vouchers, alike for all, and slips with PINs: set by Typst, tagged for screen readers."""

import json
from collections.abc import Iterable

import typst
from flask_babel import gettext as _

from app import web
from app.paths import resource_folder
from app.vouchers import keys, qr
from app.vouchers.models import VoucherRow
from app.vouchers.rules import Carrier


def vouchers(rows: Iterable[VoucherRow], *, town_name: str) -> bytes:
    """Set those of the vouchers that are on paper: no name, value or category stands on them."""
    base_url = web.settings().base_url
    cards = []
    for one in rows:
        if one.carrier == Carrier.PAPER:
            code = keys.unseal(one.code_sealed, voucher_id=one.id).decode()
            cards.append({"serial": one.serial, "code": code, "qr": qr.svg(base_url, code)})
    return _set(
        {
            "kind": "vouchers",
            "title": _("Care voucher"),
            "town": town_name,
            "cards": cards,
            "lines": [
                _("Show this to a provider of your choice, with your PIN when asked."),
                _("Lost? Tell the town hall this serial. The paper is then worth nothing."),
            ],
            "alt": _("QR code with the code of this voucher"),
        }
    )


def slips(sealed: Iterable[tuple[VoucherRow, bytes | None]], *, town_name: str) -> bytes:
    """Set the slips with PINs, which go apart from the vouchers; None: it was printed before."""
    cards = []
    for one, pin in sealed:
        if pin is not None:
            opened = keys.unseal(pin, voucher_id=one.id).decode()
            cards.append({"serial": one.serial, "code": opened})
    return _set(
        {
            "kind": "slips",
            "title": _("PIN of your care voucher"),
            "town": town_name,
            "cards": cards,
            "lines": [_("Learn it and throw this away. Tell it only while you pay.")],
        }
    )


def _set(data: dict[str, object]) -> bytes:
    source = resource_folder("templates") / "entitlements" / "cards.typ"
    return bytes(typst.compile(source, sys_inputs={"data": json.dumps({"lang": "en"} | data)}))
