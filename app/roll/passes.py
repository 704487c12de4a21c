"""Voting passes: what a right code opens, kept in a sealed cookie and nowhere else.

A pass holds the slots of one person's ballots and the district, and cannot be led back to the
roll without the round's key. It lasts 20 minutes from its last use.
"""

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Response, after_this_request, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy

from app import clock, keys, web
from app.errors import UserFacingError
from voting.receipts import KeyPurpose

COOKIE = "minga_pass"
LASTS = timedelta(minutes=20)
_BOUND_TO = b"minga/voting-pass/v1"
_ID_BYTES = 16


@dataclass(frozen=True)
class VotingPass:
    """The right to cast some ballots of one round. `slots`: pot -> place of the ballot."""

    round_id: uuid.UUID
    slug: str
    district: str
    slots: Mapping[uuid.UUID, bytes] = field(repr=False)
    expires_at: datetime

    @property
    def expired(self) -> bool:
        return clock.now() >= self.expires_at


class PassExpiredError(UserFacingError):
    """No pass, or one that was not used for too long; the code opens the booth again."""

    code = "pass_expired"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__(
            lazy("Your time in the booth is over. Enter your code again: what you chose is kept.")
        )


def voting_pass_required(
    view: Callable[..., ResponseReturnValue],
) -> Callable[..., ResponseReturnValue]:
    """Hand the pass for the round named in the address to a view, and renew it.

    Without one: to the page that asks for the code.
    """

    @wraps(view)
    def guarded(slug: str, **values: Any) -> ResponseReturnValue:
        known = current()
        if known is None or known.slug != slug:
            if web.wants_json():
                raise PassExpiredError
            if request.cookies.get(_cookie_name()):
                flash(str(PassExpiredError()), "important")
            return redirect(url_for("ballots.enter", slug=slug), HTTPStatus.SEE_OTHER)
        renewed = renew(known)
        after_this_request(lambda response: give(response, renewed))
        return view(renewed, **values)

    return guarded


def current() -> VotingPass | None:
    """Return the pass of this request; None if there is none, or it was not used for too long."""
    found = unseal(request.cookies.get(_cookie_name(), ""))
    return None if found is None or found.expired else found


def renew(known: VotingPass) -> VotingPass:
    return replace(known, expires_at=clock.now() + LASTS)


def give(response: Response, known: VotingPass) -> Response:
    """Put a pass into its cookie, which goes when the browser is closed."""
    response.set_cookie(
        _cookie_name(),
        seal(known),
        httponly=True,
        secure=request.is_secure,
        samesite="Lax",
        path="/",
    )
    return response


def take_back(response: Response) -> Response:
    response.delete_cookie(
        _cookie_name(), httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response


def seal(known: VotingPass) -> str:
    """Write a pass so that only this deployment can read it."""
    plain = json.dumps(
        {
            "slug": known.slug,
            "district": known.district,
            "slots": {str(pot): slot.hex() for pot, slot in known.slots.items()},
            "expires_at": int(known.expires_at.timestamp()),
        }
    ).encode()
    key = keys.round_key(known.round_id, KeyPurpose.COOKIE)
    sealed = keys.seal(key, plain, bound_to=_BOUND_TO + known.round_id.bytes)
    return base64.urlsafe_b64encode(known.round_id.bytes + sealed).decode()


def unseal(text: str) -> VotingPass | None:
    """Read what `seal` wrote; None for anything else, or when the round's key is gone."""
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii"))
        round_id = uuid.UUID(bytes=data[:_ID_BYTES])
        key = keys.round_key(round_id, KeyPurpose.COOKIE)
        plain = keys.unseal(key, data[_ID_BYTES:], bound_to=_BOUND_TO + round_id.bytes)
    except (ValueError, binascii.Error, keys.SealError, keys.KeyMissingError):
        return None
    said = json.loads(plain)
    return VotingPass(
        round_id=round_id,
        slug=said["slug"],
        district=said["district"],
        slots={uuid.UUID(pot): bytes.fromhex(slot) for pot, slot in said["slots"].items()},
        expires_at=datetime.fromtimestamp(said["expires_at"], UTC),
    )


def _cookie_name() -> str:
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE
