"""The person's own account: name, address, passkeys, where one is signed in."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app.accounts import current, passkeys, profile, queries, sessions
from app.accounts.forms import MailForm, NameForm
from app.accounts.routes.base import blueprint
from app.accounts.web_session import redirect, site, staff_must_step_up
from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.forms import MingaForm, clean_text, filled


@blueprint.get("/account", endpoint="profile")
def show() -> ResponseReturnValue:
    account_id = current.account_id()
    account, keys, open_sessions = read_tx(
        lambda tx: (
            queries.account(tx, account_id),
            queries.passkeys(tx, account_id),
            sessions.open_ones(tx, account_id),
        )
    )
    return render_template(
        "accounts/profile.html",
        account=account,
        passkeys=[(passkeys.id_as_text(key.credential_id), key) for key in keys],
        sessions=open_sessions,
        this_session=sessions.id_of(request.cookies.get(current.cookie_name(), "")),
        site=site(),
    )


@blueprint.route("/account/name", methods=["GET", "POST"])
def change_name() -> ResponseReturnValue:
    account_id = current.account_id()
    form = NameForm(data={"name": current.actor().name})
    if form.validate_on_submit():
        name = filled(form.name)
        run_tx(lambda tx: profile.rename(tx, account_id, name))
        flash(_("Your name was changed."))
        return redirect(url_for(".profile"))
    return render_template("accounts/change_name.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/e-mail", methods=["GET", "POST"])
def change_email() -> ResponseReturnValue:
    refused = staff_must_step_up()
    if refused is not None:
        return refused
    form = MailForm()
    if form.validate_on_submit():
        email = filled(form.email)
        profile.ask_new_email(current.account_id(), email)
        flash(
            _("We sent a link to %(email)s. Open it to confirm the new address.", email=email),
            "important",
        )
        return redirect(url_for(".profile"))
    return render_template("accounts/change_email.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/e-mail/<token>", methods=["GET", "POST"])
def confirm_email(token: str) -> ResponseReturnValue:
    """Show a button on GET; only the button changes the address."""
    row = read_tx(lambda tx: profile.new_email_of(tx, token))
    form = MingaForm()
    if form.validate_on_submit():
        run_tx(lambda tx: profile.confirm_new_email(tx, token))
        flash(_("Your new address is confirmed."))
        signed_in = current.actor().signed_in
        return redirect(url_for(".profile" if signed_in else ".sign_in"))
    return render_template("accounts/confirm_email.html", form=form, email=row.email)


@blueprint.post("/account/sign-out")
def sign_out() -> ResponseReturnValue:
    secret = request.cookies.get(current.cookie_name(), "")
    run_tx(lambda tx: sessions.end(tx, secret))
    return current.take_cookie(redirect("/"))


@blueprint.post("/account/sessions/end")
def end_session() -> ResponseReturnValue:
    account_id = current.account_id()
    which = clean_text(request.form.get("session", "")[:64]) or ""
    if not run_tx(lambda tx: sessions.end_one(tx, account_id, which)):
        raise NotFoundError(lazy("You are not signed in there. It may have ended already."))
    flash(_("That device was signed out."))
    return redirect(url_for(".profile"))


@blueprint.post("/account/sessions/end-all")
def end_all_sessions() -> ResponseReturnValue:
    account_id = current.account_id()
    run_tx(lambda tx: sessions.end_all(tx, account_id))
    return current.take_cookie(redirect(url_for(".sign_in")))
