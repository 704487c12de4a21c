"""What the passkey script talks to: options, then the browser's answer. JSON, with CSRF token."""

from typing import Any

from flask import flash, jsonify, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current, passkeys, queries, throttle
from app.accounts.passkeys import PasskeyError
from app.accounts.routes.base import blueprint
from app.accounts.web_session import network, next_path, redirect, site, staff_must_step_up
from app.db import run_tx

CHALLENGES_PER_NETWORK = 200
QUARTER_SECONDS = 900


@blueprint.post("/account/passkey/options")
def passkey_sign_in_options() -> ResponseReturnValue:
    _throttle()
    return jsonify(run_tx(lambda tx: passkeys.sign_in_options(tx, site())))


@blueprint.post("/account/passkey")
def passkey_sign_in() -> ResponseReturnValue:
    _throttle()
    credential, actor = _credential(), current.actor()
    old = request.cookies.get(current.cookie_name())
    target = next_path()
    secret = run_tx(
        lambda tx: passkeys.sign_in(
            tx, credential, site(), signed_in_as=actor.account_id, secret=old
        )
    )
    session.clear()
    return current.give_cookie(jsonify(url=target), secret)


@blueprint.post("/account/passkeys/options")
def passkey_options() -> ResponseReturnValue:
    _throttle()
    if staff_must_step_up() is not None:
        raise PasskeyError
    account_id = current.account_id()
    return jsonify(run_tx(lambda tx: passkeys.registration_options(tx, account_id, site())))


@blueprint.post("/account/passkeys")
def add_passkey() -> ResponseReturnValue:
    if staff_must_step_up() is not None:
        raise PasskeyError
    credential, account_id = _credential(), current.account_id()

    def register(tx: Session) -> None:
        number = len(queries.passkeys(tx, account_id)) + 1
        label = _("Passkey %(number)d", number=number)
        passkeys.register(tx, account_id, credential, label, site())

    run_tx(register)
    flash(_("The passkey was added. You can sign in with it from now on."))
    return jsonify(url=url_for(".profile"))


@blueprint.post("/account/passkeys/remove")
def remove_passkey() -> ResponseReturnValue:
    refused = staff_must_step_up()
    if refused is not None:
        return refused
    account_id = current.account_id()
    credential_id = passkeys.id_from_text(request.form.get("passkey", ""))
    run_tx(lambda tx: passkeys.remove(tx, account_id, credential_id))
    flash(_("The passkey was removed. Remove it from your device too."))
    return redirect(url_for(".profile"))


def _credential() -> dict[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested without end
        raise PasskeyError from None
    credential = body.get("credential") if isinstance(body, dict) else None
    if not isinstance(credential, dict):
        raise PasskeyError
    return credential


def _throttle() -> None:
    throttle.spend(
        f"passkey:{network()}", limit=CHALLENGES_PER_NETWORK, window_seconds=QUARTER_SECONDS
    )
