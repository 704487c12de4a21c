"""Residents sign in: by e-mail, or with a code on paper."""

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import letters, rules, sign_in
from app.accounts.forms import DigitsForm, LetterForm, MailForm, NameForm, PaperCodeForm
from app.accounts.one_time import StaleLinkError
from app.accounts.routes.base import blueprint
from app.accounts.web_session import enter, network, next_path, redirect, remember_next, site
from app.db import read_tx, run_tx
from app.errors import InvalidError
from app.forms import filled

EMAIL = "sign_in_email"


@blueprint.route("/account/sign-in", methods=["GET", "POST"], endpoint="sign_in")
def ask() -> ResponseReturnValue:
    remember_next()
    wanted = rules.same_site_path(session.get("next"))
    if wanted and wanted.startswith("/staff"):
        return redirect(url_for(".staff_sign_in", next=wanted))
    form = MailForm()
    if form.validate_on_submit():
        email = filled(form.email)
        sign_in.ask_by_mail(email, network=network())
        session[EMAIL] = email
        return redirect(url_for(".type_digits"))
    status = 422 if form.errors else 200
    page = render_template("accounts/sign_in.html", form=form, site=site(), next=next_path())
    return page, status


@blueprint.route("/account/sign-in/code", methods=["GET", "POST"])
def type_digits() -> ResponseReturnValue:
    email = session.get(EMAIL)
    if not email:
        return redirect(url_for(".sign_in"))
    form = DigitsForm()
    if form.validate_on_submit():
        typed = filled(form.code)
        welcome = run_tx(lambda tx: sign_in.use_digits(tx, email, typed))
        if welcome is not None and welcome.secret is not None:
            return enter(welcome.secret, next_path())
        if welcome is not None:
            return redirect(url_for(".use_link", token=welcome.token))
        form.refuse(
            _(
                "This code is not right or no longer valid. After five tries it is locked: "
                "use the link in the mail, or ask for a new one."
            ),
            field="code",
        )
    status = 422 if form.errors else 200
    return render_template("accounts/type_digits.html", form=form, email=email), status


@blueprint.route("/account/link/<token>", methods=["GET", "POST"])
def use_link(token: str) -> ResponseReturnValue:
    """Show a button on GET, since mail scanners open links; only the button uses the link up."""
    row, account = read_tx(lambda tx: sign_in.link_of(tx, token))
    form = NameForm()
    if account is not None:
        del form.name
    if form.validate_on_submit():
        name = "" if account is not None else filled(form.name)
        secret = run_tx(lambda tx: sign_in.use_link(tx, token, name=name))
        return enter(secret, next_path())
    status = 422 if form.errors else 200
    page = render_template("accounts/use_link.html", form=form, email=row.email, account=account)
    return page, status


@blueprint.route("/account/code", methods=["GET", "POST"])
def type_paper_code() -> ResponseReturnValue:
    remember_next()
    form = PaperCodeForm()
    if form.validate_on_submit():
        try:
            secret = sign_in.use_paper_code(filled(form.code), network=network())
        except (InvalidError, StaleLinkError) as error:
            form.refuse(error, field="code")
        else:
            answer = enter(secret, next_path())
            flash(
                _(
                    "You are signed in. The code is used up: add an e-mail address or a passkey "
                    "to your account, so that you can come back."
                )
            )
            return answer
    return render_template("accounts/type_paper_code.html", form=form), 422 if form.errors else 200


@blueprint.route("/account/letter", methods=["GET", "POST"])
def ask_letter() -> ResponseReturnValue:
    form = LetterForm()
    if form.validate_on_submit():
        letters.request(filled(form.name), filled(form.address), network=network())
        return redirect(url_for(".letter_asked"))
    return render_template("accounts/ask_letter.html", form=form), 422 if form.errors else 200


@blueprint.get("/account/letter/asked")
def letter_asked() -> ResponseReturnValue:
    return render_template("accounts/letter_asked.html")


@blueprint.errorhandler(StaleLinkError)
def show_stale_link(error: StaleLinkError) -> ResponseReturnValue:
    return render_template("accounts/stale_link.html", sentence=str(error)), error.status
