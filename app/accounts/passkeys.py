"""Passkeys: two factors in one, on the person's own device. Challenges are kept and work once."""

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask_babel import lazy_gettext as lazy
from sqlalchemy import delete
from sqlmodel import Session, col
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import clock
from app.accounts import one_time, queries, sessions
from app.accounts.models import AccountRow, Channel, PasskeyRow
from app.accounts.one_time import StaleLinkError
from app.errors import InvalidError, NotFoundError

CHALLENGE_LASTS = timedelta(minutes=5)
PASSKEYS_MAX = 10
CREDENTIAL_BYTES_MAX = 1023  # WebAuthn's own limit
LABEL_LENGTH_MAX = 60
_UNREADABLE = (WebAuthnException, KeyError, TypeError, ValueError)
"""What verifying raises; errors of the formats in a forged answer come through as they are."""


@dataclass(frozen=True)
class Site:
    """Which site the passkey is for: it works nowhere else, so it cannot be phished."""

    name: str
    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def takes_passkeys(self) -> bool:
        """Browsers know passkeys only under a name, and only over TLS or on the same machine."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.origin.startswith("https://") or self.host == "localhost"
        return False


class PasskeyError(InvalidError):
    code = "passkey"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This passkey could not be used. Reload the page and try again, or sign in "
                "in another way."
            )
        )


def registration_options(session: Session, account_id: uuid.UUID, site: Site) -> dict[str, Any]:
    """Return what the browser needs to make a passkey. Raises InvalidError above ten."""
    account = session.get_one(AccountRow, account_id)
    known = queries.passkeys(session, account_id)
    if len(known) >= PASSKEYS_MAX:
        raise InvalidError(
            lazy("You have ten passkeys, which is the most. Remove one that you no longer use.")
        )
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=account_id.bytes,
        user_name=account.email or account.name,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in known],
    )
    _keep_challenge(session, options.challenge, account_id)
    return _as_json(options)


def register(
    session: Session, account_id: uuid.UUID, credential: dict[str, Any], label: str, site: Site
) -> None:
    """Keep a new passkey. Raises PasskeyError when the browser's answer does not hold."""
    challenge, challenged = _use_challenge(session, credential)
    if challenged != account_id:
        raise PasskeyError
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _UNREADABLE:
        raise PasskeyError from None
    if session.get(PasskeyRow, verified.credential_id) is not None:
        raise PasskeyError
    session.add(
        PasskeyRow(
            credential_id=verified.credential_id,
            account_id=account_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            label=label[:LABEL_LENGTH_MAX],
            created_at=clock.now(),
        )
    )


def sign_in_options(session: Session, site: Site) -> dict[str, Any]:
    """Return a challenge for any passkey of this site: the browser shows whose there are."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    _keep_challenge(session, options.challenge, None)
    return _as_json(options)


def sign_in(
    session: Session,
    credential: dict[str, Any],
    site: Site,
    *,
    signed_in_as: uuid.UUID | None,
    secret: str | None,
) -> str:
    """Let the holder of a passkey in; returns the session's secret.

    Whoever is signed in already shows a second factor anew, with a passkey of the same account.
    """
    challenge, challenged = _use_challenge(session, credential)
    key = session.get(PasskeyRow, _credential_id(credential))
    if key is None or challenged is not None:
        raise PasskeyError
    _verify(session, key, credential, challenge, site)
    account = session.get_one(AccountRow, key.account_id)
    if account.disabled_at is not None or signed_in_as not in (None, account.id):
        raise PasskeyError
    if signed_in_as is not None and secret is not None:
        return sessions.step_up(session, secret)
    return sessions.start(session, account.id, level="full")


def remove(session: Session, account_id: uuid.UUID, credential_id: bytes) -> None:
    """Forget a passkey of this account; another's is "not found"."""
    done = session.exec(
        delete(PasskeyRow).where(
            col(PasskeyRow.credential_id) == credential_id,
            col(PasskeyRow.account_id) == account_id,
        )
    )
    if done.rowcount != 1:
        raise NotFoundError(lazy("You have no such passkey. It may have been removed already."))


def id_from_text(text: str) -> bytes:
    """Read a credential id from a form or a path; raises NotFoundError."""
    try:
        return base64url_to_bytes(text[: 2 * CREDENTIAL_BYTES_MAX])
    except ValueError:
        raise NotFoundError(lazy("You have no such passkey.")) from None


def id_as_text(credential_id: bytes) -> str:
    return bytes_to_base64url(credential_id)


def _verify(
    session: Session, key: PasskeyRow, credential: dict[str, Any], challenge: bytes, site: Site
) -> None:
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE:
        raise PasskeyError from None
    key.sign_count = verified.new_sign_count
    session.add(key)


def _keep_challenge(session: Session, challenge: bytes, account_id: uuid.UUID | None) -> None:
    token = bytes_to_base64url(challenge)
    one_time.add(session, token, Channel.PASSKEY, lasts=CHALLENGE_LASTS, account_id=account_id)


def _use_challenge(session: Session, credential: dict[str, Any]) -> tuple[bytes, uuid.UUID | None]:
    """Find the challenge that the browser says it signed among ours, and use it up."""
    try:
        client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        token = str(client_data["challenge"])
        row = one_time.use(session, token, Channel.PASSKEY)
        return base64url_to_bytes(token), row.account_id
    except (KeyError, TypeError, ValueError, RecursionError, StaleLinkError):
        raise PasskeyError from None


def _credential_id(credential: dict[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(str(credential["rawId"]))
    except (KeyError, ValueError):
        raise PasskeyError from None


def _as_json(options: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(options_to_json(options))
    return made
