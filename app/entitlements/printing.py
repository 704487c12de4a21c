"""Printed vouchers, alike for all, and slips with PINs: set by Typst, tagged for screen readers."""

import json
from collections.abc import Sequence

import typst
from flask_babel import gettext as _

from app import web
from app.entitlements.queries import Made
from app.paths import resource_folder
from app.vouchers import keys, qr
from app.vouchers.rules import Carrier


def vouchers(made: Sequence[Made], *, town_name: str) -> bytes:
    """Set the printed vouchers of a batch: no name, no value, no category stands on them."""
    base_url = web.settings().base_url
    cards = []
    for one in _on_paper(made):
        sealed = one.voucher.code_sealed
        code = keys.unseal(sealed, voucher_id=one.voucher.id).decode()
        picture = qr.svg(base_url, code)
        cards.append({"serial": one.voucher.serial, "code": code, "qr": picture})
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


def slips(made: Sequence[Made], *, town_name: str) -> bytes:
    """Set the slips with PINs, which go apart from the vouchers."""
    cards = []
    for one in _on_paper(made):
        sealed = one.entitlement.pin_sealed
        if sealed is not None:
            pin = keys.unseal(sealed, voucher_id=one.voucher.id).decode()
            cards.append({"serial": one.voucher.serial, "code": pin})
    return _set(
        {
            "kind": "slips",
            "title": _("PIN of your care voucher"),
            "town": town_name,
            "cards": cards,
            "lines": [_("Learn it and throw this away. Tell it only while you pay.")],
        }
    )


def _on_paper(made: Sequence[Made]) -> list[Made]:
    return [one for one in made if one.voucher.carrier == Carrier.PAPER]


def _set(data: dict[str, object]) -> bytes:
    source = resource_folder("templates") / "entitlements" / "cards.typ"
    return bytes(typst.compile(source, sys_inputs={"data": json.dumps({"lang": "en"} | data)}))
