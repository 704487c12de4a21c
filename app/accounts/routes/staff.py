"""Staff: set-up by a one-time link, sign-in, and the second factor shown anew."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import current, set_up, staff_sign_in, totp
from app.accounts.forms import SetUpForm, StaffForm, StepUpForm
from app.accounts.models import AccountRow
from app.accounts.routes.base import blueprint
from app.accounts.set_up import Choice, EmailTakenError, WrongTimeCodeError
from app.accounts.web_session import enter, network, next_path, redirect, site
from app.db import read_tx
from app.errors import InvalidError
from app.forms import filled

STAFF_HOME = "admin.dashboard"


@blueprint.route("/account/staff", methods=["GET", "POST"], endpoint="staff_sign_in")
def sign_in() -> ResponseReturnValue:
    form = StaffForm()
    target = next_path(STAFF_HOME)
    if form.validate_on_submit():
        try:
            secret = staff_sign_in.sign_in(
                filled(form.email), filled(form.password), filled(form.code), network=network()
            )
        except InvalidError as error:
            form.refuse(error)
        else:
            return enter(secret, target)
    status = 422 if form.errors else 200
    page = render_template("accounts/staff_sign_in.html", form=form, site=site(), next=target)
    return page, status


@blueprint.route("/account/step-up", methods=["GET", "POST"])
def step_up() -> ResponseReturnValue:
    actor = current.actor()
    target = next_path(STAFF_HOME)
    if actor.roles and actor.level != "full":
        return redirect(url_for(".staff_sign_in", next=target))
    form = StepUpForm()
    if form.validate_on_submit() and actor.account_id is not None:
        secret = request.cookies[current.cookie_name()]
        try:
            renewed = staff_sign_in.step_up(actor.account_id, secret, filled(form.code))
        except InvalidError as error:
            form.refuse(error, field="code")
        else:
            return current.give_cookie(redirect(target), renewed)
    status = 422 if form.errors else 200
    page = render_template("accounts/step_up.html", form=form, site=site(), next=target)
    return page, status


@blueprint.route("/account/set-up/<token>", methods=["GET", "POST"], endpoint="set_up")
def choose(token: str) -> ResponseReturnValue:
    account = read_tx(lambda tx: set_up.person_of(tx, token))
    form = SetUpForm()
    if account.email is not None:
        del form.email
    if form.validate_on_submit() and _has_email(form, account):
        choice = Choice(
            email=str(form.email.data) if "email" in form else "",
            password=filled(form.password),
            code=filled(form.code),
        )
        try:
            secret = set_up.complete(token, choice, network=network())
        except InvalidError as error:
            form.refuse(error, field=_field_of(error))
        else:
            return enter(secret, url_for(STAFF_HOME))
    return _show_set_up(form, account, token), 422 if form.errors else 200


def _has_email(form: SetUpForm, account: AccountRow) -> bool:
    if account.email is None and not form.email.data:
        form.refuse(set_up.EmailMissingError(), field="email")
        return False
    return True


def _field_of(error: InvalidError) -> str:
    if isinstance(error, WrongTimeCodeError):
        return "code"
    return "email" if isinstance(error, EmailTakenError) else "password"


def _show_set_up(form: SetUpForm, account: AccountRow, token: str) -> str:
    secret = totp.secret_for(token)
    town = g.town.name if g.town else ""
    return render_template(
        "accounts/set_up.html",
        form=form,
        account=account,
        qr_code=totp.qr_code(
            secret, account=account.email or account.name, issuer=f"Minga {town}".strip()
        ),
        secret_text=totp.as_text(secret),
    )
