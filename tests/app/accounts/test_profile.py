"""A person's own account: name, address, passkeys, sessions."""

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

import factories
import pytest
from browsing import Browser
from factories_accounts import make_staff
from flask import Flask
from postbox import Mailbox
from webauthn.helpers import bytes_to_base64url

from app.accounts import passkeys, sessions
from app.accounts.models import AccountRow, PasskeyRow
from app.accounts.passkeys import Site
from app.db import read_tx, run_tx

Browse = Callable[..., Browser]
ANA = "ana@valdeagua.example"
NEW = "ana.ruiz@valdeagua.example"


@pytest.fixture
def ana(app: Flask) -> AccountRow:
    return factories.make_account(name="Ana", email=ANA)


def _stored(account: AccountRow) -> AccountRow:
    return read_tx(lambda session: session.get_one(AccountRow, account.id))


def forged_passkey(challenge: str, public_key: bytes) -> dict[str, object]:
    """What a browser answers for a new passkey, with any bytes in place of its public key."""
    client_data = {"type": "webauthn.create", "challenge": challenge, "origin": "http://localhost"}
    flags_and_counter = b"\x45" + bytes(4)
    credential_id = b"\x00\x10" + b"i" * 16
    data = sha256(b"localhost").digest() + flags_and_counter + bytes(16) + credential_id
    data += public_key
    attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
    return {
        "id": bytes_to_base64url(b"i" * 16),
        "rawId": bytes_to_base64url(b"i" * 16),
        "type": "public-key",
        "response": {
            "clientDataJSON": bytes_to_base64url(json.dumps(client_data).encode()),
            "attestationObject": bytes_to_base64url(attestation),
        },
    }


def _add_passkey(account: AccountRow, credential_id: bytes, noon: datetime) -> str:
    row = PasskeyRow(
        credential_id=credential_id,
        account_id=account.id,
        public_key=b"p",
        label="Phone",
        created_at=noon,
    )
    run_tx(lambda session: session.add(row))
    return passkeys.id_as_text(credential_id)


def test_a_name_can_be_changed(browser: Browse, ana: AccountRow) -> None:
    browser(ana, level="link").send("/account/name", {"name": "Ana Ruiz"})

    assert _stored(ana).name == "Ana Ruiz"


def test_a_name_is_text_and_never_markup(browser: Browse, ana: AccountRow) -> None:
    name = "<script>alert(1)</script>"

    page = browser(ana, level="link").send("/account/name", {"name": name})

    assert name in page.select_one(".minga-header").text
    assert not page.find("script", string="alert(1)")


def test_a_new_address_counts_once_its_link_is_used(
    browser: Browse, ana: AccountRow, mailbox: Mailbox
) -> None:
    someone = browser(ana, level="link")
    someone.send("/account/e-mail", {"email": NEW})
    assert _stored(ana).email == ANA
    link = mailbox.link(NEW)
    browser().open(link)
    assert _stored(ana).email == ANA

    someone.send(link)

    assert _stored(ana).email == NEW
    assert "was changed" in mailbox.text(ANA)
    someone.open(link, status=409)


def test_an_address_of_somebody_else_is_not_taken_nor_betrayed(
    browser: Browse, ana: AccountRow, mailbox: Mailbox
) -> None:
    factories.make_account(email="eva@valdeagua.example")
    someone = browser(ana, level="link")

    page = someone.send("/account/e-mail", {"email": "eva@valdeagua.example"})

    assert "We sent a link" in page.main.text
    assert "already belongs to an account" in mailbox.text("eva@valdeagua.example")
    assert _stored(ana).email == ANA


def test_an_address_taken_in_the_meantime_is_refused(
    browser: Browse, ana: AccountRow, mailbox: Mailbox
) -> None:
    someone = browser(ana, level="link")
    someone.send("/account/e-mail", {"email": NEW})
    factories.make_account(email=NEW)

    page = someone.send(mailbox.link(NEW), status=409)

    assert "belongs to another account by now" in page.main.text
    assert _stored(ana).email == ANA


def test_staff_show_their_second_factor_before_changing_the_address(
    browser: Browse, app: Flask, noon: datetime, at: Callable[[datetime], None], days: object
) -> None:
    with app.app_context():
        mara = make_staff("clerk")
    someone = browser(mara)
    assert "Change your e-mail" in someone.open("/account/e-mail").h1.text

    at(noon.replace(minute=10))

    assert "Show that it is you" in someone.open("/account/e-mail").h1.text


def test_signing_out_ends_the_session_for_good(browser: Browse, ana: AccountRow) -> None:
    someone = browser(ana, level="link")
    secret = someone.client.get_cookie("minga_session").value

    someone.send("/account", form="form[action='/account/sign-out']")
    someone.client.set_cookie("minga_session", secret)

    assert "Sign in" in someone.open("/account").h1.text


def test_one_can_sign_out_everywhere(browser: Browse, ana: AccountRow) -> None:
    phone, computer = browser(ana, level="link"), browser(ana, level="link")

    phone.send("/account", button="Sign out everywhere")

    assert "Sign in" in computer.open("/account").h1.text


def test_one_can_sign_another_device_out(browser: Browse, ana: AccountRow) -> None:
    phone, computer = browser(ana, level="link"), browser(ana, level="link")

    page = phone.send("/account", button="Sign out there")

    assert "Your account" in page.h1.text
    assert "Sign in" in computer.open("/account").h1.text


def test_the_session_of_another_person_is_not_found(browser: Browse, ana: AccountRow) -> None:
    neighbour = browser(factories.make_account(), level="link")
    secret = neighbour.client.get_cookie("minga_session").value
    someone, _other = browser(ana, level="link"), browser(ana, level="link")

    someone.send(
        "/account", {"session": sessions.id_of(secret)}, button="Sign out there", status=404
    )

    assert "Your account" in neighbour.open("/account").h1.text


def test_a_session_that_cannot_be_is_not_found(browser: Browse, ana: AccountRow) -> None:
    someone = browser(ana, level="link")

    someone.send("/account", {"session": "a\0b"}, to="/account/sessions/end", status=404)


def test_a_passkey_can_be_removed_by_its_owner_only(
    browser: Browse, ana: AccountRow, noon: datetime
) -> None:
    neighbour = factories.make_account()
    own, foreign = _add_passkey(ana, b"own", noon), _add_passkey(neighbour, b"foreign", noon)
    someone = browser(ana, level="link")
    someone.send("/account", {"passkey": foreign}, button="Remove Phone", status=404)
    someone.send("/account", {"passkey": "#"}, button="Remove Phone", status=404)

    someone.send("/account", {"passkey": own}, button="Remove Phone")

    assert read_tx(lambda session: session.get(PasskeyRow, b"own")) is None
    assert read_tx(lambda session: session.get(PasskeyRow, b"foreign")) is not None


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"credential": 1},
        {"credential": {}},
        {"credential": {"response": {"clientDataJSON": "e30"}}},
        {"credential": {"response": {"clientDataJSON": "%%%"}}},
    ],
)
@pytest.mark.parametrize("path", ["/account/passkey", "/account/passkeys"])
def test_what_is_no_passkey_is_refused_in_a_sentence(
    browser: Browse, ana: AccountRow, path: str, body: object
) -> None:
    someone = browser(ana, level="link")
    token = someone.open("/account").select_one("[name=csrf_token]")["value"]

    answer = someone.client.post(
        path, json=body, headers={"X-CSRFToken": token, "Accept": "application/json"}
    )

    assert answer.status_code == 422
    assert "could not be used" in answer.json["message"]


@pytest.mark.parametrize("public_key", [b"\x01", b"\xa0", b"\xa3\x01\x02\x03\x26\x20\x01"])
def test_a_passkey_with_a_forged_key_is_refused_in_a_sentence(
    browser: Browse, ana: AccountRow, public_key: bytes
) -> None:
    someone = browser(ana, level="link")
    token = someone.open("/account").select_one("[name=csrf_token]")["value"]
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    options = someone.client.post("/account/passkeys/options", headers=headers).json

    credential = forged_passkey(str(options["challenge"]), public_key)
    answer = someone.client.post(
        "/account/passkeys", json={"credential": credential}, headers=headers
    )

    assert answer.status_code == 422
    assert "could not be used" in answer.json["message"]


@pytest.mark.parametrize("path", ["/account/passkey", "/account/passkeys"])
def test_json_nested_without_end_is_refused_in_a_sentence(
    browser: Browse, ana: AccountRow, path: str
) -> None:
    someone = browser(ana, level="link")
    token = someone.open("/account").select_one("[name=csrf_token]")["value"]
    headers = {"X-CSRFToken": token, "Accept": "application/json"}
    deep = b"[" * 100_000

    bare = someone.client.post(path, data=deep, content_type="application/json", headers=headers)
    response = {"clientDataJSON": bytes_to_base64url(deep)}
    inside = someone.client.post(
        path, json={"credential": {"rawId": "eA", "response": response}}, headers=headers
    )

    assert [bare.status_code, inside.status_code] == [422, 422]


@pytest.mark.parametrize(
    ("origin", "takes"),
    [
        ("https://minga.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://minga.example", False),
        ("https://[2001:db8::1]", False),
    ],
)
def test_passkeys_are_offered_only_where_browsers_take_them(origin: str, takes: bool) -> None:
    assert Site("Minga", origin).takes_passkeys is takes
